Describe 'Snapshots' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        $folder = New-TestFolder
        $image = Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sleep, 60 -ErrorAction Stop
        $top = (@($image | Get-ContainerdContent)[1]).Labels['containerd.io/gc.ref.snapshot.overlayfs']

        function Invoke-Ctr { & ctr --address $daemon.Address --namespace $daemon.Namespace @args }

        # A collection that is waited for.
        function Invoke-Collection {
            Invoke-Ctr leases create --id collect --expires 1h | Out-Null
            Invoke-Ctr leases rm --sync collect | Out-Null
        }

        function Get-CtrKeys([string] $Snapshotter = 'overlayfs') {
            Invoke-Ctr snapshots --snapshotter $Snapshotter ls | Select-Object -Skip 1 | ForEach-Object { ($_ -split '\s+')[0] } | Sort-Object
        }
    }

    AfterEach {
        Get-ContainerSnapshot -Snapshotter overlayfs, native | Where-Object MountPoints | Dismount-ContainerSnapshot -Force
        Get-Container | Remove-Container -Force
        foreach ($snapshotter in 'overlayfs', 'native') {
            for ($i = 0; $i -lt 3; $i++) { Get-ContainerSnapshot -Snapshotter $snapshotter | Where-Object Parent -eq $null | Where-Object Key -ne $top | Remove-ContainerSnapshot -Recurse -Force }
            Get-ContainerSnapshot -Snapshotter $snapshotter | Where-Object Parent -eq $top | Remove-ContainerSnapshot -Recurse -Force
        }
        Get-CtrKeys | Should -Be $top
        Get-CtrKeys native | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    Context 'Reading' {
        BeforeEach {
            [void] (New-Container c1 -Image busybox)
            [void] (New-ContainerSnapshot one)
            [void] (Complete-ContainerSnapshot one base)
            'left', 'right' | ForEach-Object { [void] (New-ContainerSnapshot $_ base -Label "side=$_") }
            [void] (New-ContainerSnapshot look base -View)
        }

        It 'takes no script for the name of one that is completed' {
            [void] (New-ContainerSnapshot w1)
            { Get-ContainerSnapshot w1 | Complete-ContainerSnapshot -Name { "done-$($_.Key)" } -ErrorAction Stop } | Should -Throw -ExpectedMessage '*script block*ForEach-Object*'
            (Get-ContainerSnapshot w1).Kind | Should -Be 'Active'
        }

        It 'lists what ctr lists' {
            (Get-ContainerSnapshot | ForEach-Object Key | Sort-Object) -join ' ' | Should -Be ((Get-CtrKeys) -join ' ')
            foreach ($line in Invoke-Ctr snapshots ls | Select-Object -Skip 1) {
                $words = $line.Trim() -split '\s+'
                $snapshot = Get-ContainerSnapshot $words[0]
                "$($snapshot.Kind)" | Should -Be $words[-1]
                "$($snapshot.Parent)" | Should -Be $(if ($words.Count -eq 3) { $words[1] } else { '' })
            }
            $info = (Invoke-Ctr snapshots info left) -join "`n" | ConvertFrom-Json
            $left = Get-ContainerSnapshot left
            $left.CreatedAt.ToUnixTimeSeconds() | Should -Be ([DateTimeOffset] $info.Created).ToUnixTimeSeconds()
            $left.Labels['side'] | Should -Be 'left'
            $left.Snapshotter | Should -Be 'overlayfs'
            $left.Namespace | Should -Be $daemon.Namespace
            "$left" | Should -Be 'left'
        }

        It 'finds them by key, wildcard, kind, label and filter' {
            (Get-ContainerSnapshot le*).Key | Should -Be 'left'
            (Get-ContainerSnapshot left, r*).Key -join ' ' | Should -Be 'left right'
            (Get-ContainerSnapshot -Kind View).Key | Should -Be 'look'
            (Get-ContainerSnapshot -Label side | ForEach-Object Key | Sort-Object) -join ' ' | Should -Be 'left right'
            (Get-ContainerSnapshot -Label side=right).Key | Should -Be 'right'
            (Get-ContainerSnapshot -Filter 'parent==base', 'name==base' -Kind Active, Committed | ForEach-Object Key | Sort-Object) -join ' ' | Should -Be 'base left right'
            (Get-ContainerSnapshot base -Snapshotter *).Key | Should -Be 'base'
            (Get-ContainerSnapshot base -Namespace *).Key | Should -Be 'base'
            Get-ContainerSnapshot nosuch* | Should -BeNullOrEmpty
        }

        It 'gives that of a container, and reads piped ones again' {
            $snapshot = Get-Container c1 | Get-ContainerSnapshot
            $snapshot.Key | Should -Be 'c1'
            $snapshot.Parent | Should -Be $top
            ($snapshot | Get-ContainerSnapshot).Key | Should -Be 'c1'
            Set-ContainerSnapshot c1 -Label new=x
            ($snapshot | Get-ContainerSnapshot).Labels['new'] | Should -Be 'x'
        }

        It 'shows them as a tree, as ctr does' {
            $ours = Get-ContainerSnapshot -Tree | ForEach-Object { if ($_.Depth) { (' ' * (2 * $_.Depth)) + '\_ ' + $_.Key } else { ' ' + $_.Key } }
            ($ours | Sort-Object) -join "`n" | Should -Be ((Invoke-Ctr snapshots tree | Sort-Object) -join "`n")
            (Get-ContainerSnapshot base -Tree).Key -join ' ' | Should -Be 'base left look right'
            (Get-ContainerSnapshot base -Tree).Depth -join ' ' | Should -Be '0 1 1 1'
            Get-ContainerSnapshot base -Tree | Out-String | Should -Match 'base\s+Committed[^\n]*\n├ left\s+Active[^\n]*\n├ look\s+View[^\n]*\n└ right\s+Active'
            (Get-ContainerSnapshot left -Ancestor).Key | Should -Be 'base'
            (Get-ContainerSnapshot left | Get-ContainerSnapshot -Ancestor).Key | Should -Be 'base'
            (Get-Container c1 | Get-ContainerSnapshot -Ancestor).Key | Should -Be $top
            Get-ContainerSnapshot base -Ancestor | Should -BeNullOrEmpty
        }

        It 'says what is not there' {
            $e = { Get-ContainerSnapshot nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $e.TargetObject | Should -Be 'nosuch'
            { Get-ContainerSnapshot nosuch -Tree -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*'
            { Get-ContainerSnapshot nosuch -Ancestor -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*'
            $e = { Get-ContainerSnapshot -Snapshotter nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotterNotFound,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'nosuch'*overlayfs*-Snapshotter*"
            { Get-ContainerSnapshot left -Snapshotter native -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*'
            { Get-ContainerImage busybox | Get-ContainerdContent | Get-ContainerSnapshot -ErrorAction Stop } | Should -Throw -ErrorId 'NotASnapshot,*'
        }

        It 'completes keys and snapshotters' {
            foreach ($case in @('Get-ContainerSnapshot le', 'left'), @('Remove-ContainerSnapshot ri', 'right'), @('Get-ContainerSnapshot -Snapshotter nat', 'native')) {
                [Management.Automation.CommandCompletion]::CompleteInput($case[0], $case[0].Length, $null).CompletionMatches.CompletionText | Should -Be $case[1]
            }
        }
    }

    Context 'Making, committing and labelling' {
        It 'makes them on nothing, on a snapshot and on an image, and they stay' {
            $empty = New-ContainerSnapshot empty -Label a=b
            $empty.Kind | Should -Be 'Active'
            $empty.Parent | Should -BeNullOrEmpty
            $empty.Labels['a'] | Should -Be 'b'
            $empty.Labels.ContainsKey('containerd.io/gc.root') | Should -BeTrue
            (New-ContainerSnapshot work -Image busybox).Parent | Should -Be $top
            (Get-ContainerImage busybox | ForEach-Object { New-ContainerSnapshot look -Image $_ -View }).Kind | Should -Be 'View'
            $base = Complete-ContainerSnapshot empty base -Label c=d
            $base.Key | Should -Be 'base'
            $base.Kind | Should -Be 'Committed'
            $base.Labels['c'] | Should -Be 'd'
            $base.Labels.ContainsKey('a') | Should -BeFalse
            ($base | New-ContainerSnapshot onbase, onbase2).Parent -join ' ' | Should -Be 'base base'
            $before = Get-CtrKeys
            Invoke-Collection
            (Get-CtrKeys) -join ' ' | Should -Be ($before -join ' ')
            $before | Should -Not -Contain 'empty'
        }

        It 'unpacks the image for another snapshotter' {
            $work = New-ContainerSnapshot work -Image busybox -Snapshotter native
            $work.Snapshotter | Should -Be 'native'
            $work.Parent | Should -Be $top
            Get-CtrKeys native | Should -Contain 'work'
            Remove-ContainerSnapshot work -Snapshotter native
            Remove-ContainerSnapshot $top -Snapshotter native -Force
            # The image's configuration still says that it is there, and is unpacked again when it is used.
            Set-ContainerdContent @($image | Get-ContainerdContent)[1] -Label containerd.io/gc.ref.snapshot.native=
        }

        It 'leaves them to a lease where one is given' {
            Invoke-Ctr leases create --id mine --expires 1h | Out-Null
            $work = New-ContainerSnapshot work -Image busybox -Lease mine
            $work.Labels.Count | Should -Be 0
            (Complete-ContainerSnapshot work done -Lease mine).Labels.Count | Should -Be 0
            Invoke-Collection
            Get-CtrKeys | Should -Contain 'done'
            $e = { Remove-ContainerSnapshot done -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*' -PassThru
            $e.Exception.Message | Should -BeLike "*the lease 'mine'*"
            Invoke-Ctr leases rm --sync mine | Out-Null
            Get-CtrKeys | Should -Not -Contain 'done'
            { New-ContainerSnapshot work -Lease nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'LeaseNotFound,*'
            Get-CtrKeys | Should -Not -Contain 'work'
        }

        It 'refuses what cannot be made, and names what stands in the way' {
            [void] (New-ContainerSnapshot work)
            $e = { New-ContainerSnapshot work -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotAlreadyExists,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ResourceExists'
            { New-ContainerSnapshot x -Parent work -ErrorAction Stop } | Should -Throw -ErrorId 'ParentNotCommitted,*'
            $e = { New-ContainerSnapshot x -Parent nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'nosuch'*"
            { New-ContainerSnapshot x -Image nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
            { New-ContainerSnapshot x -Snapshotter nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotterNotFound,*'
            { New-ContainerSnapshot x -Label @{ big = 'x' * 4096 } -ErrorAction Stop } | Should -Throw -ErrorId 'LabelTooLong,*'
            New-ContainerSnapshot x -WhatIf
            Get-CtrKeys | Should -Not -Contain 'x'
            Get-Leftover $daemon | Should -Not -Match '^containerdps-'
        }

        It 'refuses to commit what a container lives in, and what is no active one' {
            [void] (New-Container c1 -Image busybox)
            $e = { Get-Container c1 | Complete-ContainerSnapshot -Name layer -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*' -PassThru
            $e.Exception.Message | Should -BeLike "*the container 'c1'*-KeepSnapshot*"
            Remove-Container c1 -KeepSnapshot
            (Complete-ContainerSnapshot c1 layer).Parent | Should -Be $top
            { Complete-ContainerSnapshot layer again -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotActive,*' -ExpectedMessage '*committed already*'
            [void] (New-ContainerSnapshot look layer -View)
            { Complete-ContainerSnapshot look again -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotActive,*' -ExpectedMessage '*view*'
            [void] (New-ContainerSnapshot more)
            { Complete-ContainerSnapshot more layer -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotAlreadyExists,*'
            (Get-ContainerSnapshot more).Kind | Should -Be 'Active'
            { Complete-ContainerSnapshot nosuch again -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*'
        }

        It 'sets labels and leaves the others' {
            [void] (New-ContainerSnapshot work -Label keep=k)
            Set-ContainerSnapshot work -Label @{ team = 'a'; tier = 'x' } | Should -BeNullOrEmpty
            $changed = Get-ContainerSnapshot work | Set-ContainerSnapshot -Label tier=, more=m -PassThru
            $changed.Labels['team'] | Should -Be 'a'
            $changed.Labels['keep'] | Should -Be 'k'
            $changed.Labels.ContainsKey('tier') | Should -BeFalse
            $labels = ((Invoke-Ctr snapshots info work) -join "`n" | ConvertFrom-Json).Labels
            $labels.more | Should -Be 'm'
            $labels.keep | Should -Be 'k'
            { Set-ContainerSnapshot nosuch -Label a=b -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*'
            { Set-ContainerSnapshot work -Label @{ big = 'x' * 4096 } -ErrorAction Stop } | Should -Throw -ErrorId 'LabelTooLong,*'
        }
    }

    Context 'Measuring' {
        It 'tells what ctr tells, and the sum of it all' {
            [void] (New-ContainerSnapshot work -Image busybox)
            $lines = @{}
            foreach ($line in Invoke-Ctr snapshots usage -b | Select-Object -Skip 1) { $words = $line.Trim() -split '\s+'; $lines[$words[0]] = $words }
            $usage = @(Get-ContainerSnapshot | Measure-ContainerSnapshot -IncludeParent)
            $usage.Count | Should -Be 2
            foreach ($one in $usage) {
                $one.Size | Should -Be ([long] $lines[$one.Key][1])
                $one.Inodes | Should -Be ([long] $lines[$one.Key][2])
            }
            $work = $usage | Where-Object Key -eq work
            $work.TotalSize | Should -Be (($usage | ForEach-Object Size | Measure-Object -Sum).Sum)
            (Measure-ContainerSnapshot work).TotalSize | Should -BeNullOrEmpty
            $usage | Out-String | Should -Match 'work\s+\d+ KiB\s+1\s+1[.,]9 MiB\s+\d+'
            { Measure-ContainerSnapshot nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*'
        }
    }

    Context 'Mounts' {
        It 'gives the mounts that ctr gives' {
            [void] (New-ContainerSnapshot work -Image busybox)
            $mount = Get-ContainerSnapshotMount work
            "$mount".Replace(' overlay -o', ' overlay /mnt -o') | Should -Be (Invoke-Ctr snapshots mounts /mnt work)
            $mount.Type | Should -Be 'overlay'
            $mount.Options.Count | Should -BeGreaterThan 2
            $e = { Get-ContainerSnapshotMount $top -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotCommitted,*' -PassThru
            $e.Exception.Message | Should -BeLike '*New-ContainerSnapshot -View*'
            { Get-ContainerSnapshotMount nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*'
        }

        It 'mounts an active one to write to, carefully' {
            [void] (New-ContainerSnapshot work -Image busybox)
            $point = Mount-ContainerSnapshot work
            $point.ReadOnly | Should -BeFalse
            $point.Path | Should -BeLike "$([IO.Path]::GetTempPath().TrimEnd('/'))/containerdps-mount-*"
            (Get-MountLine $point.Path).Split(' ')[5] | Should -Be 'rw,nosuid,nodev,relatime'
            [IO.File]::Exists("$point/bin/busybox") | Should -BeTrue
            [IO.File]::WriteAllText("$point/srv/new", 'made on the host')
            (Get-ContainerSnapshot work).MountPoints | Should -Be $point.Path
            $point | Dismount-ContainerSnapshot
            [IO.Directory]::Exists($point.Path) | Should -BeFalse
            Get-MountLine $point.Path | Should -BeNullOrEmpty
            (Get-ContainerSnapshot work).MountPoints.Count | Should -Be 0
            # It is in the snapshot now.
            $again = Mount-ContainerSnapshot work -ReadOnly
            [IO.File]::ReadAllText("$again/srv/new") | Should -Be 'made on the host'
            { [IO.File]::WriteAllText("$again/srv/new", 'x') } | Should -Throw
            (Get-MountLine $again.Path).Split(' ')[5] | Should -Match '^ro,'
            Dismount-ContainerSnapshot work
        }

        It 'mounts a committed one and a view to read, and leaves no view behind' {
            $point = Get-ContainerSnapshot $top | Mount-ContainerSnapshot -Path "$folder/mnt"
            $point.ReadOnly | Should -BeTrue
            $point.Path | Should -Be "$folder/mnt"
            [IO.File]::Exists("$folder/mnt/bin/busybox") | Should -BeTrue
            { [IO.File]::WriteAllText("$folder/mnt/x", 'x') } | Should -Throw
            (Get-ContainerSnapshot -Kind View).Key | Should -Be $point.View
            Invoke-Collection
            (Get-ContainerSnapshot $top).MountPoints | Should -Be "$folder/mnt"
            $e = { Get-ContainerSnapshot -Kind View | Remove-ContainerSnapshot -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*' -PassThru
            $e.Exception.Message | Should -BeLike "*$folder/mnt*"
            Dismount-ContainerSnapshot -Path "$folder/mnt"
            Get-ContainerSnapshot -Kind View | Should -BeNullOrEmpty
            [IO.Directory]::Exists("$folder/mnt") | Should -BeFalse
            [void] (New-ContainerSnapshot look $top -View)
            (Mount-ContainerSnapshot look).View | Should -BeNullOrEmpty
            Dismount-ContainerSnapshot look
        }

        It 'takes further options, and keeps what was there' {
            [void] (New-ContainerSnapshot work -Snapshotter native)
            [void] [IO.Directory]::CreateDirectory("$folder/own")
            $point = Mount-ContainerSnapshot work "$folder/own" -Snapshotter native -Option 'suid,noexec'
            (Get-MountLine "$folder/own").Split(' ')[5] | Should -Be 'rw,nodev,noexec,relatime'
            [IO.File]::WriteAllText("$folder/own/x", 'x')
            $point | Dismount-ContainerSnapshot
            [IO.Directory]::Exists("$folder/own") | Should -BeTrue
            [IO.Directory]::GetFileSystemEntries("$folder/own") | Should -BeNullOrEmpty
            $read = Mount-ContainerSnapshot work "$folder/own" -Snapshotter native -ReadOnly
            (Get-MountLine "$folder/own").Split(' ')[5] | Should -Match '^ro,nosuid,nodev'
            { [IO.File]::WriteAllText("$folder/own/y", 'y') } | Should -Throw
            $read | Dismount-ContainerSnapshot
        }

        It 'mounts more layers than the kernel takes in one page' {
            $parent = $null
            foreach ($i in 1..60) {
                $on = if ($parent) { @{ Parent = $parent } } else { @{} }
                [void] (New-ContainerSnapshot "w$i" @on)
                if ($i -in 1, 60) {
                    $point = Mount-ContainerSnapshot "w$i"
                    [IO.File]::WriteAllText("$point/file$i", "$i")
                    $point | Dismount-ContainerSnapshot
                }
                $parent = (Complete-ContainerSnapshot "w$i" "l$i").Key
            }
            [void] (New-ContainerSnapshot many $parent)
            ((Get-ContainerSnapshotMount many).Options -join ',').Length | Should -BeGreaterThan 4096
            $here = [Environment]::CurrentDirectory
            $point = Mount-ContainerSnapshot many
            [Environment]::CurrentDirectory | Should -Be $here
            [IO.File]::ReadAllText("$point/file1") | Should -Be '1'
            [IO.File]::ReadAllText("$point/file60") | Should -Be '60'
            [IO.File]::WriteAllText("$point/top", 'x')
            $point | Dismount-ContainerSnapshot
            # The whole chain goes with the last tree view.
            (Get-ContainerSnapshot many -Ancestor).Count | Should -Be 60
        }

        It 'refuses to mount where it would hide or damage something' {
            [void] (New-ContainerSnapshot work -Image busybox)
            [IO.File]::WriteAllText("$folder/file", 'x')
            { Mount-ContainerSnapshot work "$folder/file" -ErrorAction Stop } | Should -Throw -ErrorId 'FolderExpected,*'
            $e = { Mount-ContainerSnapshot work $folder -ErrorAction Stop } | Should -Throw -ErrorId 'MountPointNotEmpty,*' -PassThru
            $e.Exception.Message | Should -BeLike '*-Force*'
            $point = Mount-ContainerSnapshot work
            $e = { Mount-ContainerSnapshot work -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*' -PassThru
            $e.Exception.Message | Should -BeLike "*$($point.Path)*-ReadOnly*"
            { Complete-ContainerSnapshot work layer -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*'
            { Remove-ContainerSnapshot work -Force -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*'
            $point | Dismount-ContainerSnapshot -ErrorAction Stop
            [void] (New-Container c1 -Image busybox)
            Start-ContainerTask c1
            $e = { Get-Container c1 | Mount-ContainerSnapshot -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*' -PassThru
            $e.Exception.Message | Should -BeLike "*the container 'c1'*"
            Invoke-ContainerCommand c1 -Command sh, -c, 'echo live > /srv/live'
            $read = Get-Container c1 | Mount-ContainerSnapshot -ReadOnly
            [IO.File]::ReadAllText("$read/srv/live").Trim() | Should -Be 'live'
            $read | Dismount-ContainerSnapshot -ErrorAction Stop
            { Mount-ContainerSnapshot work -Option nosuchoption -ErrorAction Stop } | Should -Throw -ErrorId 'MountFailed,*'
            { Mount-ContainerSnapshot nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*'
            Mount-ContainerSnapshot work -WhatIf
            [IO.Directory]::GetDirectories([IO.Path]::GetTempPath(), 'containerdps-mount-*') | Where-Object { "$(Get-MountLine $_)".Contains($daemon.Daemon.Path) } | Should -BeNullOrEmpty
        }

        It 'names who keeps a mount busy' {
            [void] (New-ContainerSnapshot work -Image busybox)
            $point = Mount-ContainerSnapshot work
            $user = [Diagnostics.Process]::Start([Diagnostics.ProcessStartInfo] @{ FileName = 'sleep'; Arguments = '100'; WorkingDirectory = $point.Path })
            $e = { $point | Dismount-ContainerSnapshot -ErrorAction Stop } | Should -Throw -ErrorId 'MountBusy,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ResourceBusy'
            $e.Exception.Message | Should -BeLike "*$($user.Id) (sleep)*-Force*"
            (Get-ContainerSnapshot work).MountPoints | Should -Be $point.Path
            $point | Dismount-ContainerSnapshot -Force
            Get-MountLine $point.Path | Should -BeNullOrEmpty
            $user.Kill()
            $user.WaitForExit()
        }

        It 'are ended by their folder, too' {
            [void] (New-ContainerSnapshot work -Image busybox)
            $point = Mount-ContainerSnapshot work
            Dismount-ContainerSnapshot $point.Path -ErrorAction Stop
            Get-MountLine $point.Path | Should -BeNullOrEmpty
            { Dismount-ContainerSnapshot $point.Path -ErrorAction Stop } | Should -Throw -ErrorId 'MountPointNotFound,*'
        }

        It 'are ended by another shell, and only those of ours' {
            [void] (New-ContainerSnapshot work -Image busybox)
            $point = Mount-ContainerSnapshot work
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            try {
                [void] $shell.AddScript("param(`$module, `$path) Import-Module `$module; Dismount-ContainerSnapshot -Path `$path -ErrorAction Stop").AddArgument($modulePath).AddArgument($point.Path)
                $shell.Invoke()
                $shell.HadErrors | Should -BeFalse
            }
            finally { $shell.Dispose() }
            Get-MountLine $point.Path | Should -BeNullOrEmpty
            { Dismount-ContainerSnapshot work -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotMounted,*'
            { $point | Dismount-ContainerSnapshot -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotMounted,*'
            { Dismount-ContainerSnapshot -Path $folder -ErrorAction Stop } | Should -Throw -ErrorId 'MountPointNotFound,*'

            # What somebody else has mounted is not ours to end, and is no mount of ours when it is made in the place of one.
            [void] [IO.Directory]::CreateDirectory("$folder/theirs")
            $mine = Mount-ContainerSnapshot work "$folder/theirs"
            & umount "$folder/theirs"
            & mount -t tmpfs none "$folder/theirs"
            { Dismount-ContainerSnapshot -Path "$folder/theirs" -ErrorAction Stop } | Should -Throw -ErrorId 'MountPointNotFound,*'
            (Get-MountLine "$folder/theirs") | Should -BeLike '*tmpfs*'
            & umount "$folder/theirs"
        }

        It 'end with their private daemon' {
            $other = Start-ContainerdDaemon -NoDefault
            [void] (New-ContainerSnapshot a -Session $other)
            [void] (Complete-ContainerSnapshot a b -Session $other)
            [void] (New-ContainerSnapshot c b -Session $other)
            [void] (New-ContainerSnapshot d -Session $other)
            $points = @(Mount-ContainerSnapshot b, c, d -Session $other)
            $points.Count | Should -Be 3
            Stop-ContainerdDaemon $other
            foreach ($point in $points) {
                Get-MountLine $point.Path | Should -BeNullOrEmpty
                [IO.Directory]::Exists($point.Path) | Should -BeFalse
            }
        }
    }

    Context 'Removing' {
        It 'refuses what is in use, and names who uses it' {
            [void] (New-Container c1 -Image busybox)
            $e = { Get-Container c1 | Get-ContainerSnapshot | Remove-ContainerSnapshot -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'InvalidOperation'
            $e.Exception.Message | Should -BeLike "*'c1'*the container 'c1'*-Force*"
            $e.TargetObject.Key | Should -Be 'c1'
            $e = { Remove-ContainerSnapshot $top -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotHasChildren,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'c1'*-Recurse*"
            { Remove-ContainerSnapshot $top -Recurse -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*'
            Start-ContainerTask c1
            $e = { Remove-ContainerSnapshot c1 -Force -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*' -PassThru
            $e.Exception.Message | Should -BeLike '*task*'
            Remove-Container c1 -Force
            $e = { Remove-ContainerSnapshot $top -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*' -PassThru
            $e.Exception.Message | Should -BeLike "*the image 'docker.io/library/busybox:latest'*"
            Get-CtrKeys | Should -Be $top
        }

        It 'removes trees from the top down, and what is piped with them once' {
            [void] (New-ContainerSnapshot a)
            [void] (Complete-ContainerSnapshot a base)
            'x', 'y' | ForEach-Object { [void] (New-ContainerSnapshot $_ base) }
            [void] (Complete-ContainerSnapshot x middle)
            [void] (New-ContainerSnapshot z middle)
            Remove-ContainerSnapshot base -Recurse -WhatIf
            (Get-CtrKeys).Count | Should -Be 5
            Get-ContainerSnapshot base -Tree | Remove-ContainerSnapshot -Recurse -ErrorAction Stop
            Get-CtrKeys | Should -Be $top
            { Remove-ContainerSnapshot base -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*'
        }

        It 'forced, removes what an image has unpacked, and the image works all the same' {
            [IO.File]::WriteAllText("$rootfs/etc/other", 'x')
            $other = Import-ContainerImage -RootFileSystem $rootfs -Name other
            $layer = (@($other | Get-ContainerdContent)[1]).Labels['containerd.io/gc.ref.snapshot.overlayfs']
            Remove-ContainerSnapshot $layer -Force
            Get-CtrKeys | Should -Be $top
            Invoke-Container -Image other -Command echo, again | Should -Be 'again'
            Remove-ContainerImage other
        }

        It 'removes what a collected one lay on, which the daemon by itself does not' {
            [void] (New-ContainerSnapshot a)
            [void] (Complete-ContainerSnapshot a base)
            Invoke-Ctr leases create --id mine --expires 1h | Out-Null
            [void] (New-ContainerSnapshot child base -Lease mine)
            Invoke-Ctr leases rm --sync mine | Out-Null
            (Get-ContainerSnapshot base -Tree).Key | Should -Be 'base'
            Remove-ContainerSnapshot base -ErrorAction Stop
            Get-CtrKeys | Should -Be $top
        }
    }

    It 'leaves nothing behind' {
        Get-Leftover $daemon | Should -BeNullOrEmpty
        Get-MountRecord $daemon | Should -BeNullOrEmpty
    }
}
