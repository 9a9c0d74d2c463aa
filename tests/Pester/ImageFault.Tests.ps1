# Images made, imported and exported where the daemon's disk is full, or the daemon is killed in the middle.

Describe 'A full disk' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $disk = New-TestFolder
        & mount -t tmpfs -o size=256m tmpfs $disk
        $daemon = Start-ContainerdDaemon $disk
        $folder = New-TestFolder
        $rootfs = New-TestRootFileSystem
        $large = New-TestRootFileSystem
        [IO.File]::WriteAllBytes("$large/srv/large", [Security.Cryptography.RandomNumberGenerator]::GetBytes(20MB))
        $archive = "$folder/large.tar"
        [void] (Import-ContainerImage -RootFileSystem $large -Name large -Command sh -ErrorAction Stop)
        [void] (Export-ContainerImage large $archive -ErrorAction Stop)
        Remove-ContainerImage large

        # Leaves so much room beside what is used.
        function Set-Room([long] $Bytes) {
            $drive = [IO.DriveInfo]::new($disk)
            & mount -o "remount,size=$($drive.TotalSize - $drive.TotalFreeSpace + $Bytes)" $disk
        }

        function Assert-Full([object[]] $Failure, [string[]] $Named) {
            @($Failure).Count | Should -Be 1
            $Failure[0].FullyQualifiedErrorId | Should -BeLike 'DiskFull,*' -Because $Failure[0].Exception.Message
            $Failure[0].CategoryInfo.Category | Should -Be 'LimitsExceeded'
            foreach ($part in $Named) { $Failure[0].Exception.Message | Should -BeLike "*$part*" }
            $Failure[0].Exception.Message | Should -BeLike "*: the daemon's disk is full (no space left on device).*Remove-ContainerImage*"
        }
    }

    BeforeEach { $kept = @(Get-ContainerdContent).Count, @(Get-ContainerSnapshot).Count, @(Get-ContainerImage).Count }

    AfterEach {
        (@(Get-ContainerdContent).Count, @(Get-ContainerSnapshot).Count, @(Get-ContainerImage).Count) -join ' ' | Should -Be ($kept -join ' ')
        Get-Leftover $daemon | Should -BeNullOrEmpty
        & mount -o 'remount,size=256m' $disk
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        & umount $disk
        foreach ($path in $disk, $folder, $rootfs, $large) { [IO.Directory]::Delete($path, $true) }
    }

    It 'is told by Import-ContainerImage of an archive, <What>' -ForEach @(
        @{ What = 'where it is received'; Room = 5MB; Part = 'the layer sha256:*cannot be stored' }
        @{ What = 'where it is unpacked'; Room = 30MB; Part = "layer sha256:*of the image 'docker.io/library/large:latest'*cannot be unpacked" }
    ) {
        Set-Room $Room
        Import-ContainerImage $archive -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        Assert-Full $failure "'$archive'", $Part
    }

    It 'is told by Import-ContainerImage of a root filesystem, <What>' -ForEach @(
        @{ What = 'where it is received'; Room = 5MB; Part = 'the layer sha256:*cannot be stored' }
        @{ What = 'where it is unpacked'; Room = 30MB; Part = 'layer sha256:*cannot be unpacked' }
    ) {
        Set-Room $Room
        Import-ContainerImage -RootFileSystem $large -Name mine -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        Assert-Full $failure "'$large'", "'docker.io/library/mine:latest'", $Part
    }

    It 'is told by Import-ContainerdContent' {
        Set-Room 5MB
        $digest = "sha256:$('a' * 64)"
        Import-ContainerdContent "$large/srv/large" -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        Assert-Full $failure "'$large/srv/large' cannot be imported:"
        Import-ContainerdContent "$large/srv/large" -Digest $digest -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        Assert-Full $failure "'$large/srv/large' cannot be imported as the blob ${digest}:"
    }
}

