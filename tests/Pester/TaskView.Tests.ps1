Describe 'Views of tasks and processes' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        [void] (New-Container c1, c2 -Image busybox -Command sleep, 100 -ErrorAction Stop)
        Start-ContainerTask c1, c2 -ErrorAction Stop
        Stop-ContainerTask c2 -Signal KILL

        # Without colours and the spaces at the ends of lines.
        function Get-Line { ($input | Out-String -Width 160) -replace '\e\[[\d;]*m' -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ } }
    }

    AfterAll {
        Get-Container | Remove-Container -Force
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
    }

    It 'shows tasks by namespace, with how they ended' {
        $lines = @(Get-ContainerTask | Get-Line)
        $lines[0].Trim() | Should -Be "Namespace: $($daemon.Namespace)"
        $lines[1] | Should -Match '^Container +Status +Pid +ExitCode +Ended +Output$'
        $lines[3] | Should -Match '^c1 +Running +\d+$'
        $lines[4] | Should -Match '^c2 +Stopped +\d+ +137 +\d+[sm]$'
    }

    It 'shows processes by namespace, with their commands' {
        [void] (Start-ContainerProcess c1 sleep 200 -Id second -ErrorAction Stop)

        # It has begun before its program is executed.
        for ($i = 0; $i -lt 100 -and @((Get-ContainerProcess c1).Command) -notcontains 'sleep 200'; $i++) { [Threading.Thread]::Sleep(50) }
        $lines = @(Get-ContainerProcess c1 | Get-Line)
        $lines[1] | Should -Match '^Container +Id +Pid +Status +ExitCode +Command$'
        $lines[3] | Should -Match '^c1 +\d+ +Running +sleep 100$'
        $lines[4] | Should -Match '^c1 +second +\d+ +Running +sleep 200$'
    }

    It 'shows how a task ended' {
        $lines = @(Wait-ContainerTask c2 | Get-Line)
        $lines[1] | Should -Match '^Container +Process +ExitCode +ExitedAt$'
        $lines[3] | Should -Match '^c2 +137 \S'
    }

    It 'lists everything about a task, a process, an end and a result' {
        $text = (Get-ContainerTask c2 | Format-List | Get-Line) -join "`n"
        foreach ($name in 'StandardInput', 'StandardError', 'Terminal', 'ExitedAt') { $text | Should -Match "(?m)^$name +:" }
        ((Get-ContainerProcess c1 | Format-List | Get-Line) -join "`n") | Should -Match '(?m)^Command +: sleep 100$'
        ((Wait-ContainerTask c2 | Format-List | Get-Line) -join "`n") | Should -Match '(?m)^ExitCode +: 137$'
        ((Invoke-ContainerCommand c1 echo hi -PassThru | Format-List | Get-Line) -join "`n") | Should -Match '(?m)^Command +: echo hi$'
    }
}
