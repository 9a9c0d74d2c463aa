Describe 'Sessions' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $folder = New-TestFolder
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($folder, $true)
    }

    It 'exports what the manifest says' {
        $manifest = Import-PowerShellDataFile ([IO.Path]::Combine($modulePath, 'ContainerdPS.psd1'))
        $expected = $manifest.CmdletsToExport | Sort-Object
        $found = (Get-Command -Module ContainerdPS).Name | Sort-Object
        ($found -join ' ') | Should -Be ($expected -join ' ')
    }

    It 'connects, becomes the default and disconnects' {
        $session = Connect-Containerd $daemon.Address -Namespace other
        $session.State | Should -Be 'Open'
        $session.Namespace | Should -Be 'other'
        (Get-ContainerdSession -Default).Id | Should -Be $session.Id
        Disconnect-Containerd $session
        $session.State | Should -Be 'Closed'
        { Get-Container -Session $session -ErrorAction Stop } | Should -Throw -ErrorId 'SessionClosed*'
        Use-ContainerdSession $daemon
    }

    It 'takes unix:// and finds sessions by id' {
        $session = Connect-Containerd "unix://$($daemon.Address)" -NoDefault
        (Get-ContainerdSession $session.Id).Address | Should -Be $daemon.Address
        (Get-ContainerdSession -Default).Id | Should -Be $daemon.Id
        (Use-ContainerdSession $session.Id -PassThru).Id | Should -Be $session.Id
        Disconnect-Containerd $session.Id
        Use-ContainerdSession $daemon
        { Get-ContainerdSession 99999 -ErrorAction Stop } | Should -Throw -ErrorId 'SessionNotFound*'
    }

    It 'tells of itself' {
        $info = Get-ContainerdInfo
        $info.Version | Should -Match '^\d+\.\d+'
        if ($env:CONTAINERDPS_TEST_RELEASE) { $info.Version | Should -BeLike "$env:CONTAINERDPS_TEST_RELEASE.*" }
        $info.Uuid | Should -Match '^[0-9a-f-]{36}$'
        $info.Snapshotters | Should -Contain 'overlayfs'
        $info.DefaultRuntime | Should -Be 'io.containerd.runc.v2'
        if ($info.Version -notlike '1.6.*') { $info.Capabilities | Should -Contain 'Sandbox' }
    }

    It 'tests an address without opening a session' {
        $before = @(Get-ContainerdSession).Count
        Test-Containerd $daemon.Address | Should -BeTrue
        Test-Containerd "$folder/none.sock" | Should -BeFalse
        $result = Test-Containerd "$folder/none.sock" -Detailed
        $result.Serving | Should -BeFalse
        $result.Reason | Should -Be 'SocketNotFound'
        @(Get-ContainerdSession).Count | Should -Be $before
    }

    It 'says when there is no socket' {
        $e = { Connect-Containerd "$folder/none.sock" } | Should -Throw -ErrorId 'SocketNotFound*' -PassThru
        $e.CategoryInfo.Category | Should -Be 'ConnectionError'
        $e.TargetObject | Should -Be "$folder/none.sock"
    }

    It 'says when it is a plain file' {
        [IO.File]::WriteAllText("$folder/file", 'no socket')
        { Connect-Containerd "$folder/file" } | Should -Throw -ErrorId 'NotASocket*'
        { Connect-Containerd $folder } | Should -Throw -ErrorId 'NotASocket*'
    }

    It 'says when nothing listens' {
        $dead = [Net.Sockets.Socket]::new('Unix', 'Stream', 'Unspecified')
        $dead.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new("$folder/dead.sock"))
        try { { Connect-Containerd "$folder/dead.sock" } | Should -Throw -ErrorId 'NothingListening*' } finally { $dead.Dispose() }
    }

    It 'says when it is a socket of another kind' {
        $datagrams = [Net.Sockets.Socket]::new('Unix', 'Dgram', 'Unspecified')
        $datagrams.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new("$folder/datagrams.sock"))
        try { { Connect-Containerd "$folder/datagrams.sock" } | Should -Throw -ErrorId 'NotAContainerd,*' -ExpectedMessage '*datagrams*' } finally { $datagrams.Dispose() }
    }

    It 'gives up after the timeout' {
        $silent = [Net.Sockets.Socket]::new('Unix', 'Stream', 'Unspecified')
        $silent.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new("$folder/silent.sock"))
        $silent.Listen(5)
        try {
            $e = { Connect-Containerd "$folder/silent.sock" -Timeout 0.5 } | Should -Throw -ErrorId 'DeadlineExceeded*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'OperationTimeout'
        }
        finally { $silent.Dispose() }
    }

    It 'waits without a limit when that is 0' {
        Test-Containerd $daemon.Address -Timeout 0 | Should -BeTrue
        Stop-ContainerdDaemon (Start-ContainerdDaemon -Timeout 0 -NoDefault -ErrorAction Stop)
    }

    It 'refuses an address it cannot use' {
        { Connect-Containerd 'tcp://localhost:1' } | Should -Throw -ErrorId 'InvalidAddress*'
        { Connect-Containerd ("/tmp/" + 'x' * 120) } | Should -Throw -ErrorId 'InvalidAddress*'
    }

    It 'starts no private daemon where none could work' {
        foreach ($character in ':', ',', '[', '%', '"', '\', '&', '<', '>', "`t") {
            $parent = "$folder/a${character}b"
            & mkdir $parent
            # The shell takes a backslash in a path for a slash; it is told of before it is one.
            $e = { Start-ContainerdDaemon $parent -ErrorAction Stop } | Should -Throw -PassThru
            $e.FullyQualifiedErrorId | Should -Match '^Folder(Unusable|NotFound),'
            [IO.Directory]::GetFileSystemEntries($parent) | Should -BeNullOrEmpty
            if ($character -ne '\') { $e.TargetObject | Should -Be $parent }
        }

        { Start-ContainerdDaemon "$folder/none" } | Should -Throw -ErrorId 'FolderNotFound,*'
        { Start-ContainerdDaemon ('/' + 'x' * 120) } | Should -Throw -ErrorId 'FolderNotFound,*'
        $e = { Start-ContainerdDaemon -BinaryPath "$folder/none" } | Should -Throw -ErrorId 'ProgramNotFound,*' -PassThru
        $e.TargetObject | Should -Be "$folder/none"
        { Start-ContainerdDaemon -RuntimePath "$folder/none" } | Should -Throw -ErrorId 'ProgramNotFound,*'
        { Start-ContainerdDaemon -Configuration 'x = [' } | Should -Throw -ErrorId 'DaemonNotStarted,*'
    }

    It 'works in a folder with other odd characters' {
        $parent = "$folder/a b]*?'`$#"
        & mkdir $parent
        $odd = Start-ContainerdDaemon $parent -NoDefault -ErrorAction Stop
        $odd.Daemon.Path | Should -BeLike ([WildcardPattern]::Escape($parent) + '*')
        Test-Containerd -Session $odd | Should -BeTrue
        Stop-ContainerdDaemon $odd -ErrorAction Stop
        [IO.Directory]::GetFileSystemEntries($parent) | Should -BeNullOrEmpty
    }

    It 'takes away an image with the name of a file that is no text' {
        & sh -c "cd '$folder' && mkdir named && : >named/`$(printf 'no\377text') && tar -cf named.tar -C named . && rm -r named"
        $other = Start-ContainerdDaemon -NoDefault
        (Import-ContainerImage -RootFileSystem "$folder/named.tar" -Name named -Session $other -ErrorAction Stop).Name | Should -Be 'docker.io/library/named:latest'
        Stop-ContainerdDaemon $other -ErrorAction Stop
        [IO.Directory]::Exists($other.Daemon.Path) | Should -BeFalse
    }

    It 'stops a private daemon, twice if asked, and no other' {
        $other = Start-ContainerdDaemon -NoDefault
        @(Get-Container -Session $other).Count | Should -Be 0
        Stop-ContainerdDaemon $other
        Stop-ContainerdDaemon $other
        [IO.Directory]::Exists($other.Daemon.Path) | Should -BeFalse
        Get-Process -Id $other.Daemon.ProcessId -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        { Stop-ContainerdDaemon (Connect-Containerd $daemon.Address -NoDefault) -ErrorAction Stop } | Should -Throw -ErrorId 'NotAPrivateDaemon*'
    }

    It 'says of a session that was only connected to a private daemon which one stops it' {
        $second = Connect-Containerd $daemon.Address -Namespace second -NoDefault
        $e = { Stop-ContainerdDaemon $second -ErrorAction Stop } | Should -Throw -ErrorId 'NotAPrivateDaemon,*' -PassThru
        $e.Exception.Message | Should -BeLike "*Stop-ContainerdDaemon $($daemon.Id).*"
        Disconnect-Containerd $second
        Test-Containerd -Session $daemon | Should -BeTrue
    }

    It 'takes durations as they are typed, also where PowerShell reads a number of another type' {
        # 0.5s is the 16-bit number 0 to PowerShell, and a timeout of 0 is none; 5d is the decimal number 5.
        (Connect-Containerd $daemon.Address -NoDefault -Timeout 0.5s).Timeout | Should -Be ([timespan]::FromSeconds(0.5))
        (Connect-Containerd $daemon.Address -NoDefault -Timeout:10s).Timeout | Should -Be ([timespan]::FromSeconds(10))
        (Connect-Containerd $daemon.Address -NoDefault -Timeout 2.5).Timeout | Should -Be ([timespan]::FromSeconds(2.5))
        (Connect-Containerd $daemon.Address -NoDefault -Timeout ([decimal] 2.5)).Timeout | Should -Be ([timespan]::FromSeconds(2.5))
        { Connect-Containerd $daemon.Address -NoDefault -Timeout 5d } | Should -Throw -ExpectedMessage "*'5d' is not a duration*"
        Get-ContainerdSession | Where-Object Id -NE $daemon.Id | Disconnect-Containerd
    }

    It 'counts sessions, not tries' {
        $first = Connect-Containerd $daemon.Address -NoDefault
        [void] (Test-Containerd "$folder/none.sock")
        [void] (Test-Containerd $daemon.Address)
        try { Connect-Containerd "$folder/none.sock" } catch { $null = $_ }
        $next = Connect-Containerd $daemon.Address -NoDefault
        $next.Id | Should -Be ($first.Id + 1)
        Disconnect-Containerd $first, $next
    }

    It 'is shown whole on a narrow terminal' {
        $lines = ($daemon | Out-String -Width 80) -replace '\e\[[\d;]*m' -split '\r?\n'
        @($lines | Where-Object { $_ -match "^ *$($daemon.Id) $([regex]::Escape($daemon.Address)) $([regex]::Escape($daemon.Namespace)) Open" }).Count | Should -Be 1
    }

    It 'is the default of parallel runspaces that choose none' {
        $session = Connect-Containerd $daemon.Address -Namespace parallel
        try {
            $found = 1..4 | ForEach-Object -Parallel { Import-Module $using:modulePath; (Get-ContainerdInfo).Namespace; Disconnect-Containerd } -ThrottleLimit 4
            $found | Should -Be 'parallel', 'parallel', 'parallel', 'parallel'
            $session.State | Should -Be 'Open'
            $address = $daemon.Address
            1 | ForEach-Object -Parallel { Import-Module $using:modulePath; [void] (Connect-Containerd $using:address -Namespace other); (Get-ContainerdInfo).Namespace } | Should -Be 'other'
            (Get-ContainerdInfo).Namespace | Should -Be 'parallel'
        }
        finally { Disconnect-Containerd $session }
        $session.State | Should -Be 'Closed'
    }

    It 'stays the one to stop when a private daemon could not be taken away' {
        $stubborn = Start-ContainerdDaemon -NoDefault
        $file = "$($stubborn.Daemon.Path)/stays"
        [IO.File]::WriteAllText($file, '')
        & chattr +i $file 2>$null
        if ($LASTEXITCODE -ne 0) {
            Stop-ContainerdDaemon $stubborn
            Set-ItResult -Skipped -Because 'no file can be made immutable here'
            return
        }

        $e = { Stop-ContainerdDaemon -Session $stubborn.Id -ErrorAction Stop } | Should -Throw -ErrorId 'DaemonNotRemoved,*' -PassThru
        $e.TargetObject | Should -Be $stubborn
        $e.Exception.Message | Should -BeLike '*Stop it again*'
        (Get-ContainerdSession).Id | Should -Contain $stubborn.Id
        & chattr -i $file
        Stop-ContainerdDaemon -Session $stubborn.Id -ErrorAction Stop
        (Get-ContainerdSession).Id | Should -Not -Contain $stubborn.Id
        [IO.Directory]::Exists($stubborn.Daemon.Path) | Should -BeFalse
    }

    It 'takes the fifos away that another client made for a task which has ended' {
        $owner = Start-ContainerdDaemon -NoDefault
        $root = New-TestRootFileSystem
        $id = "fifos-$([Guid]::NewGuid().ToString('n'))"
        [void] (Import-ContainerImage -RootFileSystem $root -Name box -Command sh -Session $owner -ErrorAction Stop)
        & ctr --address $owner.Address --namespace $owner.Namespace run -d docker.io/library/box:latest $id true
        $LASTEXITCODE | Should -Be 0
        [void] (Wait-ContainerTask $id -Session $owner -ErrorAction Stop)
        & find /run/containerd/fifo -name "$id-*" | Should -Not -BeNullOrEmpty
        Stop-ContainerdDaemon $owner -ErrorAction Stop
        & find /run/containerd -name "$id-*" | Should -BeNullOrEmpty
        [IO.Directory]::Delete($root, $true)
    }

    It 'is used from parallel runspaces' {
        $env:CONTAINERD_ADDRESS = $daemon.Address
        try {
            $found = 1..4 | ForEach-Object -Parallel { Import-Module $using:modulePath; (Get-ContainerdInfo).Version } -ThrottleLimit 4
            @($found | Where-Object { $_ }).Count | Should -Be 4
        }
        finally { $env:CONTAINERD_ADDRESS = $null }
    }
}

