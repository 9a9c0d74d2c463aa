Describe 'A daemon that is killed during a checkpoint' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Checkpoints.ps1'))
        $reason = Get-CriuReason
        if ($reason) { Write-Host "SKIPPED: the tests of dumps, as $reason" }
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Restart.ps1'))

        # What the daemon was at is in a folder that it would have removed in the end.
        function Get-Unfinished { [IO.Directory]::GetDirectories([IO.Path]::GetTempPath(), 'ctrd-checkpoint*') }

        # Has a checkpoint begin, kills the daemon in the middle of it, and has it back after a while.
        function Stop-During([string] $Script) {
            $aside = Start-Aside $Script
            Wait-Aside $aside { (Get-ContainerTask c1).Status -eq 'Paused' }
            Stop-TheDaemon
            [Threading.Thread]::Sleep(500)
            Start-TheDaemon
            try {
                $result = $aside.Shell.EndInvoke($aside.Running)
                $aside.Shell.Streams.Error
            }
            finally { $aside.Shell.Dispose() }

            $result.Count | Should -Be 0
        }

        function Assert-Untouched([string] $Before) {
            (Get-ContainerTask c1).Status | Should -Be 'Running'
            Assert-Counting c1 (Get-Count c1)
            Get-Kept $daemon | Should -Be $Before
        }
    }

    BeforeEach { $unfinished = @(Get-Unfinished) }

    AfterEach {
        Clear-Daemon
        Get-Unfinished | Where-Object { $_ -notin $unfinished } | ForEach-Object { [IO.Directory]::Delete($_, $true) }
    }

    AfterAll {
        Stop-TheDaemon
        Remove-Setup
    }

    It 'leaves a task that runs on and nothing else, also of its files' {
        Start-Counter c1

        # Enough that writing the layer takes its time.
        (Invoke-ContainerCommand c1 sh, -c, 'busybox dd if=/dev/urandom of=/srv/big bs=1M count=200 2>/dev/null' -PassThru).ExitCode | Should -Be 0
        $before = Get-Kept $daemon
        $failures = @(Stop-During 'Checkpoint-Container c1 kept -ReadWriteLayer')
        $failures.Count | Should -Be 1
        $failures[0].CategoryInfo.Category | Should -Be 'ConnectionError'
        Assert-Untouched $before
    }

    It 'leaves a task that runs on and nothing else, in the middle of its dump' {
        if ($reason) { Set-ItResult -Skipped -Because $reason; return }
        [void] (New-Container c1 -Image busybox -Command $hoarder)
        Start-ContainerTask c1 -ErrorAction Stop
        Wait-Until { (Get-Count c1) -ge 3 } 'that it counts'
        $before = Get-Kept $daemon
        $failures = @(Stop-During 'Checkpoint-Container c1 kept -Task')
        $failures.Count | Should -Be 1
        $failures[0].CategoryInfo.Category | Should -Be 'ConnectionError'
        Assert-Untouched $before

        # And it can be dumped again.
        [void] (Checkpoint-Container c1 kept -ErrorAction Stop)
        Assert-Counting c1 (Get-Count c1)
    }
}
