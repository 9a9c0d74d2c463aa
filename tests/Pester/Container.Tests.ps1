Describe 'Containers' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -Label @{ vendor = 'us' } -ErrorAction Stop)
    }

    AfterEach { Get-Container | Remove-Container -Force }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
    }

    It 'makes a container as it is told' {
        $container = New-Container c1 -Image busybox -Command sleep, 5 -Environment @{ A = 'b' } -WorkingDirectory /tmp -User web -Label @{ app = 'x' } -Hostname box -Memory 64m -Cpu 0.5 -PidsLimit 50 -ReadOnly -Mount '/etc:/srv:ro'
        $container.Status | Should -Be 'NoTask'
        $container.Image | Should -Be 'docker.io/library/busybox:latest'
        $container.Labels['app'] | Should -Be 'x'
        $container.Labels['vendor'] | Should -Be 'us'
        $spec = Get-ContainerSpec c1
        ($spec.Process.Args -join ' ') | Should -Be 'sleep 5'
        $spec.Process.Env | Should -Contain 'A=b'
        $spec.Process.Cwd | Should -Be '/tmp'
        $spec.Process.User.Uid | Should -Be 101
        $spec.Process.User.Gid | Should -Be 102
        $spec.Hostname | Should -Be 'box'
        $spec.Linux.Resources.Memory.Limit | Should -Be 67108864
        $spec.Linux.Resources.Cpu.Quota | Should -Be 50000
        $spec.Linux.Resources.Pids.Limit | Should -Be 50
        $spec.Root.Readonly | Should -BeTrue
        ($spec.Mounts | Where-Object Destination -EQ '/srv').Source | Should -Be '/etc'
        (Get-ContainerSpec c1 -AsJson | ConvertFrom-Json).hostname | Should -Be 'box'
    }

    It 'has a script block change the spec' {
        [void] (New-Container c1 -Image busybox -Spec { $_.Hostname = 'scripted'; $_.Process.Args = 'true' })
        (Get-ContainerSpec c1).Hostname | Should -Be 'scripted'
    }

    It 'runs the script block as part of the pipeline it is in' {
        $threads = [Collections.Generic.List[int]]::new()
        'c1', 'c2', 'c3' | New-Container -Image busybox -Spec {
            $threads.Add([Environment]::CurrentManagedThreadId)
            $_.Hostname = 'a', 'b' | ForEach-Object { "$_$_" } | Select-Object -Last 1
        } | ForEach-Object { $_.Spec.Hostname } | Should -Be 'bb', 'bb', 'bb'
        $threads | Select-Object -Unique | Should -Be ([Environment]::CurrentManagedThreadId)
    }

    It 'refuses a malformed spec, and takes the lines of a file' {
        { New-Container c1 -Image busybox -Spec "{`n  `"hostname`": 5`n}" -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidSpec*' -ExpectedMessage '*line 2*'
        Get-Container | Should -BeNullOrEmpty
        [void] (New-Container c1 -Image busybox -Hostname lines)
        (New-Container c2 -Image busybox -Spec ((Get-ContainerSpec c1).ToJson() -split "`n")).Spec.Hostname | Should -Be 'lines'
    }

    It 'leaves nothing when the script block throws' {
        { New-Container c1 -Image busybox -Spec { throw 'no' } -ErrorAction Stop } | Should -Throw -ErrorId 'SpecScriptFailed*'
        Get-Container | Should -BeNullOrEmpty
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    It 'gives a copied spec a cgroup of its own, so that removing the copy leaves the other alone' {
        [void] (New-Container c1 -Image busybox -Command sleep, 100 | Start-ContainerTask)
        $spec = Get-ContainerSpec c1
        $copy = New-Container c2 -Image busybox -Spec $spec
        $copy.Spec.Linux.CgroupsPath | Should -Be "/$($daemon.Namespace)/c2"
        $spec.Linux.CgroupsPath | Should -Be "/$($daemon.Namespace)/c1"
        Start-ContainerTask c2
        Remove-Container c2 -Force
        (Get-Container c1).Status | Should -Be 'Running'
        $spec.Linux.CgroupsPath = '/chosen/by-somebody'
        (New-Container c2 -Image busybox -Spec $spec).Spec.Linux.CgroupsPath | Should -Be '/chosen/by-somebody'
        Remove-Container c1 -Force
    }

    It 'refuses a whole spec beside what it says already' {
        [void] (New-Container c1 -Image busybox -Command echo, hi)
        { New-Container c2 -Image busybox -Spec (Get-ContainerSpec c1) -Memory 32m -Command true -ErrorAction Stop } |
            Should -Throw -ErrorId 'SpecAndParameters*' -ExpectedMessage '*-Command, -Memory*'
        (Get-Container).Id | Should -Be 'c1'
    }

    It 'keeps the stop signal of the image where other clients look for it' {
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name quit -Command true -StopSignal SIGQUIT)
        (New-Container c1 -Image quit).Labels['io.containerd.image.config.stop-signal'] | Should -Be 'SIGQUIT'
    }

    It 'takes a spec as it is' {
        [void] (New-Container c1 -Image busybox -Command echo, hi)
        $copy = New-Container c2 -Image busybox -Spec (Get-ContainerSpec c1)
        ($copy.Spec.Process.Args -join ' ') | Should -Be 'echo hi'
    }

    It 'refuses the id <id>' -ForEach @(@{ id = '-a' }, @{ id = 'a b' }, @{ id = 'a..b' }, @{ id = 'web*' }, @{ id = 'x' * 77 }) {
        { New-Container $id -Image busybox -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidId*'
    }

    It 'refuses what exists, and an image that is not there' {
        [void] (New-Container c1 -Image busybox)
        { New-Container c1 -Image busybox -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerAlreadyExists*'
        @(Get-Container c1).Count | Should -Be 1
        $e = { New-Container c2 -Image nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound*' -PassThru
        $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        { New-Container c3 -ErrorAction Stop } | Should -Throw -ErrorId 'ImageRequired*'
        { New-Container c4 -Image busybox -User nobodyhere -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidUser,*'
        @(Get-Container).Count | Should -Be 1
    }

    It 'names the namespace that has it' {
        $e = { New-Container c1 -Image busybox -Namespace elsewhere -ErrorAction Stop } | Should -Throw -PassThru
        $e.Exception.Message | Should -BeLike "*Namespace '$($daemon.Namespace)' has one*"
    }

    It 'finds by id, wildcard, label, image, status and filter, in every namespace' {
        'a1', 'a2', 'b1' | New-Container -Image busybox -Label @{ app = 'x' } | Out-Null
        [void] (Set-ContainerLabel b1 @{ app = 'y' })
        (Get-Container a*).Id -join ' ' | Should -Be 'a1 a2'
        (Get-Container -Label app=x).Id -join ' ' | Should -Be 'a1 a2'
        (Get-Container -Label app).Id -join ' ' | Should -Be 'a1 a2 b1'
        @(Get-Container -Image busybox).Count | Should -Be 3
        @(Get-Container -Image other).Count | Should -Be 0
        @(Get-Container -Status NoTask).Count | Should -Be 3
        @(Get-Container -Status Running).Count | Should -Be 0
        (Get-Container -Filter 'id==b1').Id | Should -Be 'b1'
        @(Get-Container -Namespace '*').Count | Should -Be 3
        ('b1', 'a1' | Get-Container).Id -join ' ' | Should -Be 'b1 a1'
        { Get-Container a1, zz -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound*'
        (Get-Container a1 | Get-Container).Id | Should -Be 'a1'
    }

    It 'takes an image from the pipeline' {
        $image = Get-ContainerImage busybox
        ($image | New-Container c1, c2 -Command true).Id -join ' ' | Should -Be 'c1 c2'
        ('busybox' | New-Container c3).Image | Should -Be 'docker.io/library/busybox:latest'
        ('c4', 'c5' | New-Container -Spec (Get-ContainerSpec c1)).Id -join ' ' | Should -Be 'c4 c5'
        $e = { $image | New-Container -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidId,*' -PassThru
        $e.Exception.Message | Should -BeLike "*'docker.io/library/busybox:latest' cannot be the name of a container*"
    }

    It 'refuses a spec that could never be run' {
        foreach ($spec in '{}', '{"process":{"args":["a"]}}', { $_.Process = $null }, { $_.Process.Args.Clear() }, { $_.Process.Cwd = '' }, { $_.Root = $null }) {
            $e = { New-Container c1 -Image busybox -Spec $spec -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidSpec,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'c1' has no *never be run*nothing was made*"
            $e.TargetObject | Should -Be 'c1'
        }

        # Other runtimes may take it.
        (New-Container c1 -Spec '{}' -Runtime example.runtime.v1).Id | Should -Be 'c1'
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    It 'refuses what a script block writes that is no spec, and passes over what lists answer' {
        foreach ($spec in { 'junk' }, { @{ hostname = 'x' } }, { $_.ToJson() }) {
            $e = { New-Container c1 -Image busybox -Spec $spec -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidSpec,*' -PassThru
            $e.Exception.Message | Should -BeLike '*no spec, and nothing was made*'
        }

        [void] (New-Container c1 -Image busybox -Spec { $_.Mounts.Remove($_.Mounts[-1]); $_.Hostname = 'kept' } -ErrorAction Stop)
        (Get-ContainerSpec c1).Hostname | Should -Be 'kept'
    }

    It 'is not removed over a task that has ended, and says so' {
        [void] (New-Container ended -Image busybox -Command true | Start-ContainerTask -PassThru | Wait-ContainerTask)
        $e = { Remove-Container ended -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerHasTask,*' -PassThru
        $e.Exception.Message | Should -BeLike '*has ended*Remove-ContainerTask*-Force*'
        $e.Exception.Message | Should -Not -BeLike '*running*'
        (Remove-ContainerTask ended -PassThru).ExitCode | Should -Be 0
        Remove-Container ended
    }

    It 'names the command that removes what is in the way' {
        [void] (New-Container c1 -Image busybox)
        { New-Container c1 -Image busybox -ErrorAction Stop } | Should -Throw -ExpectedMessage '*with Remove-Container.*'
        Remove-Container c1 -KeepSnapshot
        { New-Container c1 -Image busybox -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotAlreadyExists,*' -ExpectedMessage '*with Remove-ContainerSnapshot.*'
        & ctr --address $daemon.Address --namespace $daemon.Namespace snapshots rm c1
    }

    It 'reads a piped container again where it came from, or where that is asked for' {
        $here = New-Container again -Image busybox -Label @{ at = 'here' }
        [void] (New-Container again -Namespace elsewhere -Spec (Get-ContainerSpec again) -Label @{ at = 'there' })
        ($here | Get-Container).Namespace | Should -Be $daemon.Namespace
        ($here | Get-Container -Namespace elsewhere).Labels['at'] | Should -Be 'there'
        @($here | Get-Container -Namespace '*').Count | Should -Be 2
        $other = Connect-Containerd $daemon.Address -Namespace unused -NoDefault
        ($here | Get-Container -Session $other).Session.Id | Should -Be $other.Id
        { $here | Get-Container -Namespace nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        Disconnect-Containerd $other
        Get-Container again -Namespace '*' | Remove-Container
    }

    It 'finds by an image as it is shown' {
        'a1', 'a2' | New-Container -Image busybox | Out-Null
        foreach ($image in 'busybox', 'busybox:latest', 'busybox*', 'busybox:*', 'b*x:l*', 'docker.io/library/busybox:latest', 'docker.io/*') {
            @(Get-Container -Image $image).Count | Should -Be 2
            (Get-ContainerImage $image).Name | Should -Contain 'docker.io/library/busybox:latest'
        }

        foreach ($image in 'usybox*', 'busybox:1*', 'library/b*') { Get-Container -Image $image | Should -BeNullOrEmpty }
    }

    It 'finds by labels of any characters' {
        $odd = @{ "tab`tline`nquote`"back\slash" = "zero`0bell`abad$([char] 0xFFFD)half$([char] 0xD800)umlaut$([char] 0xFC)astral$([char]::ConvertFromUtf32(0x1F600))del$([char] 0x7F)" }
        [void] (New-Container c1 -Image busybox -Label $odd -ErrorAction Stop)
        [void] (New-Container c2 -Image busybox)
        (Get-Container -Label $odd -ErrorAction Stop).Id | Should -Be 'c1'
        (Get-Container -Label "$($odd.Keys)" -ErrorAction Stop).Id | Should -Be 'c1'
        (Get-Container -Label $odd -Filter 'id==c1', 'id==c2' -ErrorAction Stop).Id | Should -Be 'c1'
    }

    It 'removes the container and its snapshot, or keeps that' {
        'c1', 'c2' | New-Container -Image busybox | Out-Null
        Remove-Container c1 -WhatIf
        @(Get-Container).Count | Should -Be 2
        Remove-Container c1
        Remove-Container c2 -KeepSnapshot
        Get-Container | Should -BeNullOrEmpty
        @(Get-Leftover $daemon).Count | Should -Be 1
        & ctr --address $daemon.Address --namespace $daemon.Namespace snapshots rm c2
        { Remove-Container c1 -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound*'
    }

    It 'sets and removes labels and leaves the others' {
        [void] (New-Container c1 -Image busybox -Label @{ one = '1'; two = '2' })
        Set-ContainerLabel c1 @{ two = 'II'; three = '3' }
        (Get-ContainerLabel c1 -Key one, t* | ForEach-Object { "$_" }) -join ' ' | Should -Be 'one=1 three=3 two=II'
        Set-ContainerLabel c1 'three='
        (Remove-ContainerLabel c1 two -PassThru).Labels.ContainsKey('two') | Should -BeFalse
        (Get-ContainerLabel c1).Key | Should -Not -Contain 'three'
        Get-ContainerLabel c1 -Key one | Remove-ContainerLabel
        (Get-ContainerLabel c1).Key | Should -Not -Contain 'one'
        { Set-ContainerLabel c1 @{ big = 'x' * 4096 } -ErrorAction Stop } | Should -Throw -ErrorId 'LabelTooLong*'
    }

    It 'works on many in the order given' {
        $ids = 1..20 | ForEach-Object { "c$_" }
        $ids | New-Container -Image busybox | Out-Null
        ($ids | Set-ContainerLabel -Label @{ n = 'x' } -PassThru).Id -join ' ' | Should -Be ($ids -join ' ')
    }
}