Describe 'A full disk, and a container that has changed much' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $disk = New-TestFolder
        & mount -t tmpfs -o size=256m tmpfs $disk
        $daemon = Start-ContainerdDaemon $disk
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        [void] (New-Container web -Image busybox -Command sleep, 600 -ErrorAction Stop)
        [void] (Start-ContainerTask web)
        (Invoke-ContainerCommand web sh, -c, 'busybox head -c 20000000 /dev/urandom > /srv/large' -PassThru).ExitCode | Should -Be 0
    }

    AfterEach { & mount -o 'remount,size=256m' $disk }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        & umount $disk
        foreach ($path in $disk, $rootfs) { [IO.Directory]::Delete($path, $true) }
    }

    It 'is told by ConvertTo-ContainerImage, <What>, and the task runs on' -ForEach @(
        @{ What = 'where the layer is written'; Room = 5MB; Part = 'the layer of what it has changed cannot be written' }
        @{ What = 'where it is unpacked'; Room = 30MB; Part = "layer sha256:*of the image 'docker.io/library/web:2' cannot be unpacked" }
    ) {
        $kept = @(Get-ContainerdContent).Count
        $drive = [IO.DriveInfo]::new($disk)
        & mount -o "remount,size=$($drive.TotalSize - $drive.TotalFreeSpace + $Room)" $disk
        ConvertTo-ContainerImage web web:2 -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        @($failure).Count | Should -Be 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'DiskFull,*' -Because $failure[0].Exception.Message
        $failure[0].CategoryInfo.Category | Should -Be 'LimitsExceeded'
        if ($Room -lt 20MB) {
            Compare-Container web -ErrorAction SilentlyContinue -ErrorVariable compared | Should -BeNullOrEmpty
            $compared[0].FullyQualifiedErrorId | Should -BeLike 'DiskFull,*' -Because $compared[0].Exception.Message
            $compared[0].Exception.Message | Should -BeLike "What was asked of 'web' is not done: the daemon's disk is full*Remove-ContainerImage*"
        }
        $failure[0].Exception.Message | Should -BeLike "The image 'docker.io/library/web:2' cannot be made of the container 'web': *${Part}: the daemon's disk is full (no space left on device).*Remove-ContainerImage*"
        (Get-ContainerTask web).Status | Should -Be 'Running'
        @(Get-ContainerdContent).Count | Should -Be $kept
        Get-Leftover $daemon | Where-Object { $_ -notlike 'web *' } | Should -BeNullOrEmpty
    }
}

