Describe 'What tasks use' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        [void] (New-Container idle -Image busybox -Command sleep, 1000 -Memory 64m -PidsLimit 20 -ErrorAction Stop)
        [void] (New-Container busy -Image busybox -Command sh, -c, 'while :; do :; done' -ErrorAction Stop)
        Start-ContainerTask idle, busy -ErrorAction Stop

        # Without colours and the spaces at the ends of lines.
        function Get-Line { ($input | Out-String -Width 160) -replace '\e\[[\d;]*m' -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ } }
    }

    AfterEach { Get-Container | Where-Object Id -notin idle, busy | Remove-Container -Force }

    AfterAll {
        Get-Container | Remove-Container -Force
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
    }

    Context 'One measurement' {
        It 'has what the kernel counts' {
            $metrics = Measure-ContainerTask idle -Interval 0.1
            $metrics | Should -BeOfType ([ContainerdPS.ContainerMetrics])
            $metrics.Container | Should -Be 'idle'
            $metrics.Status | Should -Be 'Running'
            $metrics.ProcessId | Should -Be (Get-ContainerTask idle).ProcessId
            $metrics.Namespace | Should -Be $daemon.Namespace
            $metrics.MemoryLimit | Should -Be 64MB
            $metrics.MemoryUsage | Should -BeGreaterThan 0
            $metrics.MemoryWorkingSet | Should -BeLessOrEqual $metrics.MemoryUsage
            $metrics.MemoryPercent | Should -BeGreaterThan 0
            $metrics.MemoryPercent | Should -BeLessThan 100
            $metrics.Pids | Should -Be 1
            $metrics.PidsLimit | Should -Be 20
            $metrics.CpuTime | Should -BeGreaterThan ([timespan]::Zero)
            $metrics.CpuPercent | Should -BeGreaterOrEqual 0
            $metrics.Interval | Should -BeGreaterThan ([timespan]::Zero)
            $metrics.Time | Should -BeOfType ([datetimeoffset])
            ($metrics.ToJson() | ConvertFrom-Json).pids.limit | Should -Be 20
        }

        It 'tells a busy one from an idle one' {
            $metrics = Measure-ContainerTask busy, idle -Interval 0.3
            $metrics.Container -join ' ' | Should -Be 'busy idle'
            $metrics[0].CpuPercent | Should -BeGreaterThan 1
            $metrics[0].CpuPercent | Should -BeGreaterThan $metrics[1].CpuPercent
            $metrics[0].MemoryLimit | Should -BeNullOrEmpty
            $metrics[0].MemoryPercent | Should -BeNullOrEmpty
        }

        It 'takes a single sample at once' {
            $metrics = Measure-ContainerTask busy -Interval 0
            $metrics.CpuTime | Should -BeGreaterThan ([timespan]::Zero)
            $metrics.CpuPercent | Should -BeNullOrEmpty
            $metrics.ReadBytesPerSecond | Should -BeNullOrEmpty
        }

        It 'takes names, wildcards, states, and whatever has a task' {
            (Measure-ContainerTask -Interval 0).Container -join ' ' | Should -Be 'busy idle'
            (Measure-ContainerTask i* -Interval 0).Container | Should -Be 'idle'
            ('idle', 'busy' | Measure-ContainerTask -Interval 0).Container -join ' ' | Should -Be 'idle busy'
            (Get-Container | Measure-ContainerTask -Interval 0).Container -join ' ' | Should -Be 'busy idle'
            (Get-ContainerTask idle | Measure-ContainerTask -Interval 0 | Measure-ContainerTask -Interval 0).Container | Should -Be 'idle'
            (Measure-ContainerTask -Namespace * -Interval 0).Namespace | Should -Be $daemon.Namespace, $daemon.Namespace
            [void] (New-Container paused -Image busybox -Command sleep, 1000)
            Start-ContainerTask paused
            Suspend-ContainerTask paused
            (Measure-ContainerTask -Status Paused -Interval 0).Container | Should -Be 'paused'
        }

        It 'goes on into other commands' {
            (Measure-ContainerTask idle -Interval 0 | Get-ContainerTask).Container | Should -Be 'idle'
            (Measure-ContainerTask idle -Interval 0 | Get-ContainerProcess).ProcessId | Should -Be (Get-ContainerTask idle).ProcessId
        }

        It 'has the sums of one that has ended, until it is removed' {
            [void] (New-Container ended -Image busybox -Command true)
            Start-ContainerTask ended
            [void] (Wait-ContainerTask ended)
            $metrics = Measure-ContainerTask ended -Interval 0
            $metrics.Status | Should -Be 'Stopped'
            $metrics.CpuTime | Should -BeGreaterThan ([timespan]::Zero)
            @(Measure-ContainerTask ended -Interval 0.1 -Count 5) | Should -HaveCount 1
            Remove-ContainerTask ended
            { Measure-ContainerTask ended -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound*'
        }
    }

    Context 'Again and again' {
        It 'measures as often as it is told' {
            $metrics = Measure-ContainerTask busy, idle -Interval 0.1 -Count 3
            $metrics.Container -join ' ' | Should -Be 'busy idle busy idle busy idle'
            $metrics[4].CpuTime | Should -BeGreaterThan $metrics[0].CpuTime
            $metrics[4].Time | Should -BeGreaterThan $metrics[2].Time
        }

        It 'measures until nobody takes more' {
            (Measure-ContainerTask busy -Continuous -Interval 0.05 | Select-Object -First 4) | Should -HaveCount 4
        }

        It 'measures tasks that come and go' {
            $seen = Measure-ContainerTask -Continuous -Interval 0.1 | ForEach-Object {
                if (-not $made) {
                    $made = $true
                    [void] (New-Container late -Image busybox -Command sleep, 1000)
                    Start-ContainerTask late
                }
                $_.Container
            } | Where-Object { $_ -eq 'late' } | Select-Object -First 1
            $seen | Should -Be 'late'
        }

        It 'ends with the last one that was named' {
            [void] (New-Container short1, short2 -Image busybox -Command sleep, 1000)
            Start-ContainerTask short1, short2
            $metrics = Measure-ContainerTask short1, short2 -Continuous -Interval 0.1 | ForEach-Object {
                if ($_.Container -eq 'short1' -and $_.Status -eq 'Running') { Remove-ContainerTask short1 -Force }
                if ($_.Container -eq 'short2' -and $_.Status -eq 'Running') { Stop-ContainerTask short2 -Timeout 0 }
                $_
            }
            @($metrics | Where-Object Status -eq Running).Container -join ' ' | Should -Be 'short1 short2'
            $metrics[-1].Container | Should -Be 'short2'
            $metrics[-1].Status | Should -Be 'Stopped'
        }

        It 'does not compare a task with the one before it' {
            [void] (New-Container again -Image busybox -Command sleep, 1000)
            Start-ContainerTask again
            $metrics = Measure-ContainerTask again -Interval 0.1 -Count 3 | ForEach-Object {
                if (-not $restarted) {
                    $restarted = $true
                    Restart-ContainerTask again -Timeout 0
                }
                $_
            }
            $metrics[0].CpuPercent | Should -Not -BeNullOrEmpty
            $metrics[1].ProcessId | Should -Not -Be $metrics[0].ProcessId
            $metrics[1].CpuPercent | Should -BeNullOrEmpty
            $metrics[2].CpuPercent | Should -Not -BeNullOrEmpty
        }

        It 'leaves nothing when it is stopped' {
            Stop-Midway 'Measure-ContainerTask -Continuous -Interval 0.05 | Out-Null' { [Threading.Thread]::Sleep(1500); $true }
            (Measure-ContainerTask idle -Interval 0).Container | Should -Be 'idle'
        }
    }

    Context 'What is not there, or makes no sense' {
        It 'tells of each that cannot be measured, and measures the rest' {
            [void] (New-Container bare -Image busybox)
            $metrics = 'busy', 'nosuch', 'bare', 'no good', 'idle' | Measure-ContainerTask -Interval 0 -ErrorVariable failures -ErrorAction SilentlyContinue
            $metrics.Container -join ' ' | Should -Be 'busy idle'
            ($failures.FullyQualifiedErrorId -replace ',.*' | Sort-Object) -join ' ' | Should -Be 'ContainerNotFound InvalidId TaskNotFound'
            ($failures.TargetObject | Sort-Object) -join ' ' | Should -Be 'bare no good nosuch'
        }

        It 'is silent about a wildcard that fits nothing' {
            Measure-ContainerTask zzz* -Interval 0 -ErrorAction Stop | Should -BeNullOrEmpty
        }

        It 'refuses what has no task' {
            { Get-ContainerImage | Measure-ContainerTask -ErrorAction Stop } | Should -Throw -ErrorId 'NotAContainer*'
            { $daemon | Measure-ContainerTask -ErrorAction Stop } | Should -Throw
        }

        It 'refuses parameters that do not fit' {
            { Measure-ContainerTask busy -Continuous -Count 2 -ErrorAction Stop } | Should -Throw -ErrorId 'ConflictingMeasurement*'
            { Measure-ContainerTask busy -Continuous -Interval 0 -ErrorAction Stop } | Should -Throw -ErrorId 'ConflictingMeasurement*'
            { Measure-ContainerTask busy -Interval 48h -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidInterval*'
            { Measure-ContainerTask busy -Interval soon -ErrorAction Stop } | Should -Throw -ExpectedMessage '*not a duration*'
            { Measure-ContainerTask busy -Count 0 -ErrorAction Stop } | Should -Throw
        }
    }

    Context 'Views' {
        It 'shows sizes and per cent as people read them' {
            $lines = @(Measure-ContainerTask idle -Interval 0.1 | Get-Line)
            $lines[0].Trim() | Should -Be "Namespace: $($daemon.Namespace)"
            $lines[1] | Should -Match '^Container +Status +Cpu% +Memory +Limit +Mem% +Pids +Read +Written +Time$'
            $lines[3] | Should -Match '^idle +Running +[\d.,]+ +[\d.,]+ [KM]iB +64 MiB +[\d.,]+ +1 +[\d.,]+ \wi?B? +[\d.,]+ \wi?B? +[\d:]{8}$'
        }

        It 'lists everything' {
            $text = (Measure-ContainerTask idle -Interval 0 | Format-List | Get-Line) -join "`n"
            foreach ($name in 'MemoryUsage', 'MemoryPeak', 'CpuThrottledTime', 'SwapUsage', 'OutOfMemoryKills', 'WriteOperations', 'Source') { $text | Should -Match "(?m)^$name +:" }
        }
    }
}
