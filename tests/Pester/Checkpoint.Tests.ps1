Describe 'Checkpoints of containers without their tasks' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Checkpoints.ps1'))

        # A container that has changed, added and removed files, and does not run any more.
        function New-Changed([string] $Id, [Collections.IDictionary] $More = @{}) {
            [void] (New-Container $Id -Image busybox -Command sh, -c, 'if [ -e /srv/new ]; then cat /srv/new; else echo written > /srv/new; echo changed > /etc/group; rm /etc/passwd; fi' @More -ErrorAction Stop)
            Start-ContainerTask $Id -ErrorAction Stop
            (Wait-ContainerTask $Id).ExitCode | Should -Be 0
            [void] (Remove-ContainerTask $Id)
        }

        function Get-Output([string] $Id) {
            [IO.File]::Delete("$folder/$Id.out")
            Start-ContainerTask $Id -LogPath "$folder/$Id.out" -ErrorAction Stop
            [void] (Wait-ContainerTask $Id)
            [void] (Remove-ContainerTask $Id)
            [IO.File]::ReadAllText("$folder/$Id.out").Trim()
        }
    }

    AfterEach { Clear-Daemon }

    AfterAll { Remove-Setup }

    Context 'Whole' {
        It 'give the container back, with its files, command and labels' {
            New-Changed c1 @{ Label = @{ tier = 'front' }; Environment = @{ A = 'b' } }
            $checkpoint = Checkpoint-Container c1 kept
            $checkpoint | Should -BeOfType ([ContainerdPS.ContainerImage])
            $checkpoint.Name | Should -Be 'docker.io/library/kept:latest'
            $checkpoint.Labels['containerd.io/checkpoint'] | Should -Be 'true'
            Remove-Container c1

            # Without an id it is the one it had.
            $container = Restore-Container -From kept
            $container | Should -BeOfType ([ContainerdPS.Container])
            $container.Id | Should -Be 'c1'
            $container.Status | Should -Be 'NoTask'
            $container.Labels['tier'] | Should -Be 'front'
            $container.Image | Should -Be 'docker.io/library/busybox:latest'
            (Get-ContainerSpec c1).Process.Env | Should -Contain 'A=b'
            Get-Output c1 | Should -Be 'written'
            Start-ContainerTask (Restore-Container c2 kept -Spec { $_.Process.Args = [string[]] ('sh', '-c', 'cat /etc/group; ls /etc') }) -LogPath "$folder/files"
            [void] (Wait-ContainerTask c2)

            # The shim may still write what the process wrote: not any more when the task is deleted.
            Remove-ContainerTask c2
            ([IO.File]::ReadAllText("$folder/files") -split '\s+' | Where-Object { $_ }) -join ' ' | Should -Be 'changed group'
        }

        It 'are in the form of containerd''s own client' {
            New-Changed c1
            [void] (Checkpoint-Container c1 kept)
            $index = Get-Part kept
            $index.schemaVersion | Should -Be 2
            $index.annotations.'org.opencontainers.image.ref.name' | Should -Be 'docker.io/library/busybox:latest'
            $index.annotations.'io.containerd.checkpoint.runtime' | Should -Be 'io.containerd.runc.v2'
            $index.annotations.'io.containerd.checkpoint.snapshotter' | Should -Be (Get-Container c1).Snapshotter
            $index.manifests.mediaType -join ' ' | Should -Be ('application/vnd.oci.image.manifest.v1+json application/vnd.containerd.container.checkpoint.config.v1+proto application/vnd.oci.image.layer.v1.tar+gzip')
            $index.manifests[0].digest | Should -Be (Get-ContainerImage busybox).Digest
            $index.manifests[2].platform.os | Should -Be 'linux'
        }

        It 'hold the parts asked for, and only those' {
            New-Changed c1
            $types = @{
                Image = 'application/vnd.oci.image.manifest.v1+json'
                Runtime = 'application/vnd.containerd.container.checkpoint.config.v1+proto'
                ReadWriteLayer = 'application/vnd.oci.image.layer.v1.tar+gzip'
            }
            foreach ($part in $types.Keys) {
                $only = @{ $part = $true }
                [void] (Checkpoint-Container c1 "only/$($part.ToLowerInvariant())" @only)
                (Get-Part "only/$($part.ToLowerInvariant())").manifests.mediaType | Should -Be $types[$part]
            }
        }

        It 'say what they would hold, and are not made, with -WhatIf' {
            New-Changed c1
            $before = Get-Kept $daemon
            Checkpoint-Container c1 kept -WhatIf | Should -BeNullOrEmpty
            Checkpoint-Container c1 kept -ReadWriteLayer -WhatIf | Should -BeNullOrEmpty
            Get-Kept $daemon | Should -Be $before
            [void] (Checkpoint-Container c1 kept -Image)
            Restore-Container c2 kept -WhatIf | Should -BeNullOrEmpty
            (Get-Container).Id | Should -Be 'c1'
        }

        It 'are made of many containers, each under a name of its own' {
            'm1', 'm2', 'm3' | New-Container -Image busybox | Out-Null
            $made = Get-Container m* | Checkpoint-Container -Name { "many/$($_.Id):1" }
            ($made | ForEach-Object Name | Sort-Object) -join ' ' | Should -Be 'docker.io/many/m1:1 docker.io/many/m2:1 docker.io/many/m3:1'
            Get-Container | Remove-Container
            ($made | Restore-Container | ForEach-Object Id | Sort-Object) -join ' ' | Should -Be 'm1 m2 m3'
            $failures = @()
            @('m1', 'm2' | Checkpoint-Container -Name same -ErrorAction SilentlyContinue -ErrorVariable failures).Count | Should -Be 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'NameNotUnique,*'
            $failures[0].TargetObject | Should -Be 'm2'
        }

        It 'are complete while all their parts are here' {
            New-Changed c1
            $kept = Checkpoint-Container c1 kept -ErrorAction Stop
            $result = Test-ContainerImage kept -Full -Detailed
            $result.Message | Should -BeNullOrEmpty
            $result.IsComplete | Should -BeTrue
            $result.IsUnpacked | Should -BeTrue
            $result.Size | Should -Be $kept.Size
            Test-ContainerImage kept -AllPlatforms | Should -BeTrue
            [void] (Checkpoint-Container c1 changes -Runtime -ReadWriteLayer -ErrorAction Stop)
            Test-ContainerImage changes | Should -BeTrue
            $layer = @((Get-Part kept).manifests | Where-Object mediaType -Like '*layer*')[0].digest
            Remove-ContainerdContent $layer -Force -ErrorAction Stop
            $result = Test-ContainerImage kept -Detailed
            $result.IsComplete | Should -BeFalse
            $result.Missing.Digest | Should -Be $layer
            $result.Damaged | Should -BeNullOrEmpty
        }

        It 'take a name over only where they are told to' {
            New-Changed c1
            $first = Checkpoint-Container c1 kept -ReadWriteLayer
            $e = { Checkpoint-Container c1 kept -ErrorAction Stop } | Should -Throw -ErrorId 'ImageAlreadyExists*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ResourceExists'
            $e.TargetObject | Should -Be 'c1'
            (Get-ContainerImage kept).Digest | Should -Be $first.Digest
            $second = Checkpoint-Container c1 kept -Force
            $second.Digest | Should -Not -Be $first.Digest
            Invoke-Collection
            Invoke-Ctr content ls -q | Should -Not -Contain $first.Digest
        }
    }

    Context 'Restored without a spec' {
        It 'run what the image runs, or what they are given' {
            New-Changed c1
            [void] (Checkpoint-Container c1 kept -Image -ReadWriteLayer)
            [void] (Restore-Container c2 kept -Label @{ app = 'web' })
            (Get-Container c2).Labels['app'] | Should -Be 'web'
            Get-Output c2 | Should -Be 'from the image'
            [void] (Restore-Container c3 kept -Spec (Get-ContainerSpec c1))
            Get-Output c3 | Should -Be 'written'
            (Get-ContainerSpec c2).Linux.CgroupsPath | Should -Be "/$($daemon.Namespace)/c2"
        }

        It 'can be left as the image is' {
            New-Changed c1
            [void] (Checkpoint-Container c1 kept)
            [void] (Restore-Container c2 kept -NoReadWriteLayer -Spec { $_.Process.Args = [string[]] ('ls', '/etc/passwd') })
            Get-Output c2 | Should -Be '/etc/passwd'
        }
    }

    Context 'And ctr' {
        It 'ctr restores what we have kept' {
            New-Changed c1
            [void] (Checkpoint-Container c1 kept)
            Remove-Container c1
            Invoke-Ctr containers restore --rw c1 docker.io/library/kept:latest
            [void] (Wait-ContainerTask c1)
            [void] (Remove-ContainerTask c1)
            Get-Output c1 | Should -Be 'written'
        }

        It 'we restore what ctr has kept, which has no spec' {
            New-Changed c1
            Invoke-Ctr containers checkpoint --rw --image c1 docker.io/library/theirs:1
            [void] (Restore-Container c2 theirs:1 -Spec { $_.Process.Args = [string[]] ('cat', '/srv/new') })
            Get-Output c2 | Should -Be 'written'
            { Restore-Container -From theirs:1 -ErrorAction Stop } | Should -Throw -ErrorId 'IdRequired*'

            # Of no parts at all: what is left is the name of the image.
            Invoke-Ctr containers checkpoint c1 docker.io/library/theirs:2
            (Restore-Container c3 theirs:2 -ErrorAction Stop).Command | Should -Be 'echo from the image'
            Test-ContainerImage theirs:2 | Should -BeTrue
        }
    }

    Context 'Of a running container' {
        It 'find it running afterwards, and paused where it was paused' {
            Start-Counter c1
            [void] (Checkpoint-Container c1 kept -ReadWriteLayer -Runtime)
            (Get-ContainerTask c1).Status | Should -Be 'Running'
            Assert-Counting c1 (Get-Count c1)
            Suspend-ContainerTask c1
            [void] (Checkpoint-Container c1 kept -ReadWriteLayer -Force)
            (Get-ContainerTask c1).Status | Should -Be 'Paused'
            Resume-ContainerTask c1
            [void] (Checkpoint-Container c1 kept -ReadWriteLayer -Force -NoPause)
            Assert-Counting c1 (Get-Count c1)
        }

        It 'that are stopped halfway leave it running, and nothing else' {
            # Enough that writing the layer takes its time.
            Start-Counter c1
            (Invoke-ContainerCommand c1 sh, -c, 'busybox dd if=/dev/urandom of=/srv/big bs=1M count=200 2>/dev/null' -PassThru).ExitCode | Should -Be 0
            $before = Get-Kept $daemon
            Stop-Midway "Checkpoint-Container c1 kept -ReadWriteLayer" { (Get-ContainerTask c1).Status -eq 'Paused' }
            Wait-Until { (Get-Kept $daemon) -eq $before } 'that nothing is left'
            Wait-Until { (Get-ContainerTask c1).Status -eq 'Running' } 'that the task runs on'
            Assert-Counting c1 (Get-Count c1)
        }

        It 'are whole although the daemon collects its garbage all the while' {
            Start-Counter c1
            Invoke-AmidCollections { 1..5 | ForEach-Object { [void] (Checkpoint-Container c1 "kept:$_" -Image -Runtime -ReadWriteLayer -ErrorAction Stop) } }

            # Also without all that had made them.
            Remove-Container c1 -Force
            Remove-ContainerImage busybox
            Invoke-Collection
            try {
                # Its snapshots went with the image: they are made again while the daemon collects what nothing refers to.
                Invoke-AmidCollections { 1..5 | ForEach-Object { (Restore-Container "r$_" "kept:$_" -ErrorAction Stop).Id | Should -Be "r$_" } }
                Invoke-Collection
                Start-ContainerTask r1 -ErrorAction Stop
                Wait-Until { (Get-Count r1) -ge 3 } 'that it counts'
                2..5 | ForEach-Object { [void] (Export-ContainerImage "kept:$_" "$folder/kept.tar" -ErrorAction Stop) }
            }
            finally { if (-not (Get-ContainerImage busybox*)) { [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command echo, 'from the image') } }
        }
    }

    Context 'On their way to another daemon' {
        It 'bring the files and the image along' {
            New-Changed c1 @{ Label = @{ tier = 'front' } }
            $kept = Checkpoint-Container c1 kept
            [void] (Export-ContainerImage kept "$folder/kept.tar.zst")
            [int] [IO.File]::GetUnixFileMode("$folder/kept.tar.zst") | Should -Be 0x180
            & tar --zstd -tf "$folder/kept.tar.zst" | Should -Not -Contain 'manifest.json'
            $second = Start-ContainerdDaemon
            try {
                Use-ContainerdSession $daemon
                $image = Import-ContainerImage "$folder/kept.tar.zst" -Session $second
                $image.Digest | Should -Be $kept.Digest
                $image.Labels['containerd.io/checkpoint'] | Should -Be 'true'
                $container = $image | Restore-Container
                $container.Namespace | Should -Be $second.Namespace
                $container.Labels['tier'] | Should -Be 'front'

                # The image the checkpoint carries has its name again.
                (Get-ContainerImage -Session $second | ForEach-Object Name) -join ' ' | Should -Be 'docker.io/library/busybox:latest docker.io/library/kept:latest'
                (Get-ContainerSpec $container).Linux.CgroupsPath | Should -Be "/$($second.Namespace)/c1"
                $container | Start-ContainerTask -LogPath "$folder/second.log"
                [void] ($container | Wait-ContainerTask)
                $container | Remove-ContainerTask
                [IO.File]::ReadAllText("$folder/second.log").Trim() | Should -Be 'written'
            }
            finally { Stop-ContainerdDaemon $second }
        }

        It 'go through ctr''s hands as well' {
            New-Changed c1
            $kept = Checkpoint-Container c1 kept
            [void] (Export-ContainerImage kept "$folder/kept.tar")
            Remove-ContainerImage kept
            Invoke-Ctr images import --no-unpack --all-platforms "$folder/kept.tar" | Out-Null
            (Get-ContainerImage kept).Digest | Should -Be $kept.Digest
            Invoke-Collection
            [void] (Restore-Container c2 kept -ErrorAction Stop)
            Get-Output c2 | Should -Be 'written'
        }

        It 'are refused where a part is missing' {
            New-Changed c1
            [void] (Checkpoint-Container c1 kept)
            $layer = (Get-Part kept).manifests[2].digest
            [void] (Export-ContainerImage kept "$folder/kept.tar")
            $unpacked = New-TestFolder
            & tar -xf "$folder/kept.tar" -C $unpacked
            [IO.File]::Delete("$unpacked/$(Get-BlobPath $layer)")
            & tar -cf "$folder/kept.tar" -C $unpacked .
            [IO.Directory]::Delete($unpacked, $true)
            $second = Start-ContainerdDaemon
            try {
                Use-ContainerdSession $daemon
                $e = { Import-ContainerImage "$folder/kept.tar" -Session $second -ErrorAction Stop } | Should -Throw -ErrorId 'DamagedArchive*' -PassThru
                $e.Exception.Message | Should -BeLike "*$layer*checkpoint*"
                Get-Leftover $second | Should -BeNullOrEmpty
            }
            finally { Stop-ContainerdDaemon $second }
        }

        It 'are refused on another architecture' {
            New-Changed c1
            [void] (Checkpoint-Container c1 kept)
            [void] (Export-ContainerImage kept "$folder/kept.tar")
            [void] [IO.Directory]::CreateDirectory("$folder/foreign")
            & tar -xf "$folder/kept.tar" -C "$folder/foreign"
            $digest = (Get-ContainerImage kept).Digest
            $own = [IO.File]::ReadAllText("$folder/foreign/$(Get-BlobPath $digest)")
            $other = ConvertTo-Bytes ($own -replace '"architecture":"\w+"', '"architecture":"s390x"')
            [IO.File]::WriteAllBytes("$folder/foreign/$(Get-BlobPath (Get-Digest $other))", $other)
            $index = [IO.File]::ReadAllText("$folder/foreign/index.json").Replace($digest, (Get-Digest $other)).Replace("`"size`":$($own.Length)", "`"size`":$($other.Length)").Replace('kept:latest', 'foreign:latest')
            [IO.File]::WriteAllText("$folder/foreign/index.json", $index)
            try {
                [void] (Import-ContainerImage "$folder/foreign" -ErrorAction Stop)
                $e = { Restore-Container c2 foreign -ErrorAction Stop } | Should -Throw -ErrorId 'CheckpointPlatformMismatch*' -PassThru
                $e.CategoryInfo.Category | Should -Be 'InvalidOperation'
                $e.Exception.Message | Should -BeLike "*'docker.io/library/foreign:latest' was made on linux/s390x*"
            }
            finally { [IO.Directory]::Delete("$folder/foreign", $true) }
        }
    }

    Context 'With the image gone or changed' {
        AfterEach {
            Get-Container | Remove-Container -Force
            [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command echo, 'from the image' -ErrorAction Stop)
        }

        It 'name it and say how to get it' {
            New-Changed c1
            [void] (Checkpoint-Container c1 kept -ReadWriteLayer -Runtime)
            Remove-Container c1
            Remove-ContainerImage busybox
            $e = { Restore-Container c1 kept -ErrorAction Stop } | Should -Throw -ErrorId 'BaseImageNotFound*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $e.Exception.Message | Should -BeLike "*'docker.io/library/busybox:latest'*Receive-ContainerImage docker.io/library/busybox:latest*"
            Get-Container | Should -BeNullOrEmpty
        }

        It 'are made without it all the same, and say so' {
            New-Changed c1
            Remove-ContainerImage busybox -Force
            $words = @()
            [void] (Checkpoint-Container c1 kept -WarningVariable words -WarningAction SilentlyContinue -ErrorAction Stop)
            "$words" | Should -BeLike "*'docker.io/library/busybox:latest'*not in the checkpoint*"
            $e = { Checkpoint-Container c1 other -Image -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound*' -PassThru
            $e.Exception.Message | Should -BeLike "*Receive-ContainerImage*"
        }

        It 'do not lay their files on another image' {
            New-Changed c1
            [void] (Checkpoint-Container c1 with)
            [void] (Checkpoint-Container c1 without -ReadWriteLayer -Runtime)
            [IO.File]::WriteAllText("$rootfs/srv/other", 'other')
            [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command echo, 'another image' -ErrorAction Stop)
            [IO.File]::Delete("$rootfs/srv/other")
            $e = { Restore-Container c2 without -ErrorAction Stop } | Should -Throw -ErrorId 'BaseImageChanged*' -PassThru
            $e.Exception.Message | Should -BeLike "*'docker.io/library/busybox:latest'*is not the one*"
            [void] (Restore-Container c2 without -NoReadWriteLayer -ErrorAction Stop)
            $words = @()
            [void] (Restore-Container c3 with -WarningVariable words -WarningAction SilentlyContinue -ErrorAction Stop)
            "$words" | Should -BeLike "*is another by now*"
            Get-Output c3 | Should -Be 'written'
        }
    }

    Context 'Bad input' {
        It 'names what is not there or not so' {
            New-Changed c1
            [void] (Checkpoint-Container c1 kept)
            { Checkpoint-Container nosuch x -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound*'
            { Checkpoint-Container c1 x -Task -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound*'
            $e = { Checkpoint-Container c1 x -Exit -ErrorAction Stop } | Should -Throw -ErrorId 'ExitWithoutTask*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'InvalidOperation'
            { Checkpoint-Container c1 x -ImagePath "$folder/dump" -ErrorAction Stop } | Should -Throw
            { Checkpoint-Container c1 -ImagePath "$folder/dump" -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound*'
            { Checkpoint-Container c1 'Not A Name' -ErrorAction Stop } | Should -Throw -ExpectedMessage '*is not the name of an image*'
            { Restore-Container c2 nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound*'
            { Restore-Container c2 busybox -ErrorAction Stop } | Should -Throw -ErrorId 'NotACheckpoint*'
            $e = { Restore-Container c1 kept -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerAlreadyExists*' -PassThru
            $e.TargetObject | Should -Be 'c1'
            { Restore-Container '-bad-' kept -ErrorAction Stop } | Should -Throw -ExpectedMessage '*-bad-*'
            { Restore-Container c2 kept -Live -ErrorAction Stop } | Should -Throw -ErrorId 'NotATaskCheckpoint*'
            { Restore-Container c2 kept -LogPath "$folder/log" -ErrorAction Stop } | Should -Throw -ErrorId 'ConflictingStreams*'
            { Restore-Container c2 kept -Spec { throw 'no' } -ErrorAction Stop } | Should -Throw -ErrorId 'SpecScriptFailed*'
            { Restore-Container c2 kept -Snapshotter nosuch -ErrorAction Stop } | Should -Throw
            (Get-Container).Id | Should -Be 'c1'
        }

        It 'is a container without a root filesystem or an image of its own' {
            $spec = (Get-ContainerSpec (New-Container c1 -Image busybox)).ToJson() | ConvertFrom-Json
            $spec.root.path = $rootfs
            [void] (New-Container c2 -Spec ($spec | ConvertTo-Json -Depth 20))
            { Checkpoint-Container c2 x -ReadWriteLayer -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerWithoutSnapshot*'
            { Checkpoint-Container c2 x -Image -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerWithoutImage*'

            # What there is of it is kept, and gives it back.
            [void] (Checkpoint-Container c2 kept -ErrorAction Stop)
            (Get-Part kept).manifests.mediaType | Should -Be 'application/vnd.containerd.container.checkpoint.config.v1+proto'
            $again = Restore-Container c3 kept -ErrorAction Stop
            $again.SnapshotKey | Should -BeNullOrEmpty
            (Get-ContainerSpec c3).Root.Path | Should -Be $rootfs
        }
    }

    Context 'Where CRIU is missing' {
        It 'say so, leave nothing and let the task run on' {
            # A runtime that finds no program at all, and so no CRIU.
            [IO.File]::WriteAllText("$folder/runc", "#!/bin/sh`nrunc=`$(command -v runc)`nPATH=/nonexistent exec `"`$runc`" `"`$@`"`n")
            [IO.File]::SetUnixFileMode("$folder/runc", [IO.UnixFileMode] 'UserRead, UserExecute')
            [void] (New-Container c1 -Image busybox -Command $counter)
            Start-ContainerTask c1 -RuntimeOption @{ BinaryName = "$folder/runc" } -ErrorAction Stop
            Wait-Until { (Get-Count c1) -ge 3 } 'that it counts'
            $before = Get-Kept $daemon
            $e = { Checkpoint-Container c1 kept -ErrorAction Stop } | Should -Throw -ErrorId 'CriuNotFound*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'InvalidOperation'
            $e.TargetObject | Should -Be 'c1'
            $e.Exception.Message | Should -BeLike '*the runtime finds no CRIU*"criu": executable file not found*apt-get install criu*-Image -ReadWriteLayer -Runtime*'
            Get-Kept $daemon | Should -Be $before
            (Get-ContainerTask c1).Status | Should -Be 'Running'
            Assert-Counting c1 (Get-Count c1)
            [void] (Checkpoint-Container c1 kept -Image -ReadWriteLayer -Runtime -ErrorAction Stop)
        }
    }
}