Describe 'A private daemon that is killed in the middle' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $folder = New-TestFolder
        $rootfs = New-TestRootFileSystem
        [IO.File]::WriteAllBytes("$rootfs/srv/large", [Security.Cryptography.RandomNumberGenerator]::GetBytes(60MB))
        $archive = "$folder/large.tar"
        $maker = Start-ContainerdDaemon -NoDefault
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name large -Command sleep, 600 -Session $maker -ErrorAction Stop)
        [void] (Export-ContainerImage large $archive -Session $maker -ErrorAction Stop)
        Stop-ContainerdDaemon $maker
        & mkfifo "$folder/fifo"

        function Start-Script([string] $Text) {
            $start = [Diagnostics.ProcessStartInfo]::new('/bin/sh')
            foreach ($argument in '-c', $Text) { $start.ArgumentList.Add($argument) }
            [Diagnostics.Process]::Start($start)
        }

        # Runs a script on that daemon's own session in another runspace.
        function Start-Beside([string] $Script) {
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            [void] $shell.AddScript("param(`$module, `$session) Import-Module `$module; $Script").AddArgument($modulePath).AddArgument($daemon)
            [pscustomobject] @{ Shell = $shell; Running = $shell.BeginInvoke(); Script = $Script }
        }

        function Assert-Lost([object[]] $Failure, [string[]] $Named) {
            @($Failure).Count | Should -Be 1
            $Failure[0].FullyQualifiedErrorId | Should -Match '^(NothingListening|ConnectionLost),' -Because $Failure[0].Exception.Message
            $Failure[0].CategoryInfo.Category | Should -Be 'ConnectionError'
            foreach ($part in $Named + $daemon.Address) { $Failure[0].Exception.Message | Should -BeLike "*$part*" }
        }
    }

    BeforeEach { $daemon = Start-ContainerdDaemon }

    AfterEach { Stop-ContainerdDaemon $daemon }

    AfterAll { foreach ($path in $folder, $rootfs) { [IO.Directory]::Delete($path, $true) } }

    It 'is told by Import-ContainerImage with the archive and the blob' {
        $writer = Start-Script "(head -c 3000000 '$archive'; kill -9 $($daemon.Daemon.ProcessId); tail -c +3000001 '$archive') > '$folder/fifo' 2>/dev/null"
        Import-ContainerImage "$folder/fifo" -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $writer.WaitForExit()
        Assert-Lost $failure "'$folder/fifo' cannot be imported: the blob sha256:"
    }

    It 'is told by Export-ContainerImage with the image and the blob' {
        [void] (Import-ContainerImage $archive -ErrorAction Stop)
        $reader = Start-Script "(head -c 3000000; kill -9 $($daemon.Daemon.ProcessId); cat) < '$folder/fifo' > /dev/null"
        Export-ContainerImage large "$folder/fifo" -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
        $reader.WaitForExit()
        Assert-Lost $failure "'$folder/fifo' was not written: the blob sha256:*of 'docker.io/library/large:latest' cannot be read:"
    }

    It 'is told by ConvertTo-ContainerImage with the image and the layer, and that the task stays paused' {
        [void] (Import-ContainerImage $archive -ErrorAction Stop)
        [void] (New-Container web -Image large -ErrorAction Stop)
        [void] (Start-ContainerTask web)
        (Invoke-ContainerCommand web sh, -c, 'cat /srv/large /srv/large /srv/large > /srv/more' -PassThru).ExitCode | Should -Be 0
        $beside = Start-Beside 'ConvertTo-ContainerImage web web:2 -Session $session'
        try {
            Wait-Aside $beside { Get-ContainerdIngest }
            [Diagnostics.Process]::GetProcessById($daemon.Daemon.ProcessId).Kill()
            $beside.Shell.EndInvoke($beside.Running) | Should -BeNullOrEmpty
            Assert-Lost $beside.Shell.Streams.Error "The image 'docker.io/library/web:2' cannot be made of the container 'web': the layer of what it has changed cannot be written:"
            "$($beside.Shell.Streams.Warning)" | Should -BeLike "*'web'*still paused*private daemon has ended*Stop-ContainerdDaemon*"
            "$($beside.Shell.Streams.Warning)" | Should -Not -BeLike '*Resume-ContainerTask*'
        }
        finally { $beside.Shell.Dispose() }
    }

    It 'is told by Receive-ContainerImage with the image, <Way>' -ForEach @(
        @{ Way = 'from here'; Local = $true }
        @{ Way = 'by the daemon'; Local = $false }
    ) {
        $bad = Start-BadRegistry
        $beside = Start-Beside "Receive-ContainerImage '$($bad.Address)/lost/slow' -Local:`$$Local -Session `$session"
        try {
            Wait-Aside $beside { Get-ContainerdIngest | Where-Object { $_.Written -gt 1MB -and $_.Reference -like 'layer*' } }
            [Diagnostics.Process]::GetProcessById($daemon.Daemon.ProcessId).Kill()
            $beside.Shell.EndInvoke($beside.Running) | Should -BeNullOrEmpty
            Assert-Lost $beside.Shell.Streams.Error 'layer*sha256:', "'$($bad.Address)/lost/slow:latest'"
        }
        finally {
            $beside.Shell.Dispose()
            Stop-BadRegistry $bad
        }
    }
}

Describe 'An image whose layer is damaged or missing' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $folder = New-TestFolder
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name whole -Command sh -ErrorAction Stop)
        $layer = Get-ContainerdContent | Sort-Object Size | Select-Object -Last 1
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        foreach ($path in $folder, $rootfs) { [IO.Directory]::Delete($path, $true) }
    }

    It 'is named by Export-ContainerImage' {
        $blob = "$($daemon.Daemon.Path)/root/io.containerd.content.v1.content/blobs/sha256/$($layer.Digest.Substring(7))"
        $bytes = [IO.File]::ReadAllBytes($blob)
        $bytes[1000] = $bytes[1000] -bxor 1
        [IO.File]::WriteAllBytes($blob, $bytes)
        $e = { Export-ContainerImage whole "$folder/whole.tar" -ErrorAction Stop } | Should -Throw -ErrorId 'DamagedContent,*' -PassThru
        $e.Exception.Message | Should -BeLike "*$($layer.Digest) of 'docker.io/library/whole:latest' is damaged*"
        [IO.Directory]::GetFiles($folder) | Should -BeNullOrEmpty
    }

    It 'is named by Expand-ContainerImage, unpacked or not' {
        Remove-ContainerdContent $layer.Digest -Force -Confirm:$false -ErrorAction Stop
        foreach ($snapshotter in 'overlayfs', 'native') {
            $e = { Expand-ContainerImage whole -Snapshotter $snapshotter -ErrorAction Stop } | Should -Throw -ErrorId 'BlobNotFound,*' -PassThru
            $e.Exception.Message | Should -BeLike "*$($layer.Digest) of the image 'docker.io/library/whole:latest' is not here*Test-ContainerImage*"
        }
    }
}
