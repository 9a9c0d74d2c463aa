Describe 'A daemon that goes and comes back' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        $folder = New-TestFolder
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Restart.ps1'))
    }

    AfterAll {
        Stop-TheDaemon
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Exists($daemon.Daemon.Path) | Should -BeFalse
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    It 'is missed and found again by the same session' {
        [void] (New-Container c1 -Image busybox)
        $before = Get-Container c1
        Stop-TheDaemon
        $e = { Get-Container -ErrorAction Stop } | Should -Throw -PassThru
        $e.FullyQualifiedErrorId | Should -Match '^(NothingListening|ConnectionLost),'
        $e.CategoryInfo.Category | Should -Be 'ConnectionError'
        $e.Exception.Message | Should -BeLike "*$($daemon.Address)*"
        { Get-Container c1 -ErrorAction Stop } | Should -Throw -ErrorId 'NothingListening,*'
        (Test-Containerd $daemon.Address -Detailed).Reason | Should -Be 'NothingListening'
        $daemon.State | Should -Be 'Open'

        Start-TheDaemon
        (Get-Container).Id | Should -Be 'c1'
        ($before | Get-Container).Id | Should -Be 'c1'
        Invoke-Container -Image busybox -Command echo, again | Should -Be 'again'
        Remove-Container c1
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    It 'is missed in the middle of a pipeline, which goes on when it is back' {
        $found = 'a1', 'a2', 'a3' | ForEach-Object {
            if ($_ -eq 'a2') { Stop-TheDaemon }
            if ($_ -eq 'a3') { Start-TheDaemon }
            $_
        } | New-Container -Image busybox -ErrorAction SilentlyContinue -ErrorVariable failures
        @($found.Id) -join ' ' | Should -Be 'a1 a3'
        @($failures).Count | Should -Be 1
        $failures[0].TargetObject | Should -Be 'a2'
        $failures[0].CategoryInfo.Category | Should -Be 'ConnectionError'
        (Get-Container).Id -join ' ' | Should -Be 'a1 a3'
        Get-Container | Remove-Container
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    It 'goes and comes back under a run, whose output and exit status arrive' {
        # As with a daemon of the system: the private daemon's own session knows that it will not come back.
        $session = Connect-Containerd $daemon.Address -Namespace $daemon.Namespace -NoDefault
        $id = "back-$([Guid]::NewGuid().ToString('n'))"
        $lines = @(Invoke-Container -Session $session -Id $id -Image busybox -Command sh, -c, 'echo one; sleep 2; echo two; exit 5' -ErrorAction SilentlyContinue -ErrorVariable failures | ForEach-Object {
                if ($_ -eq 'one') { Stop-TheDaemon; Start-TheDaemon }
                $_
            })
        $lines -join ' ' | Should -Be 'one two'
        $LASTEXITCODE | Should -Be 5
        @($failures).Count | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'NonZeroExitCode*'
        Get-Container | Should -BeNullOrEmpty
        Get-Leftover $daemon | Should -BeNullOrEmpty
        & find /run/containerd/fifo -name "$id-*" | Should -BeNullOrEmpty
        Disconnect-Containerd $session
    }

    It 'goes and comes back under a command, whose output and exit status arrive' {
        $session = Connect-Containerd $daemon.Address -Namespace $daemon.Namespace -NoDefault
        [void] (New-Container c2 -Image busybox -Command sleep, 100)
        Start-ContainerTask c2
        $lines = @('in', 'put' | ForEach-Object {
                if ($_ -eq 'put') { Stop-TheDaemon; Start-TheDaemon }
                $_
            } | Invoke-ContainerCommand c2 -Session $session -Command sh, -c, 'cat; sleep 1; echo two; exit 5' -ErrorAction SilentlyContinue)
        $lines -join ' ' | Should -Be 'in put two'
        $LASTEXITCODE | Should -Be 5
        @(Get-ContainerProcess c2 | Where-Object Id).Count | Should -Be 0
        Remove-Container c2 -Force
        Get-Leftover $daemon | Should -BeNullOrEmpty
        Disconnect-Containerd $session
    }

    It 'goes and comes back under an attached task, whose output and exit status arrive' {
        $session = Connect-Containerd $daemon.Address -Namespace $daemon.Namespace -NoDefault
        [void] (New-Container c3 -Image busybox -Command sh, -c, 'echo one; sleep 2; echo two; exit 6')
        Start-ContainerTask c3 -Attachable
        $lines = @(Receive-ContainerTask c3 -Session $session -ErrorAction SilentlyContinue | ForEach-Object {
                if ($_ -eq 'one') { Stop-TheDaemon; Start-TheDaemon }
                $_
            })
        $lines -join ' ' | Should -Be 'one two'
        $LASTEXITCODE | Should -Be 6
        Remove-Container c3 -Force
        Get-Leftover $daemon | Should -BeNullOrEmpty
        Disconnect-Containerd $session
    }

    # What ends while the daemon is away is gone when it is back, from containerd 2 on: its exit status is lost.
    It 'stays away under a run and a wait, which say once what they wait for' {
        $session = Connect-Containerd $daemon.Address -Namespace $daemon.Namespace -NoDefault
        Start-Absence 5
        $lines = @(Invoke-Container -Session $session -Image busybox -Command sh, -c, 'echo one; sleep 12; echo two; exit 5' -WarningAction SilentlyContinue -WarningVariable warned -ErrorAction SilentlyContinue)
        $lines -join ' ' | Should -Be 'one two'
        $LASTEXITCODE | Should -Be 5
        @($warned).Count | Should -Be 1
        $warned[0].Message | Should -BeLike "*$($daemon.Address)*gone away*task of the container*Waiting*"

        'w1', 'w2', 'w3' | New-Container -Session $session -Image busybox -Command sh, -c, 'sleep 12; exit 4' | Start-ContainerTask
        Start-Absence 5
        $ends = @('w1', 'w2', 'w3' | Wait-ContainerTask -Session $session -WarningAction SilentlyContinue -WarningVariable warned)
        $ends.ExitCode -join ' ' | Should -Be '4 4 4'
        @($warned).Count | Should -Be 1

        # As with every warning, who wants it ends the command.
        Restart-ContainerTask w1
        Start-Absence 5
        { Wait-ContainerTask w1 -Session $session -WarningAction Stop } | Should -Throw -ExpectedMessage '*gone away*'
        Wait-TheDaemon
        Get-Container | Remove-Container -Force
        Get-Leftover $daemon | Should -BeNullOrEmpty
        Disconnect-Containerd $session
    }

    It 'is missed under a run, which says so and leaves no fifo' {
        $lines = [Collections.Generic.List[string]]::new()
        $failures = $null
        Invoke-Container -Image busybox -Command sh, -c, 'echo one; sleep 3; echo two' -ErrorAction SilentlyContinue -ErrorVariable failures | ForEach-Object {
            $lines.Add($_)
            if ($_ -eq 'one') { Stop-TheDaemon }
        }
        $lines[0] | Should -Be 'one'
        @($failures).Count | Should -Be 1
        $failures[0].CategoryInfo.Category | Should -Be 'ConnectionError'
        @([IO.Directory]::GetFileSystemEntries("$($daemon.Daemon.Path)/fifo")).Count | Should -Be 0

        # What could not be asked of a daemon that was not there is still there, and can be removed.
        Start-TheDaemon
        Get-Container | Remove-Container -Force -ErrorAction Stop
        Get-Container | Should -BeNullOrEmpty
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }
}

Describe 'A private daemon that is killed' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $killed = Start-ContainerdDaemon -NoDefault
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -Session $killed -ErrorAction Stop)

        # Its own words, and none of a library, of the system's daemon or of a refusal.
        function Test-Message($Failure) {
            $Failure.FullyQualifiedErrorId | Should -Match '^(NothingListening|ConnectionLost),'
            $Failure.CategoryInfo.Category | Should -Be 'ConnectionError'
            $Failure.Exception.Message | Should -BeLike "*private daemon on '$($killed.Address)' has ended (process $($killed.Daemon.ProcessId))*Stop-ContainerdDaemon*"
            $Failure.Exception.Message | Should -Not -Match 'refused|systemctl|HttpRequest|gRPC'
        }
    }

    AfterAll {
        Stop-ContainerdDaemon $killed
        [IO.Directory]::Exists($killed.Daemon.Path) | Should -BeFalse
        [IO.Directory]::Delete($rootfs, $true)
    }

    It 'is told of by one error of what ran in it, and by those of later commands' {
        $lines = Invoke-Container -Session $killed -Image busybox -Id kk -Command sh, -c, 'echo one; sleep 600' -ErrorAction SilentlyContinue -ErrorVariable failures -WarningVariable warnings | ForEach-Object {
            [Diagnostics.Process]::GetProcessById($killed.Daemon.ProcessId).Kill()
            $_
        }
        $lines | Should -Be 'one'
        @($failures).Count | Should -Be 1
        Test-Message $failures[0]
        $failures[0].TargetObject | Should -Be 'kk'
        @($warnings).Count | Should -Be 0
        [IO.Directory]::GetFileSystemEntries("$($killed.Daemon.Path)/fifo") | Should -BeNullOrEmpty
        Test-Message ({ Get-Container -Session $killed -ErrorAction Stop } | Should -Throw -PassThru)
        Test-Message ({ New-Container c1 -Image busybox -Session $killed -ErrorAction Stop } | Should -Throw -PassThru)
    }
}

