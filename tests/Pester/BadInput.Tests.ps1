Describe 'Bad input' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        [void] (New-Container known -Image busybox)
        $before = Get-Kept $daemon

        # Runs what must fail with one error and gives that.
        function Get-Failure([scriptblock] $Script) {
            $failures = @()
            try { $failures = @(& $Script 2>&1) } catch { $failures += $_ }
            $failures.Count | Should -Be 1
            $failures[0] | Should -BeOfType ([Management.Automation.ErrorRecord])
            $failures[0]
        }
    }

    AfterEach { Get-Kept $daemon | Should -Be $before }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
    }

    It 'is refused as an id: <id>' -ForEach @(
        @{ id = '-a' }, @{ id = 'a-' }, @{ id = 'a b' }, @{ id = 'a..b' }, @{ id = 'a/b' }, @{ id = '../a' }, @{ id = "a`nb" }, @{ id = "caf$([char] 233)" }, @{ id = 'x' * 77 }
    ) {
        foreach ($script in { New-Container $id -Image busybox }, { Get-ContainerSpec $id }, { Remove-Container $id }, { Set-ContainerLabel $id @{ a = 'b' } }, { Invoke-Container -Id $id -Image busybox }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'InvalidId,*'
            $e.CategoryInfo.Category | Should -Be 'InvalidArgument'
            "$($e.TargetObject)" | Should -Be $id
        }
    }

    It 'is refused as an image name without repeating a password: <name>' -ForEach @(
        @{ name = 'http://bob:hidden@host.invalid/a:1'; shown = 'http://…@host.invalid/a:1*leave out http://.' }
        @{ name = 'bob:hidden@host.invalid/a:1'; shown = "…@host.invalid/a:1*leave out what is before the '@'.*-Credential." }
    ) {
        foreach ($script in { Receive-ContainerImage $name }, { Import-ContainerImage -RootFileSystem $rootfs -Name $name }, { Add-ContainerImageTag busybox $name }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'InvalidImageName,*'
            $e.Exception.Message | Should -BeLike "*$shown"
            $e.Exception.Message | Should -Not -BeLike '*hidden*'
        }
    }

    It 'is refused as a namespace' {
        foreach ($script in { Get-Container -Namespace 'a b' }, { New-Container x -Image busybox -Namespace 'a b' }, { Get-ContainerImage -Namespace 'a b' }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'InvalidId,*'
            $e.TargetObject | Should -Be 'a b'
        }
    }

    It 'is refused as a label over the limit' {
        $big = 'x' * 4096
        foreach ($script in { New-Container x -Image busybox -Label @{ big = $big } }, { Set-ContainerLabel known @{ big = $big } }, { Import-ContainerImage -RootFileSystem $rootfs -Name x -Label @{ big = $big } }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'LabelTooLong,*'
            $e.CategoryInfo.Category | Should -Be 'InvalidArgument'
            $e.TargetObject | Should -Not -BeNullOrEmpty
            $e.Exception.Message | Should -BeLike "*'big'*4099*4096*"
        }

        # To the byte: the key counts.
        [void] (Set-ContainerLabel known @{ big = 'x' * 4093 } -ErrorAction Stop)
        Remove-ContainerLabel known big
        (Get-Failure { Set-ContainerLabel known @{ big = 'x' * 4094 } }).FullyQualifiedErrorId | Should -BeLike 'LabelTooLong,*'
        (Get-Failure { Set-ContainerLabel known @{ big = [string]::new([char] 233, 2047) } }).FullyQualifiedErrorId | Should -BeLike 'LabelTooLong,*'
    }

    It 'is told apart: what is not there, and what another namespace has' {
        foreach ($script in { Get-Container unknown }, { Get-ContainerSpec unknown }, { Remove-Container unknown }, { Set-ContainerLabel unknown @{ a = 'b' } }, { Get-ContainerLabel unknown }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'ContainerNotFound,*'
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            "$($e.TargetObject)" | Should -Be 'unknown'
            $e.Exception.Message | Should -BeLike "*'unknown'*'$($daemon.Namespace)'*"
        }

        foreach ($script in { Get-Container known -Namespace empty }, { Get-ContainerSpec known -Namespace empty }, { Remove-Container known -Namespace empty }, { Set-ContainerLabel known @{ a = 'b' } -Namespace empty }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'ContainerNotFound,*'
            $e.Exception.Message | Should -BeLike "*Namespace '$($daemon.Namespace)' has one: add -Namespace $($daemon.Namespace).*"
        }

        foreach ($script in { Get-ContainerImage busybox -Namespace empty }, { Remove-ContainerImage busybox -Namespace empty }, { New-Container x -Image busybox -Namespace empty }, { Invoke-Container -Image busybox -Namespace empty }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'ImageNotFound,*'
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $e.Exception.Message | Should -BeLike "*Namespace '$($daemon.Namespace)' has one: add -Namespace $($daemon.Namespace).*"
        }

        & ctr --address $daemon.Address --namespace empty leases ls -q | Should -BeNullOrEmpty
    }

    It 'is told as a filter that cannot be read' {
        foreach ($script in { Get-Container -Filter 'id==' }, { Get-Container c* -Filter 'id==' }, { Get-ContainerImage -Filter 'id==' }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'InvalidFilter,*'
            $e.CategoryInfo.Category | Should -Be 'InvalidArgument'
            "$($e.TargetObject)" | Should -Be 'id=='
            $e.Exception.Message | Should -BeLike "*'$($daemon.Address)'*-Filter*id==*FIELD==VALUE*"
            $e.Exception.Message | Should -Not -BeLike '*invalid argument*'
        }
    }

    It 'is told as a pattern that is none' {
        foreach ($script in { Get-Container 'kno[wn' }, { Get-Container -Namespace '*[a' }, { Get-Container -Image 'busy[b*' }, { Get-ContainerLabel known -Key 'a[' }) {
            Set-ContainerLabel known @{ key = 'x' }
            $e = Get-Failure $script
            Remove-ContainerLabel known key
            $e.FullyQualifiedErrorId | Should -BeLike 'InvalidPattern,*'
            $e.CategoryInfo.Category | Should -Be 'InvalidArgument'
            $e.Exception.Message | Should -BeLike '*is no valid pattern*'
        }
    }

    It 'is told of an environment variable as one' {
        (Get-Failure { Import-ContainerImage -RootFileSystem $rootfs -Name x -Environment FOO }).Exception.Message | Should -BeLike "*environment variable 'FOO' has no value*"
    }

    It 'is refused as a signal to stop by' {
        $e = Get-Failure { Import-ContainerImage -RootFileSystem $rootfs -Name x -StopSignal FOO }
        $e.FullyQualifiedErrorId | Should -BeLike 'InvalidSignal,*'
        $e.TargetObject | Should -Be 'FOO'
    }

    It 'is told when a script block throws, and what it throws' {
        foreach ($script in
            { New-Container x -Image busybox -Spec { throw 'a reason' } },
            { New-Container x -Image busybox -Spec { Get-Item /no/such/a-reason -ErrorAction Stop } },
            { New-Container x -Image busybox -Spec { [IO.File]::ReadAllText('/no/such/a-reason') } },
            { Invoke-Container -Image busybox -Spec { throw [InvalidOperationException]::new('a reason') } }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'SpecScriptFailed,*'
            $e.CategoryInfo.Category | Should -Be 'InvalidArgument'
            $e.Exception.Message | Should -Match 'nothing was made: .*a.reason'
            $e.Exception.InnerException | Should -Not -BeNullOrEmpty
            $e.TargetObject | Should -Not -BeNullOrEmpty
        }
    }

    It 'is refused as a spec: <what>' -ForEach @(
        @{ what = 'no JSON'; spec = 'this is not JSON' }
        @{ what = 'a list'; spec = '[]' }
        @{ what = 'a number'; spec = 5 }
    ) {
        $e = Get-Failure { New-Container x -Spec $spec }
        $e.CategoryInfo.Category | Should -Be 'InvalidArgument'
        "$($e.TargetObject)" | Should -Be 'x'
    }

    It 'is refused by the parameter that has it: <name>' -ForEach @(
        @{ name = 'Memory'; value = 'much'; says = 'much'; id = 'ParameterArgumentTransformationError' }
        @{ name = 'Memory'; value = -7; says = '-7'; id = 'InvalidMemory' }
        @{ name = 'Mount'; value = 'nowhere'; says = 'nowhere'; id = 'InvalidMount' }
        @{ name = 'Mount'; value = '/a:b'; says = "'b'"; id = 'InvalidMount' }
        @{ name = 'User'; value = 'nobodyhere'; says = 'nobodyhere'; id = 'InvalidUser' }
        @{ name = 'User'; value = 'a:b:c'; says = 'a:b:c'; id = 'InvalidUser' }
        @{ name = 'Environment'; value = '=x'; says = 'empty'; id = 'ParameterArgumentTransformationError' }
        @{ name = 'Cpu'; value = -1; says = '-1'; id = 'InvalidCpu' }
        @{ name = 'PidsLimit'; value = -5; says = '-5'; id = 'InvalidPidsLimit' }
        @{ name = 'Hostname'; value = 'a b'; says = 'a b'; id = 'InvalidHostname' }
        @{ name = 'WorkingDirectory'; value = 'relative'; says = 'relative'; id = 'InvalidWorkingDirectory' }
        @{ name = 'Snapshotter'; value = 'nosuch'; says = "'nosuch'*overlayfs*-Snapshotter"; id = 'SnapshotterNotFound' }
    ) {
        $more = @{ $name = $value }
        $e = Get-Failure { New-Container x -Image busybox @more }
        $e.FullyQualifiedErrorId | Should -BeLike "$id,*"
        $e.CategoryInfo.Category | Should -BeIn 'InvalidArgument', 'InvalidData', 'ObjectNotFound'
        $e.Exception.Message | Should -BeLike "*$says*"
    }
}
