Describe 'Removing and testing images' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Layers.ps1'))
        $daemon = Start-ContainerdDaemon
        $folder = New-TestFolder
        $rootfs = New-TestRootFileSystem
        $shared = Get-FolderTar $rootfs
        $own = New-TextLayer ([ordered]@{ 'own' = 'own' * 5000 })
        $files = [Collections.Specialized.OrderedDictionary]::new()
        $foreign = Add-LayoutImage $files @(, $own) -Architecture s390x
        Save-Layout "$folder/images.tar" $files ([ordered]@{
                'docker.io/test/base:1' = Add-LayoutImage $files @(, $shared) -Config @{ Cmd = @('sleep', '60') }
                'docker.io/test/more:1' = Add-LayoutIndex $files @((Add-LayoutImage $files @($shared, $own)), $foreign)
            })
        $before = Get-Kept $daemon

        function Get-Ctr([string[]] $Argument) { & ctr --address $daemon.Address --namespace $daemon.Namespace @Argument }

        # The bytes on the disk, in the daemon's own folder: blobs, and what overlayfs holds.
        function Get-Used {
            $sum = 0
            foreach ($part in 'io.containerd.content.v1.content/blobs', 'io.containerd.snapshotter.v1.overlayfs/snapshots') {
                $sum += [long] ((& du -s --block-size=1 "$($daemon.Daemon.Path)/root/$part") -split '\s')[0]
            }

            $sum
        }
    }

    BeforeEach {
        [void] (Import-ContainerImage "$folder/images.tar")
    }

    AfterEach {
        Get-Container | Remove-Container -Force
        Get-ContainerImage | Remove-ContainerImage
        Get-Kept $daemon | Should -Be $before
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    Context 'Remove-ContainerImage' {
        It 'refuses an image that containers were made from' {
            'web', 'db' | New-Container -Image test/base:1 | Out-Null
            $e = { Remove-ContainerImage test/base:1 -ErrorAction Stop } | Should -Throw -ErrorId 'ImageInUse,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'InvalidOperation'
            $e.Exception.Message | Should -BeLike '*db, web*-Force*'
            (Get-ContainerImage test/base:1).Containers.Count | Should -Be 2
            Add-ContainerImageTag test/base:1 other
            Remove-ContainerImage other
            Remove-ContainerImage test/base:1 -Force
            { Get-ContainerImage test/base:1 -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
            @(Get-Container).Count | Should -Be 2
        }

        It 'goes on after one that is in use' {
            [void] (New-Container web -Image test/base:1)
            Remove-ContainerImage test/base:1, test/more:1, nosuch -ErrorAction SilentlyContinue -ErrorVariable failures
            $failures.Count | Should -Be 2
            (Get-ContainerImage).Name | Should -Be 'docker.io/test/base:1'
        }

        It 'tells what it frees: of shared layers only when the last name goes' {
            Add-ContainerImageTag test/more:1 copy
            $used = Get-Used
            $gone = @(Remove-ContainerImage test/more:1, copy -PassThru)
            $gone.Image -join ' ' | Should -Be 'docker.io/test/more:1 docker.io/library/copy:latest'
            $gone[0].Freed | Should -Be 0
            $gone[0].Blobs | Should -Be 0
            $gone[1].Snapshots | Should -Be 1
            $gone[1].FreedSnapshots | Should -BeGreaterThan 10000
            $gone[1].Blobs | Should -Be 6
            $gone[1].Freed | Should -Be ($gone[1].FreedContent + $gone[1].FreedSnapshots)
            $gone[1].Digest | Should -Match '^sha256:'
            # Blobs are written in whole blocks, and the folders around them count as well.
            [Math]::Abs($used - (Get-Used) - $gone[1].Freed) | Should -BeLessThan 100000
            $last = Remove-ContainerImage test/base:1 -PassThru
            $last.FreedSnapshots | Should -BeGreaterThan 1000000
            $last.FreedContent | Should -BeGreaterThan 500000
            Get-Used | Should -BeLessThan 100000
        }

        It 'shows with -WhatIf what would go, one after the other, and removes nothing' {
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            [void] $shell.AddScript("param(`$module, `$session) Import-Module `$module; Get-ContainerImage -Session `$session | Remove-ContainerImage -WhatIf -PassThru").AddArgument($modulePath).AddArgument($daemon)
            $shell.Invoke() | Should -BeNullOrEmpty
            $shell.Dispose()
            @(Get-ContainerImage).Count | Should -Be 2
        }

        It 'counts what another namespace keeps as not freed' {
            [void] (Import-ContainerImage "$folder/images.tar" -Namespace second -NoUnpack)
            $gone = @(Get-ContainerImage | Remove-ContainerImage -PassThru)
            ($gone | Measure-Object FreedContent -Sum).Sum | Should -Be 0
            ($gone | Measure-Object Blobs -Sum).Sum | Should -Be 9
            ($gone | Measure-Object FreedSnapshots -Sum).Sum | Should -BeGreaterThan 1000000
            $gone = @(Get-ContainerImage -Namespace second | Remove-ContainerImage -PassThru)
            ($gone | Measure-Object FreedContent -Sum).Sum | Should -BeGreaterThan 500000
        }

        It 'counts what goes from all namespaces in one command with the last of them' {
            [void] (Import-ContainerImage "$folder/images.tar" -Namespace second -NoUnpack)
            $bytes = [long] (Get-ContainerdContent | Where-Object { $_.Digest -notin $before } | Measure-Object Size -Sum).Sum
            $freed = @(Get-ContainerImage -Namespace $daemon.Namespace, second | Remove-ContainerImage -PassThru)
            $freed.Count | Should -Be 4
            [long] ($freed | Where-Object Namespace -EQ $daemon.Namespace | Measure-Object FreedContent -Sum).Sum | Should -Be 0
            [long] ($freed | Where-Object Namespace -EQ second | Measure-Object FreedContent -Sum).Sum | Should -Be $bytes
        }

        It 'waits for every daemon it has removed images from' {
            $second = Start-ContainerdDaemon -NoDefault
            try {
                [void] (Import-ContainerImage "$folder/images.tar" -Session $second)
                Get-ContainerImage -Session $daemon, $second | Sort-Object Name | Remove-ContainerImage
                foreach ($session in $daemon, $second) { @(Get-ContainerdContent -Session $session).Count + @(Get-ContainerSnapshot -Session $session).Count | Should -Be 0 }
            }
            finally { Stop-ContainerdDaemon $second }
        }

        It 'removes all images that no container uses, by any of their names' {
            Add-ContainerImageTag test/base:1 second-name
            [void] (New-Container web -Image test/base:1)
            Remove-ContainerImage -Unused -WhatIf
            @(Get-ContainerImage).Count | Should -Be 3
            (Remove-ContainerImage -Unused -PassThru).Image | Should -Be 'docker.io/test/more:1'
            @(Get-ContainerImage).Count | Should -Be 2
            Remove-Container web
            Set-ContainerImage second-name -Label 'io.cri-containerd.pinned=pinned'
            Remove-ContainerImage -Unused
            (Get-ContainerImage).Name | Should -Be 'docker.io/library/second-name:latest'
            Remove-ContainerImage -Unused -Force
            Get-ContainerImage | Should -BeNullOrEmpty
        }

        It 'collects what nothing refers to' {
            $image = Get-ContainerImage test/more:1
            Get-Ctr images, rm, $image.Name | Out-Null
            $left = Remove-ContainerImage -Unreferenced -WhatIf
            $left | Should -BeNullOrEmpty
            [void] (Remove-ContainerImage -Unreferenced -PassThru)
            Get-Ctr content, ls, -q | Should -Not -Contain $image.Digest
            $nothing = Remove-ContainerImage -Unreferenced -PassThru
            $nothing.Freed | Should -Be 0
            $nothing.Image | Should -Be ''
            @(Get-ContainerImage).Count | Should -Be 1
        }

        It 'keeps what a lease or a label keeps' {
            $image = Get-ContainerImage test/more:1
            Get-Ctr leases, create, --id, mine | Out-Null
            Get-Ctr content, label, $image.Digest, 'containerd.io/gc.root=now' | Out-Null
            $gone = Remove-ContainerImage test/more:1 -PassThru
            $gone.Freed | Should -Be 0
            Get-Ctr content, ls, -q | Should -Contain $image.Digest
            Get-Ctr content, rm, $image.Digest | Out-Null
            Get-Ctr leases, rm, mine | Out-Null
            [void] (Remove-ContainerImage -Unreferenced)
        }

        It 'refuses <what>' -ForEach @(
            @{ what = 'a pattern'; script = { Remove-ContainerImage 'test/*' -ErrorAction Stop }; id = 'InvalidImageName' }
            @{ what = 'an unknown image, also with -WhatIf'; script = { Remove-ContainerImage nosuch -WhatIf -ErrorAction Stop }; id = 'ImageNotFound' }
            @{ what = 'names with -Unused'; script = { Remove-ContainerImage -Image test/base:1 -Unused -ErrorAction Stop }; id = 'AmbiguousParameterSet' }
        ) {
            $script | Should -Throw -ErrorId "$id,*"
        }
    }

    Context 'Test-ContainerImage' {
        It 'says true of a whole image' {
            Test-ContainerImage test/base:1, test/more:1 | Should -Be @($true, $true)
            Test-ContainerImage test/base:1 -Full -Unpacked | Should -BeTrue
            $result = Test-ContainerImage test/more:1 -Full -AllPlatforms -Detailed
            $result.IsComplete | Should -BeTrue
            $result.IsUnpacked | Should -BeFalse
            $result.IsVerified | Should -BeTrue
            $result.Image | Should -Be 'docker.io/test/more:1'
            $result.Size | Should -Be (Get-ContainerImage test/more:1).Size
            $result.Platforms -join ' ' | Should -Be "linux/$(Get-HostArchitecture) linux/s390x"
            $result.Message | Should -BeNullOrEmpty
            Test-ContainerImage test/more:1 -Platform linux/s390x -Unpacked | Should -BeFalse
            Test-ContainerImage test/base:1 -Snapshotter native | Should -BeTrue
            Test-ContainerImage test/base:1 -Snapshotter native -Unpacked | Should -BeFalse
        }

        It 'says false of an image that is not there, or not for the platform' {
            Test-ContainerImage nosuch | Should -BeFalse
            $said = @(Test-ContainerImage nosuch -Verbose 4>&1)
            $said[0] | Should -BeLike "There is no image 'docker.io/library/nosuch:latest' in namespace '*"
            $said[1] | Should -BeFalse
            (Test-ContainerImage nosuch -Detailed).Message | Should -BeLike "*'docker.io/library/nosuch:latest'*"
            Test-ContainerImage test/base:1 -Platform linux/mips64 | Should -BeFalse
            (Test-ContainerImage test/base:1 -Platform linux/mips64 -Detailed).Message | Should -BeLike '*linux/mips64*'
            (Test-ContainerImage test/more:1 -Platform linux/mips64 -Detailed).Message | Should -BeLike '*linux/mips64*s390x*'
        }

        It 'finds what is missing: <part>' -ForEach @(@{ part = 'layer' }, @{ part = 'config' }, @{ part = 'manifest' }) {
            $image = Get-ContainerImage test/base:1
            $manifest = Get-Ctr content, get, $image.Digest | ConvertFrom-Json
            $digest = @{ layer = $manifest.layers[0].digest; config = $manifest.config.digest; manifest = $image.Digest }[$part]
            Get-Ctr content, rm, $digest | Out-Null
            Test-ContainerImage test/base:1 | Should -BeFalse
            $result = $image | Test-ContainerImage -Detailed
            $result.Missing.Digest | Should -Be $digest
            $result.Damaged | Should -BeNullOrEmpty
            $result.Message | Should -BeLike "*$digest*missing*"
            $result.IsUnpacked | Should -Be ($part -eq 'layer')
        }

        It 'finds with -Full what was changed or lost on the disk' {
            $layer = @(Get-ContainerImageHistory test/base:1)[0].Digest
            $path = "$($daemon.Daemon.Path)/root/io.containerd.content.v1.content/blobs/$($layer.Replace(':', '/'))"
            $bytes = [IO.File]::ReadAllBytes($path)
            $changed = [byte[]] $bytes.Clone()
            $changed[1000] = $changed[1000] -bxor 1
            & chmod u+w $path
            try {
                [IO.File]::WriteAllBytes($path, $changed)
                Test-ContainerImage test/base:1 | Should -BeTrue
                Test-ContainerImage test/base:1 -Full | Should -BeFalse
                $result = Test-ContainerImage test/base:1 -Full -Detailed
                $result.Damaged.Digest | Should -Be $layer
                $result.Missing | Should -BeNullOrEmpty
                $result.Message | Should -BeLike "*$layer*damaged*$(Get-Digest $changed)*"
                [IO.File]::Delete($path)
                Test-ContainerImage test/base:1 -Full | Should -BeFalse
                (Test-ContainerImage test/base:1 -Full -Detailed).Damaged.Digest | Should -Be $layer
            }
            finally {
                [IO.File]::WriteAllBytes($path, $bytes)
            }

            Test-ContainerImage test/base:1 -Full | Should -BeTrue
        }

        It 'tells what to take away so that the next import brings it whole: a <Kind> that is <Fault>' -ForEach @(
            @{ Kind = 'layer'; Fault = 'changed' }
            @{ Kind = 'layer'; Fault = 'lost' }
            @{ Kind = 'manifest'; Fault = 'changed' }
        ) {
            $image = Get-ContainerImage test/base:1
            $digest = if ($Kind -eq 'layer') { @(Get-ContainerImageHistory test/base:1)[0].Digest } else { $image.Digest }
            $path = "$($daemon.Daemon.Path)/root/io.containerd.content.v1.content/blobs/$($digest.Replace(':', '/'))"
            if ($Fault -eq 'lost') {
                [IO.File]::Delete($path)
            }
            else {
                $bytes = [IO.File]::ReadAllBytes($path)
                $bytes[40] = $bytes[40] -bxor 1
                & chmod u+w $path
                [IO.File]::WriteAllBytes($path, $bytes)
            }

            $damaged = (Test-ContainerImage test/base:1 -Full -Detailed).Damaged
            if ($Kind -eq 'manifest') {
                Test-ContainerImage test/base:1 | Should -BeFalse
                (Get-ContainerImage test/base:1).Platforms | Should -BeNullOrEmpty
                foreach ($use in { New-Container x -Image test/base:1 -ErrorAction Stop }, { Get-ContainerImageHistory test/base:1 -ErrorAction Stop }, { Expand-ContainerImage test/base:1 -Snapshotter native -ErrorAction Stop }) {
                    $use | Should -Throw -ErrorId 'DamagedContent,*' -ExpectedMessage "*$digest*Remove-ContainerdContent*"
                }

                { Import-ContainerImage "$folder/images.tar" -ErrorAction Stop } | Should -Throw -ErrorId 'DamagedContent,*' -ExpectedMessage "*$digest*Remove-ContainerdContent*"
            }

            $damaged | Remove-ContainerdContent -Force
            [IO.File]::Exists($path) | Should -BeFalse
            Test-ContainerImage test/base:1 | Should -BeFalse
            (Import-ContainerImage "$folder/images.tar" | Where-Object Name -eq $image.Name).Digest | Should -Be $image.Digest
            Test-ContainerImage test/base:1 -Full -Unpacked | Should -BeTrue
        }

        It 'needs nothing unpacked of what an image says of how it was built' {
            $files = [Collections.Specialized.OrderedDictionary]::new()
            $attestation = Add-LayoutImage $files @(, $own) -Architecture unknown
            $attestation.platform = @{ os = 'unknown'; architecture = 'unknown' }
            Save-Layout "$folder/attested.tar" $files ([ordered]@{
                    'docker.io/test/attested:1' = Add-LayoutIndex $files @((Add-LayoutImage $files @(, $shared)), $attestation)
                })
            $image = Import-ContainerImage "$folder/attested.tar"
            $result = $image | Test-ContainerImage -AllPlatforms -Full -Detailed
            $result.Message | Should -BeNullOrEmpty
            $result.IsUnpacked | Should -BeTrue
            $image | Test-ContainerImage -AllPlatforms -Unpacked | Should -BeTrue
            $layer = ($image | Get-ContainerdContent | Where-Object { $_.MediaType -like '*layer*' } | Sort-Object Size | Select-Object -First 1).Digest
            $layer | Remove-ContainerdContent -Force
            $image | Test-ContainerImage -AllPlatforms | Should -BeFalse
        }

        It 'shows a view, and refuses a snapshotter that is none' {
            Test-ContainerImage test/base:1 -Detailed | Out-String | Should -Match 'Image +Complete +Unpacked +Verified'
            { Test-ContainerImage test/base:1 -Snapshotter nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotterNotFound,*'
            { Test-ContainerImage test/base:1 -Platform abacus -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidPlatform,*'
        }
    }

    Context 'Expand-ContainerImage' {
        It 'unpacks for another snapshotter and another platform' {
            Expand-ContainerImage test/base:1 -Snapshotter native | Should -BeNullOrEmpty
            Test-ContainerImage test/base:1 -Snapshotter native -Unpacked | Should -BeTrue
            (Get-ContainerImage test/base:1).Snapshotters -join ' ' | Should -Be 'native overlayfs'
            $image = Get-ContainerImage test/more:1 | Expand-ContainerImage -Platform linux/s390x -PassThru
            $image.Snapshotters | Should -Be 'overlayfs'
            Test-ContainerImage test/more:1 -AllPlatforms -Unpacked | Should -BeTrue
            Get-Leftover $daemon | Should -BeNullOrEmpty
            [void] (New-Container there -Image test/base:1 -Snapshotter native)
        }

        It 'unpacks what was imported packed, and changes nothing with -WhatIf' {
            [void] (Import-ContainerImage "$folder/images.tar" -NoUnpack -Namespace packed)
            Expand-ContainerImage test/base:1 -Namespace packed -WhatIf
            Test-ContainerImage test/base:1 -Namespace packed -Unpacked | Should -BeFalse
            Get-ContainerImage test/base:1 -Namespace packed | Expand-ContainerImage
            Test-ContainerImage test/base:1 -Namespace packed -Unpacked | Should -BeTrue
            Get-ContainerImage -Namespace packed | Remove-ContainerImage
        }

        It 'refuses <what>, and leaves nothing' -ForEach @(
            @{ what = 'an unknown image'; script = { Expand-ContainerImage nosuch -ErrorAction Stop }; id = 'ImageNotFound' }
            @{ what = 'an unknown snapshotter'; script = { Expand-ContainerImage test/base:1 -Snapshotter nosuch -ErrorAction Stop }; id = 'SnapshotterNotFound' }
            @{ what = 'a platform the image is not for'; script = { Expand-ContainerImage test/base:1 -Platform linux/mips64 -ErrorAction Stop }; id = 'PlatformNotFound' }
        ) {
            $kept = Get-Kept $daemon
            $script | Should -Throw -ErrorId "$id,*"
            Get-Kept $daemon | Should -Be $kept
        }

        It 'tells which layer is missing' {
            [void] (Import-ContainerImage "$folder/images.tar" -NoUnpack -Namespace gone)
            $layer = @(Get-ContainerImageHistory test/base:1)[0].Digest
            Get-ContainerImage test/more:1 -Namespace gone | Remove-ContainerImage
            & ctr --address $daemon.Address --namespace gone content rm $layer | Out-Null
            $e = { Expand-ContainerImage test/base:1 -Namespace gone -ErrorAction Stop } | Should -Throw -PassThru
            $e.Exception.Message | Should -BeLike "*$layer*test/base:1*"
            & ctr --address $daemon.Address --namespace gone leases ls -q | Should -BeNullOrEmpty
            & ctr --address $daemon.Address --namespace gone snapshots ls | Select-Object -Skip 1 | Should -BeNullOrEmpty
            Get-ContainerImage -Namespace gone | Remove-ContainerImage
        }
    }
}