Describe 'Sockets that cannot be used' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $folder = New-TestFolder
    }

    AfterAll { [IO.Directory]::Delete($folder, $true) }

    It 'are called by their kind: <kind>' -ForEach @(
        @{ kind = 'a plain file'; make = { param($path) [IO.File]::WriteAllText($path, '') } }
        @{ kind = 'a folder'; make = { param($path) [void] [IO.Directory]::CreateDirectory($path) } }
        @{ kind = 'a fifo'; make = { param($path) & mkfifo $path } }
        @{ kind = 'a device'; make = { param($path) [void] [IO.File]::CreateSymbolicLink($path, '/dev/null') } }
    ) {
        $path = "$folder/$($kind.Replace(' ', '-'))"
        & $make $path
        $e = { Connect-Containerd $path } | Should -Throw -ErrorId 'NotASocket,*' -PassThru
        $e.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $e.TargetObject | Should -Be $path
        $e.Exception.Message | Should -BeLike "*'$path' is $kind*"
        (Test-Containerd $path -Detailed).Reason | Should -Be 'NotASocket'
    }

    It 'are refused to who has no right to them' {
        if (-not [Environment]::IsPrivilegedProcess) {
            Set-ItResult -Skipped -Because 'only root can run a shell as somebody else'
            return
        }

        # The module is copied: where it was built may be closed to others.
        & cp -r $modulePath "$folder/ContainerdPS"
        & chmod -R a+rX $folder
        $socket = [Net.Sockets.Socket]::new('Unix', 'Stream', 'Unspecified')
        $socket.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new("$folder/closed.sock"))
        $socket.Listen(5)
        & chmod 600 "$folder/closed.sock"
        try {
            $nobody = @('--reuid', '65534', '--regid', '65534', '--clear-groups', 'env', "HOME=$folder", 'POWERSHELL_TELEMETRY_OPTOUT=1', [Environment]::ProcessPath)
            if ([IO.Path]::GetFileNameWithoutExtension([Environment]::ProcessPath) -eq 'dotnet') { $nobody += [Environment]::GetCommandLineArgs()[0] }
            $nobody += '-NoProfile', '-Command'
            & setpriv @nobody 'exit 7' 2>&1 | Out-Null
            if ($LASTEXITCODE -ne 7) {
                Set-ItResult -Skipped -Because 'the user nobody cannot run this shell'
                return
            }

            $text = & setpriv @nobody "Import-Module '$folder/ContainerdPS'; try { Connect-Containerd '$folder/closed.sock' } catch { `"`$(`$_.FullyQualifiedErrorId)|`$(`$_.CategoryInfo.Category)|`$(`$_.Exception.Message)`" }"
            $text | Should -BeLike "SocketAccessDenied,*|PermissionDenied|*'$folder/closed.sock'*sudo*"
        }
        finally { $socket.Dispose() }
    }
}
