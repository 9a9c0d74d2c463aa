Describe 'Names and labels of images' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name box -Command sh -Label @{ from = 'folder' })
        [IO.File]::WriteAllText("$rootfs/other", 'other')
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name other -Command sh)
        $box = (Get-ContainerImage box).Digest
        $other = (Get-ContainerImage other).Digest
        $before = Get-Kept $daemon

        function Get-Ctr([string[]] $Argument) { & ctr --address $daemon.Address --namespace $daemon.Namespace @Argument }
    }

    AfterEach {
        Get-ContainerImage | Where-Object Name -NotIn 'docker.io/library/box:latest', 'docker.io/library/other:latest' | Remove-ContainerImage
        Set-ContainerImage box -Target $box -Label @{ team = ''; from = 'folder' }
        Get-Kept $daemon | Should -Be $before
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
    }

    It 'adds names, whole, short and beside the image''s own' {
        Add-ContainerImageTag box registry.test/team/box:1 | Should -BeNullOrEmpty
        $added = @(Add-ContainerImageTag box copy, ':2' -Label @{ team = 'web'; from = '' } -PassThru)
        $added.Name -join ' ' | Should -Be 'docker.io/library/copy:latest docker.io/library/box:2'
        $added.Digest | Select-Object -Unique | Should -Be $box
        $added[0].Labels.Keys -join ' ' | Should -Be 'team'
        (Get-ContainerImage registry.test/team/box:1).Labels['from'] | Should -Be 'folder'
        @(Get-Ctr images, ls, -q | Where-Object { $_ -match 'box|copy' }).Count | Should -Be 4
        (Get-ContainerImage -Label team=web).Name -join ' ' | Should -Be 'docker.io/library/box:2 docker.io/library/copy:latest'
        (Get-ContainerImage -Label team).Count | Should -Be 2
        Get-ContainerImage c* -Label team=other | Should -BeNullOrEmpty
    }

    It 'takes piped images, and gives results in their order' {
        $names = Get-ContainerImage box, other | Add-ContainerImageTag -Tag ':9' -PassThru | ForEach-Object Name
        $names -join ' ' | Should -Be 'docker.io/library/box:9 docker.io/library/other:9'
    }

    It 'makes the name of each with a script block, or takes it from a property' {
        $names = Get-ContainerImage box, other | Add-ContainerImageTag -Tag { $_.Name -replace '^docker.io/library', 'registry.test/mirror' } -PassThru | ForEach-Object Name
        $names -join ' ' | Should -Be 'registry.test/mirror/box:latest registry.test/mirror/other:latest'
        $rows = [pscustomobject] @{ Image = 'box'; Tag = 'row:1' }, [pscustomobject] @{ Image = 'other'; Tag = 'row:2' }
        ($rows | Add-ContainerImageTag -PassThru).Digest -join ' ' | Should -Be "$box $other"
    }

    It 'gives a name to the first of several that are to have it' {
        foreach ($round in 1..3) {
            $added = @(Get-ContainerImage other, box | Sort-Object Name -Descending | Add-ContainerImageTag -Tag one:1 -PassThru -ErrorAction SilentlyContinue -ErrorVariable failures)
            $added.Digest | Should -Be $other
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'ImageAlreadyExists,*'
            Get-ContainerImage other, box | Sort-Object Name -Descending | Add-ContainerImageTag -Tag one:1 -Force
            (Get-ContainerImage one:1).Digest | Should -Be $box
            Remove-ContainerImage one:1
        }
    }

    It 'takes an object for what it was when it was read' {
        Add-ContainerImageTag box moved:1
        $read = Get-ContainerImage moved:1
        Add-ContainerImageTag other moved:1 -Force
        $e = { $read | Add-ContainerImageTag -Tag kept:1 -ErrorAction Stop } | Should -Throw -ErrorId 'ImageChanged,*' -PassThru
        $e.Exception.Message | Should -BeLike "*moved:1*$box*$other*"
        (Set-ContainerImage other -Target $read -PassThru).Digest | Should -Be $box
        Set-ContainerImage other -Target $other
    }

    It 'leaves an image alone that has the name already' {
        (Add-ContainerImageTag box box -Label @{ team = 'web' } -PassThru).Labels['team'] | Should -Be 'web'
        (Get-ContainerImage box).Labels['from'] | Should -Be 'folder'
    }

    It 'takes a name from another image only when forced' {
        $e = { Add-ContainerImageTag other box -ErrorAction Stop } | Should -Throw -ErrorId 'ImageAlreadyExists,*' -PassThru
        $e.CategoryInfo.Category | Should -Be 'ResourceExists'
        $e.TargetObject | Should -Be 'box'
        $e.Exception.Message | Should -BeLike "*$box*-Force*"
        $e.Exception.Message | Should -BeLike "*'$($daemon.Namespace)'*"
        (Get-ContainerImage box).Digest | Should -Be $box
        (Add-ContainerImageTag other box -Force -PassThru).Digest | Should -Be $other
        (Get-ContainerImage box).Labels.Count | Should -Be 0
        Add-ContainerImageTag other box -Force -WhatIf
    }

    It 'gives no image a name with the digest of another' {
        foreach ($script in
            { Add-ContainerImageTag box "box@$other" -ErrorAction Stop },
            { Import-ContainerImage -RootFileSystem $rootfs -Name "new@$box" -ErrorAction Stop },
            { [void] (Add-ContainerImageTag box "box@$box"); Set-ContainerImage "box@$box" -Target $other -ErrorAction Stop }) {
            $e = $script | Should -Throw -ErrorId 'DigestMismatch,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'InvalidArgument'
            $e.Exception.Message | Should -BeLike "*@sha256:*cannot be the name of the image sha256:*"
        }

        (Get-ContainerImage "box@$box").Digest | Should -Be $box
        @(Get-ContainerImage).Count | Should -Be 3
    }

    It 'finds an image by its digest, as lists show it' {
        foreach ($digest in $other, $other.Substring(7), $other.Substring(7, 12)) { (Get-ContainerImage $digest).Name | Should -Be 'docker.io/library/other:latest' }
        Add-ContainerImageTag $other.Substring(7, 12) copy
        (Get-ContainerImage $other.Substring(7, 12)).Name -join ' ' | Should -Be 'docker.io/library/copy:latest docker.io/library/other:latest'
        $e = { Add-ContainerImageTag $other.Substring(7, 12) third -ErrorAction Stop } | Should -Throw -ErrorId 'AmbiguousName,*' -PassThru
        $e.Exception.Message | Should -BeLike '*docker.io/library/copy:latest, docker.io/library/other:latest*'
        $e = { Get-ContainerImage sha256:0123456789ab -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*' -PassThru
        $e.Exception.Message | Should -BeLike "*name or the digest 'sha256:0123456789ab'*'$($daemon.Namespace)'*"
    }

    It 'sets and removes labels, and leaves others' {
        Set-ContainerImage box -Label @{ team = 'web' } | Should -BeNullOrEmpty
        ((Set-ContainerImage box -Label 'team=', 'tier=front' -PassThru).Labels.Keys | Sort-Object) -join ' ' | Should -Be 'from tier'
        Get-Ctr images, ls | Where-Object { $_ -match 'library/box' } | Should -Match 'from=folder,tier=front'
        (Set-ContainerImage box -Label tier= -PassThru).Labels.Keys -join ' ' | Should -Be 'from'
    }

    It 'points a name at another image, or at a digest, and keeps its labels' {
        $changed = Set-ContainerImage box -Target other -PassThru
        $changed.Digest | Should -Be $other
        $changed.MediaType | Should -Be (Get-ContainerImage other).MediaType
        $changed.Labels['from'] | Should -Be 'folder'
        Set-ContainerImage box -Target $box
        (Get-ContainerImage box).Digest | Should -Be $box
        (Get-ContainerImage box).Platforms.Count | Should -Be 1
        Get-ContainerImage box | Set-ContainerImage -Target (Get-ContainerImage other)
        (Get-ContainerImage box).Digest | Should -Be $other
        Set-ContainerImage box -Target $box -WhatIf
        (Get-ContainerImage box).Digest | Should -Be $other
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a name with blanks'; script = { Add-ContainerImageTag box 'bad name' -ErrorAction Stop }; id = 'InvalidImageName' }
        @{ what = 'a name in capitals'; script = { Add-ContainerImageTag box Bad/Name -ErrorAction Stop }; id = 'InvalidImageName' }
        @{ what = 'an empty tag'; script = { Add-ContainerImageTag box ':' -ErrorAction Stop }; id = 'InvalidImageName' }
        @{ what = 'a pattern for an image'; script = { Add-ContainerImageTag 'b*' x -ErrorAction Stop }; id = 'InvalidImageName' }
        @{ what = 'an unknown image'; script = { Add-ContainerImageTag nosuch x -ErrorAction Stop }; id = 'ImageNotFound' }
        @{ what = 'an unknown image to label'; script = { Set-ContainerImage nosuch -Label a=b -ErrorAction Stop }; id = 'ImageNotFound' }
        @{ what = 'an unknown target'; script = { Set-ContainerImage box -Target nosuch -ErrorAction Stop }; id = 'ImageNotFound' }
        @{ what = 'a digest that is not here'; script = { Set-ContainerImage box -Target "sha256:$('a' * 64)" -ErrorAction Stop }; id = 'BlobNotFound' }
        @{ what = 'a target that is a layer'; script = { Set-ContainerImage box -Target (Get-ContainerImageHistory box).Digest -ErrorAction Stop }; id = 'InvalidImageTarget' }
        @{ what = 'a label too long'; script = { Set-ContainerImage box -Label @{ a = 'x' * 5000 } -ErrorAction Stop }; id = 'LabelTooLong' }
        @{ what = 'a namespace that has no such image'; script = { Add-ContainerImageTag box x -Namespace elsewhere -ErrorAction Stop }; id = 'ImageNotFound' }
    ) {
        $script | Should -Throw -ErrorId "$id,*"
    }

    It 'says which other namespace has the image' {
        $e = { Set-ContainerImage box -Label a=b -Namespace elsewhere -ErrorAction Stop } | Should -Throw -PassThru
        $e.Exception.Message | Should -BeLike "*-Namespace $($daemon.Namespace)*"
    }
}

Describe 'A list of images that is larger than a message' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon -Configuration "[grpc]`n  max_send_message_size = 100000"
        $folder = New-TestFolder
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($folder, $true)
    }

    It 'comes in parts' {
        [IO.File]::WriteAllText("$folder/file", 'x')
        [void] (Import-ContainerImage -RootFileSystem $folder -Name box)
        Add-ContainerImageTag box (1..1000 | ForEach-Object { "tags/box:$_" })
        foreach ($i in 1..3) {
            [IO.File]::WriteAllText("$folder/file", "$i")
            [void] (Import-ContainerImage -RootFileSystem $folder -Name "box$i")
        }

        & ctr --address $daemon.Address --namespace $daemon.Namespace images ls -q 2>&1 | Should -Match 'larger than max'
        $images = @(Get-ContainerImage)
        $images.Count | Should -Be 1004
        @($images.Name | Select-Object -Unique).Count | Should -Be 1004
        @(Get-ContainerImage tags/*).Count | Should -Be 1000
        $images.Digest | Select-Object -Unique | Measure-Object | ForEach-Object Count | Should -Be 4
    }
}
