Describe 'Snapshots of piped images' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        $folder = New-TestFolder
        [IO.File]::WriteAllText("$folder/new", 'new')
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name base -Command sh -ErrorAction Stop)
        $below = (Get-ContainerSnapshot).Key
        [void] (New-Container web -Image base)
        Copy-ContainerItem "$folder/new" web:/srv/new
        [void] (ConvertTo-ContainerImage web two)
        Copy-ContainerItem "$folder/new" web:/srv/newer
        [void] (ConvertTo-ContainerImage web packed -NoUnpack)
        $top = (Get-ContainerSnapshot -Kind Committed | Where-Object Parent -eq $below).Key
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    It 'are their top layers' {
        $top | Should -Match '^sha256:'
        (Get-ContainerImage two | Get-ContainerSnapshot).Key | Should -Be $top
        (Get-ContainerImage base, two | Get-ContainerSnapshot).Key -join ' ' | Should -Be "$below $top"
        (Get-ContainerImage two | Get-ContainerSnapshot -Ancestor).Key | Should -Be $below
        (Get-ContainerImage base | Get-ContainerSnapshot -Tree | ForEach-Object Key | Sort-Object) -join ' ' | Should -Be ((@($below, $top, 'web') | Sort-Object) -join ' ')
        Get-ContainerImage two | Get-ContainerSnapshot -Kind Active | Should -BeNullOrEmpty
    }

    It 'are measured, compared, and made more of' {
        $usage = Get-ContainerImage two | Measure-ContainerSnapshot -IncludeParent
        $usage.Key | Should -Be $top
        $usage.TotalSize | Should -Be (Get-ContainerImage two).UnpackedSize
        ($usage | Get-ContainerSnapshot).Key | Should -Be $top
        (Get-ContainerImage two | Compare-ContainerSnapshot -Change Added).Path | Should -Be '/srv/new'
        (Compare-ContainerSnapshot (Get-ContainerImage two) (Get-ContainerImage base) -Change Added).Path | Should -Be '/srv/new'
        $made = Get-ContainerImage two | New-ContainerSnapshot work
        $made.Parent | Should -Be $top
        $made | Remove-ContainerSnapshot
        (Get-ContainerImage two | Set-ContainerSnapshot @{ note = 'x' } -PassThru).Key | Should -Be $top
    }

    It 'are mounted to be read' {
        $point = Get-ContainerImage two | Mount-ContainerSnapshot "$folder/mount"
        "$($point.Key) $($point.ReadOnly)" | Should -Be "$top True"
        [IO.File]::ReadAllText("$folder/mount/srv/new") | Should -Be 'new'
        Get-ContainerImage two | Dismount-ContainerSnapshot
        Get-MountLine "$folder/mount" | Should -BeNullOrEmpty
    }

    It 'are refused where something needs them' {
        { Get-ContainerImage two | Remove-ContainerSnapshot -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*'
        { Get-ContainerImage two | Complete-ContainerSnapshot other -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotActive,*'
    }

    It 'are an error that says what to do where the image is not unpacked: <name>' -ForEach @(
        @{ name = 'Get-ContainerSnapshot' }
        @{ name = 'Measure-ContainerSnapshot' }
        @{ name = 'Mount-ContainerSnapshot' }
    ) {
        $e = { Get-ContainerImage packed | & $name -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotUnpacked,*' -PassThru
        $e.Exception.Message | Should -BeLike "*'docker.io/library/packed:latest'*'overlayfs'*Expand-ContainerImage*"
        $e.TargetObject.Name | Should -Be 'docker.io/library/packed:latest'
        $e.CategoryInfo.Category | Should -Be 'InvalidOperation'
        $given = Get-ContainerImage packed, two | & $name -ErrorAction SilentlyContinue -ErrorVariable failed
        $given | Where-Object { $_ -is [ContainerdPS.ContainerSnapshotMountPoint] } | Dismount-ContainerSnapshot
        $given.Key | Should -Be $top
        $failed.Count | Should -Be 1
    }

    It 'are those of another snapshotter where that is named' {
        $e = { Get-ContainerImage two | Get-ContainerSnapshot -Snapshotter native -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotUnpacked,*' -PassThru
        $e.Exception.Message | Should -BeLike "*'native'*-Snapshotter*'overlayfs'*"
        Get-ContainerImage two | Expand-ContainerImage -Snapshotter native
        $found = Get-ContainerImage two | Get-ContainerSnapshot -Snapshotter native
        "$($found.Snapshotter) $($found.Key)" | Should -Be "native $top"
        (Get-ContainerImage two | Measure-ContainerSnapshot -Snapshotter native).Snapshotter | Should -Be 'native'
        { Get-ContainerImage two | Get-ContainerSnapshot -Snapshotter * -ErrorAction Stop } | Should -Throw -ErrorId 'TooManySnapshotters,*'
        { Get-ContainerImage two | Get-ContainerSnapshot -Snapshotter nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotterNotFound,*'
    }

    It 'are an error where the image is gone' {
        [void] (Add-ContainerImageTag two gone)
        $gone = Get-ContainerImage gone
        Remove-ContainerImage gone
        { $gone | Get-ContainerSnapshot -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
        { $gone | Measure-ContainerSnapshot -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
    }
}
