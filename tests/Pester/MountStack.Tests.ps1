Describe 'Mounts at one path' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        $folder = New-TestFolder
        'one', 'two', 'three' | ForEach-Object { [void] (Import-ContainerImage -RootFileSystem $rootfs -Name $_ -ErrorAction Stop) }
    }

    BeforeEach {
        [void] [IO.Directory]::CreateDirectory("$folder/d")
        's1', 's2' | ForEach-Object { [void] (New-ContainerSnapshot $_ -Image one) }
    }

    AfterEach {
        # From the top down, whoever has mounted it.
        Get-MountLine "$folder/d/in" | ForEach-Object { & umount "$folder/d/in" }
        Get-MountLine "$folder/d" | ForEach-Object { & umount "$folder/d" }
        Get-ContainerSnapshot -Kind Active, View | Remove-ContainerSnapshot
        Get-Leftover $daemon | Should -BeNullOrEmpty
        Get-MountRecord $daemon | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    It 'refuses <what> before anything is mounted' -ForEach @(
        @{ what = 'several snapshots'; script = { Mount-ContainerSnapshot s1, s2 "$folder/d" -ErrorAction Stop }; says = "*2:*'s1'*'s2'*" }
        @{ what = 'several piped snapshots'; script = { Get-ContainerSnapshot s1, s2 | Mount-ContainerSnapshot -Path "$folder/d" -ErrorAction Stop }; says = "*'s1'*'s2'*" }
        @{ what = 'several snapshots, forced'; script = { Mount-ContainerSnapshot s1, s2 "$folder/d" -Force -ErrorAction Stop }; says = "*'s1'*'s2'*" }
        @{ what = 'several images'; script = { Mount-ContainerImage one, two, three "$folder/new" -ErrorAction Stop }; says = "*3:*'one'*'two'*'three'*" }
        @{ what = 'several piped images'; script = { Get-ContainerImage one, two | Mount-ContainerImage "$folder/d" -ErrorAction Stop }; says = '*one*two*' }
    ) {
        $e = $script | Should -Throw -ErrorId 'AmbiguousPath,*' -PassThru
        $e.Exception.Message | Should -BeLike "$says*Nothing was mounted*"
        $e.TargetObject | Should -BeLike "$folder/*"
        Get-MountLine "$folder/d" | Should -BeNullOrEmpty
        [IO.Directory]::Exists("$folder/new") | Should -BeFalse
        Get-MountRecord $daemon | Should -BeNullOrEmpty
    }

    It 'mounts each of several at the folder that a script block gives it' {
        $mounted = Get-ContainerSnapshot s1, s2 | Mount-ContainerSnapshot -Path { "$folder/each/$($_.Key)" } -ErrorAction Stop
        $mounted.Path -join ' ' | Should -Be "$folder/each/s1 $folder/each/s2"
        $mounted | Dismount-ContainerSnapshot -ErrorAction Stop

        # The folder between goes with the last of them, in whatever order they were made and ended.
        [IO.Directory]::Exists("$folder/each") | Should -BeFalse
        foreach ($order in @('one', 'two'), @('two', 'one')) {
            [void] (Mount-ContainerImage one "$folder/each/one" -ErrorAction Stop)
            [void] (Mount-ContainerImage two "$folder/each/two" -ErrorAction Stop)
            foreach ($name in $order) { Dismount-ContainerImage $name -ErrorAction Stop }
            [IO.Directory]::Exists("$folder/each") | Should -BeFalse
        }
        { Mount-ContainerImage one /proc/none/one -ErrorAction Stop } | Should -Throw -ErrorId 'FolderNotMade,*' -ExpectedMessage "*'/proc/none/one'*cannot be made*"
        $images = Get-ContainerImage one, two | Mount-ContainerImage -Path { "$folder/" + ($_.Name -split '[/:]')[-2] } -ErrorAction Stop
        $images.Path -join ' ' | Should -Be "$folder/one $folder/two"
        $images | Dismount-ContainerImage -ErrorAction Stop

        # Of those that would share a folder none is mounted, and the others are.
        $some = Get-ContainerImage one, two, three | Mount-ContainerImage -Path { $folder + ($_.Name -match 'three' ? '/own' : '/shared') } -ErrorAction SilentlyContinue -ErrorVariable failures
        $some.Path | Should -Be "$folder/own"
        $failures.Count | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'AmbiguousPath,*'
        $failures[0].Exception.Message | Should -BeLike "*'$folder/shared'*2:*one*two*"
        $failures[0].TargetObject | Should -Be "$folder/shared"
        $some | Dismount-ContainerImage -ErrorAction Stop
        [IO.Directory]::Exists("$folder/shared") | Should -BeFalse
    }

    It 'refuses a path where something is mounted, and says what' {
        [void] (Mount-ContainerSnapshot s1 "$folder/d" -ErrorAction Stop)
        $e = { Mount-ContainerSnapshot s2 "$folder/d" -ErrorAction Stop } | Should -Throw -ErrorId 'MountPointInUse,*' -PassThru
        $e.Exception.Message | Should -BeLike "*'$folder/d' the snapshot 's1' of 'overlayfs'*-Force*"
        [void] [IO.Directory]::CreateSymbolicLink("$folder/link", "$folder/d")
        { Mount-ContainerSnapshot s2 "$folder/link" -ErrorAction Stop } | Should -Throw -ErrorId 'MountPointInUse,*'
        [IO.File]::Delete("$folder/link")
        @(Get-MountLine "$folder/d").Count | Should -Be 1
        Dismount-ContainerSnapshot s1 -ErrorAction Stop

        [void] (New-ContainerSnapshot empty)
        [void] (Mount-ContainerSnapshot empty "$folder/d" -ErrorAction Stop)
        { Mount-ContainerImage two "$folder/d" -ErrorAction Stop } | Should -Throw -ErrorId 'MountPointInUse,*'
        Dismount-ContainerSnapshot empty -ErrorAction Stop

        [void] (Mount-ContainerImage one "$folder/d" -ErrorAction Stop)
        $e = { Mount-ContainerImage two "$folder/d" -ErrorAction Stop } | Should -Throw -ErrorId 'MountPointInUse,*' -PassThru
        $e.Exception.Message | Should -BeLike "*the image 'docker.io/library/one:latest'*"
        Dismount-ContainerImage one -ErrorAction Stop

        & mount -t tmpfs none "$folder/d"
        $e = { Mount-ContainerSnapshot s1 "$folder/d" -ErrorAction Stop } | Should -Throw -ErrorId 'MountPointInUse,*' -PassThru
        $e.Exception.Message | Should -BeLike "*a filesystem of the type 'tmpfs'*"
        @(Get-MountLine "$folder/d").Count | Should -Be 1
    }

    It 'ends the mount it was told to, and none that lies over it' {
        [void] (Mount-ContainerSnapshot s1 "$folder/d" -ErrorAction Stop)
        [void] (Mount-ContainerSnapshot s2 "$folder/d" -Force -ErrorAction Stop)
        foreach ($force in $false, $true) {
            $e = { Dismount-ContainerSnapshot s1 -Force:$force -ErrorAction Stop } | Should -Throw -ErrorId 'MountCovered,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'s1'*'$folder/d'*the snapshot 's2'*Dismount that first*"
        }
        @(Get-MountLine "$folder/d").Count | Should -Be 2
        (Get-ContainerSnapshot s1, s2).MountPoints | Should -Be "$folder/d", "$folder/d"
        { Remove-ContainerSnapshot s1, s2 -Force -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*'
        Dismount-ContainerSnapshot -Path "$folder/d" -ErrorAction Stop
        (Get-ContainerSnapshot s2).MountPoints.Count | Should -Be 0
        (Get-ContainerSnapshot s1).MountPoints | Should -Be "$folder/d"
        Dismount-ContainerSnapshot s1 -ErrorAction Stop
        Get-MountLine "$folder/d" | Should -BeNullOrEmpty

        # The same one twice ends as a whole.
        1..2 | ForEach-Object { [void] (Mount-ContainerImage one "$folder/d" -Force -ErrorAction Stop) }
        Dismount-ContainerImage one -ErrorAction Stop
        Get-MountLine "$folder/d" | Should -BeNullOrEmpty
    }

    It 'ends no mount that <what> is mounted over' -ForEach @(
        @{ what = 'something else'; above = { "$folder/d/in" } }
        @{ what = 'something on a folder above'; above = { "$folder/d" } }
    ) {
        [void] [IO.Directory]::CreateDirectory("$folder/d/in")
        $point = Mount-ContainerSnapshot s1 "$folder/d/in" -ErrorAction Stop
        & mount -t tmpfs none (& $above)
        $e = { $point | Dismount-ContainerSnapshot -ErrorAction Stop } | Should -Throw -ErrorId 'MountCovered,*' -PassThru
        $e.Exception.Message | Should -BeLike "*at '$(& $above)' a filesystem of the type 'tmpfs'*"
        @(Get-MountLine (& $above))[-1] | Should -BeLike '* tmpfs *'
        (Get-ContainerSnapshot s1).MountPoints | Should -Be "$folder/d/in"
        & umount (& $above)
        $point | Dismount-ContainerSnapshot -ErrorAction Stop
        [IO.Directory]::Delete("$folder/d/in")
    }

    It 'ends no mount that holds another of ours' {
        $outer = Mount-ContainerSnapshot s1 "$folder/d" -ErrorAction Stop
        [void] (Mount-ContainerImage two "$folder/d/in" -ErrorAction Stop)
        $e = { $outer | Dismount-ContainerSnapshot -Force -ErrorAction Stop } | Should -Throw -ErrorId 'MountBusy,*' -PassThru
        $e.Exception.Message | Should -BeLike "*'$folder/d/in' the image 'docker.io/library/two:latest'*"
        Dismount-ContainerImage two -ErrorAction Stop
        $outer | Dismount-ContainerSnapshot -ErrorAction Stop
        Get-MountLine "$folder/d" | Should -BeNullOrEmpty
    }

    It 'takes along the folders that were made for it, unless something was put into them' {
        [void] [IO.Directory]::CreateSymbolicLink("$folder/link", "$folder/d")
        [void] (Mount-ContainerImage one "$folder/link/a/b/c/" -ErrorAction Stop)
        [IO.Directory]::Exists("$folder/d/a/b/c/bin") | Should -BeTrue
        Dismount-ContainerImage one -ErrorAction Stop
        [IO.Directory]::GetFileSystemEntries("$folder/d") | Should -BeNullOrEmpty
        [IO.Directory]::Delete("$folder/link")

        [void] (Mount-ContainerSnapshot s1 "$folder/d/a/b/c" -ErrorAction Stop)
        [IO.File]::WriteAllText("$folder/d/a/mine", 'x')
        Dismount-ContainerSnapshot s1 -ErrorAction Stop
        [IO.Directory]::GetFileSystemEntries("$folder/d/a") | Should -Be "$folder/d/a/mine"

        # Those that were there stay, and a mount that fails leaves none.
        [void] (Mount-ContainerSnapshot s1 "$folder/d/a/b/c" -ErrorAction Stop)
        Dismount-ContainerSnapshot s1 -ErrorAction Stop
        { Mount-ContainerSnapshot s1 "$folder/d/a/b/c" -Option nosuchoption -ErrorAction Stop } | Should -Throw -ErrorId 'MountFailed,*'
        { Mount-ContainerSnapshot s1 "$folder/d/a/mine/c" -ErrorAction Stop } | Should -Throw
        [IO.Directory]::GetFileSystemEntries("$folder/d/a") | Should -Be "$folder/d/a/mine"
        [IO.Directory]::Delete("$folder/d/a", $true)
    }
}