Describe 'The default session' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon -NoDefault
        $folder = New-TestFolder
    }

    AfterEach {
        $env:CONTAINERD_ADDRESS = $null
        $env:CONTAINERD_NAMESPACE = $null
        Get-ContainerdSession | Where-Object Id -NE $daemon.Id | Disconnect-Containerd
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($folder, $true)
    }

    It 'is none that was opened with -NoDefault' {
        Get-ContainerdSession -Default | Should -BeNullOrEmpty
        [void] (Connect-Containerd $daemon.Address -NoDefault)
        Get-ContainerdSession -Default | Should -BeNullOrEmpty
    }

    It 'follows the environment until one is chosen' {
        $env:CONTAINERD_ADDRESS = "$folder/none.sock"
        { Get-Container -ErrorAction Stop } | Should -Throw -ErrorId 'SocketNotFound,*'

        # What the error advises must help.
        $env:CONTAINERD_ADDRESS = $daemon.Address
        (Get-ContainerdInfo).Namespace | Should -Be 'default'
        $env:CONTAINERD_NAMESPACE = 'given'
        (Get-ContainerdInfo).Namespace | Should -Be 'given'
        $chosen = Connect-Containerd $daemon.Address -Namespace chosen
        $env:CONTAINERD_NAMESPACE = 'passed-over'
        (Get-ContainerdInfo).Namespace | Should -Be 'chosen'
        Disconnect-Containerd $chosen
        (Get-ContainerdInfo).Namespace | Should -Be 'passed-over'
    }
}
