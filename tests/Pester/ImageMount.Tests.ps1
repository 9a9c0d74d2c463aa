Describe 'Mounting images' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Layers.ps1'))
        $daemon = Start-ContainerdDaemon
        $folder = New-TestFolder
        $files = [Collections.Specialized.OrderedDictionary]::new()
        $first = New-TextLayer ([ordered]@{ 'data/' = ''; 'data/gone' = 'gone'; 'data/stays' = 'stays' })
        $second = New-TextLayer ([ordered]@{ 'data/.wh.gone' = ''; 'data/new' = 'new' })
        $foreign = New-TextLayer ([ordered]@{ 'arm' = 'arm' })
        $other = if ((Get-HostArchitecture) -eq 'arm64') { 'amd64' } else { 'arm64' }
        $here = Add-LayoutImage $files @($first, $second)
        $there = Add-LayoutImage $files @($first, $foreign) -Architecture $other
        Save-Layout "$folder/images.tar" $files ([ordered]@{
                'docker.io/test/one:1' = $here
                'docker.io/test/many:1' = Add-LayoutIndex $files @($here, $there)
                'docker.io/test/none:1' = Add-LayoutImage $files @()
            })
        [void] (Import-ContainerImage "$folder/images.tar" -NoUnpack -ErrorAction Stop)

        function Invoke-Ctr { & ctr --address $daemon.Address --namespace $daemon.Namespace @args }

        function Invoke-Collection {
            Invoke-Ctr leases create --id collect --expires 1h | Out-Null
            Invoke-Ctr leases rm --sync collect | Out-Null
        }

        function Get-Tree([string] $Path) { ([IO.Directory]::GetFiles($Path, '*', 'AllDirectories') | ForEach-Object { $_.Substring($Path.Length) + '=' + [IO.File]::ReadAllText($_) } | Sort-Object) -join ' ' }
    }

    AfterEach {
        Get-ContainerSnapshot -Snapshotter overlayfs, native | Where-Object MountPoints | ForEach-Object MountPoints | ForEach-Object { Dismount-ContainerImage -Path $_ -Force }
        Get-Leftover $daemon | Should -BeNullOrEmpty
        Get-MountRecord $daemon | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($folder, $true)
    }

    It 'refuses an image that is not unpacked where it may not unpack it, and leaves nothing' {
        $e = { Mount-ContainerImage test/one:1 -NoUnpack -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotUnpacked,*' -PassThru
        $e.Exception.Message | Should -BeLike "*docker.io/test/one:1*overlayfs*Expand-ContainerImage*"
        Get-ContainerSnapshot | Should -BeNullOrEmpty
        { Mount-ContainerImage test/one:1 "$folder/made" -NoUnpack -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotUnpacked,*'
        [IO.Directory]::Exists("$folder/made") | Should -BeFalse
    }

    It 'mounts one to be read, unpacked on the way, with the files ctr mounts' {
        $point = Mount-ContainerImage test/one:1 -ErrorAction Stop
        $point.Image | Should -Be 'docker.io/test/one:1'
        $point.ReadOnly | Should -BeTrue
        "$($point.Platform)" | Should -BeLike "linux/$(Get-HostArchitecture)*"
        $point.Path | Should -BeLike "$([IO.Path]::GetTempPath().TrimEnd('/'))/containerdps-mount-*"
        Get-Tree $point.Path | Should -Be '/data/new=new /data/stays=stays'
        { [IO.File]::WriteAllText("$point/x", 'x') } | Should -Throw
        [void] [IO.Directory]::CreateDirectory("$folder/theirs")
        Invoke-Ctr images mount docker.io/test/one:1 "$folder/theirs" | Out-Null
        Get-Tree "$folder/theirs" | Should -Be (Get-Tree $point.Path)
        Invoke-Ctr images unmount --rm "$folder/theirs" | Out-Null
        $point | Dismount-ContainerImage
        Get-MountLine $point.Path | Should -BeNullOrEmpty
        [IO.Directory]::Exists($point.Path) | Should -BeFalse
        @(Get-ContainerSnapshot -Kind View, Active) | Should -BeNullOrEmpty
    }

    It 'mounts one to be written to, and the image stays as it is' {
        $point = Mount-ContainerImage test/one:1 "$folder/mnt" -ReadWrite -ErrorAction Stop
        $point.ReadOnly | Should -BeFalse
        (Get-ContainerSnapshot $point.Key).Kind | Should -Be 'Active'
        [IO.File]::WriteAllText("$folder/mnt/data/mine", 'mine')
        (Compare-ContainerSnapshot $point.Key -Change Added).Path | Should -Be '/data/mine'
        ($point | Compare-ContainerSnapshot -Change Added).Path | Should -Be '/data/mine'
        $again = Mount-ContainerImage test/one:1 -ErrorAction Stop
        Get-Tree $again.Path | Should -Be '/data/new=new /data/stays=stays'
        Dismount-ContainerImage "$folder/mnt" -ErrorAction Stop
        [IO.Directory]::Exists("$folder/mnt") | Should -BeFalse
        Get-Tree $again.Path | Should -Be '/data/new=new /data/stays=stays'
        $again | Dismount-ContainerImage
    }

    It 'stays when the image is removed and all is collected' {
        Add-ContainerImageTag test/one:1 test/kept:1
        $point = Mount-ContainerImage test/one:1
        Remove-ContainerImage test/one:1, test/many:1, test/kept:1 -Force
        Invoke-Collection
        Get-Tree $point.Path | Should -Be '/data/new=new /data/stays=stays'
        Get-ContainerImage test/one:1 -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Dismount-ContainerImage test/one:1 -ErrorAction Stop
        [void] (Import-ContainerImage "$folder/images.tar" -NoUnpack -ErrorAction Stop)
    }

    It 'mounts another platform, another snapshotter, and an image without layers' {
        $point = Mount-ContainerImage test/many:1 -Platform "linux/$other" -Snapshotter native -ErrorAction Stop
        Get-Tree $point.Path | Should -Be '/arm=arm /data/gone=gone /data/stays=stays'
        $point.Snapshotter | Should -Be 'native'
        $point | Dismount-ContainerImage
        $empty = Mount-ContainerImage test/none:1 -ReadWrite -ErrorAction Stop
        [IO.Directory]::GetFileSystemEntries($empty.Path) | Should -BeNullOrEmpty
        $empty | Dismount-ContainerImage
    }

    It 'mounts several that are piped, and ends all mounts of an image by its name' {
        $points = @(Get-ContainerImage test/one:1, test/many:1 | Mount-ContainerImage -ErrorAction Stop) + @(Mount-ContainerImage test/one:1)
        $points.Count | Should -Be 3
        Dismount-ContainerImage test/one:1
        @($points | Where-Object { Get-MountLine $_.Path }).Image | Should -Be 'docker.io/test/many:1'
        $points | Where-Object Image -like '*many*' | Dismount-ContainerImage
    }

    It 'shows a view' {
        $point = Mount-ContainerImage test/one:1 "$folder/mnt"
        $point | Out-String -Width 120 | Should -Match "$folder/mnt +test/one:1 +linux/\w+ +True"
        Mount-ContainerImage test/many:1 -WhatIf
        Dismount-ContainerImage "$folder/mnt" -WhatIf
        Get-MountLine "$folder/mnt" | Should -Not -BeNullOrEmpty
        Dismount-ContainerImage -Path "$folder/mnt"
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'an unknown image'; script = { Mount-ContainerImage nosuch -ErrorAction Stop }; id = 'ImageNotFound' }
        @{ what = 'a platform it is not for'; script = { Mount-ContainerImage test/many:1 -Platform linux/s390x -ErrorAction Stop }; id = 'PlatformNotFound' }
        @{ what = 'a platform that is none'; script = { Mount-ContainerImage test/many:1 -Platform '//' -ErrorAction Stop }; id = 'InvalidPlatform' }
        @{ what = 'an unknown snapshotter'; script = { Mount-ContainerImage test/one:1 -Snapshotter nosuch -ErrorAction Stop }; id = 'SnapshotterNotFound' }
        @{ what = 'a folder that holds something'; script = { Mount-ContainerImage test/one:1 $folder -ErrorAction Stop }; id = 'MountPointNotEmpty' }
        @{ what = 'a file'; script = { Mount-ContainerImage test/one:1 "$folder/images.tar" -ErrorAction Stop }; id = 'FolderExpected' }
        @{ what = 'an option no filesystem has'; script = { Mount-ContainerImage test/one:1 -Option nosuchoption -ErrorAction Stop }; id = 'MountFailed' }
        @{ what = 'to end what is not mounted'; script = { Dismount-ContainerImage test/one:1 -ErrorAction Stop }; id = 'ImageNotMounted' }
        @{ what = 'to end a mount at a folder without one'; script = { Dismount-ContainerImage $folder -ErrorAction Stop }; id = 'MountPointNotFound' }
    ) {
        $script | Should -Throw -ErrorId "$id,*"
        @(Get-ContainerSnapshot -Kind View, Active) | Should -BeNullOrEmpty
        [IO.Directory]::GetDirectories([IO.Path]::GetTempPath(), 'containerdps-mount-*') | Where-Object { "$(Get-MountLine $_)".Contains($daemon.Daemon.Path) } | Should -BeNullOrEmpty
    }

    It 'leaves nothing when it is stopped while it unpacks' {
        [void] [IO.Directory]::CreateDirectory("$folder/big")
        & dd if=/dev/urandom "of=$folder/big/noise" bs=1M count=300 status=none
        [void] (Import-ContainerImage -RootFileSystem "$folder/big" -Name big -NoUnpack -ErrorAction Stop)
        Stop-Midway "Mount-ContainerImage big '$folder/stopped'" { @(Invoke-Ctr snapshots ls | Where-Object { $_ -match '\sActive\s*$' }).Count -gt 0 }
        $limit = [datetime]::Now.AddSeconds(20)
        while (@(Get-Leftover $daemon).Count -gt 0 -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(100) }
        Get-Leftover $daemon | Should -BeNullOrEmpty
        Get-MountLine "$folder/stopped" | Should -BeNullOrEmpty
        [IO.Directory]::Exists("$folder/stopped") | Should -BeFalse
        Remove-ContainerImage big
    }

    It 'says of a mount in another mount namespace where it is' {
        $point = Mount-ContainerImage test/one:1 "$folder/mnt"
        $command = "Import-Module '$modulePath'; try { Dismount-ContainerImage '$folder/mnt' -ErrorAction Stop; 'ended' } catch { `$_.Exception.Message }"
        $shell = @([Diagnostics.Process]::GetCurrentProcess().MainModule.FileName)
        if ([IO.Path]::GetFileNameWithoutExtension($shell[0]) -eq 'dotnet') { $shell += [Environment]::GetCommandLineArgs()[0] }
        [IO.File]::WriteAllText("$folder/there.ps1", $command)
        $said = (& unshare --mount $shell -NoProfile -NonInteractive -File "$folder/there.ps1") -join "`n"
        $said | Should -BeLike '*in the mount namespace mnt:*'
        Get-MountLine "$folder/mnt" | Should -Not -BeNullOrEmpty
        $point | Dismount-ContainerImage -ErrorAction Stop
    }
}
