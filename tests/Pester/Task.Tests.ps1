Describe 'Tasks' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        $folder = New-TestFolder

        # Ends by itself when it is told to, with a status of its own.
        $obedient = 'sh', '-c', 'trap "exit 3" TERM; trap "exit 4" INT; echo up; while :; do sleep 0.05; done'
        $stubborn = 'sh', '-c', 'trap "" TERM; echo up; while :; do sleep 0.05; done'

        # The traps are set once it says so.
        function Wait-Up([string] $Id, [string] $Log) {
            $limit = [datetime]::Now.AddSeconds(20)
            while (-not ([IO.File]::Exists($Log) -and [IO.File]::ReadAllText($Log).Contains('up')) -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(20) }
            [IO.File]::ReadAllText($Log) | Should -BeLike '*up*'
        }

        function Start-Up([string] $Id, [string[]] $Command) {
            [void] (New-Container $Id -Image busybox -Command $Command -ErrorAction Stop)
            Start-ContainerTask $Id -LogPath "$folder/$Id.log" -ErrorAction Stop
            Wait-Up $Id "$folder/$Id.log"
        }
    }

    AfterEach {
        Get-Container | Remove-Container -Force
        [IO.Directory]::GetFiles($folder) | ForEach-Object { [IO.File]::Delete($_) }
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    Context 'From their creation to their end' {
        It 'creates, starts, stops and removes' {
            [void] (New-Container c1 -Image busybox -Command $obedient)
            $task = New-ContainerTask c1 -LogPath "$folder/c1.log"
            $task.Status | Should -Be 'Created'
            $task.ProcessId | Should -BeGreaterThan 0
            (Get-Container c1).Status | Should -Be 'Created'
            Start-ContainerTask c1 | Should -BeNullOrEmpty
            Wait-Up c1 "$folder/c1.log"
            (Get-ContainerTask c1).Status | Should -Be 'Running'
            Stop-ContainerTask c1 | Should -BeNullOrEmpty
            $ended = $task | Get-ContainerTask
            $ended.Status | Should -Be 'Stopped'
            $ended.ExitCode | Should -Be 3
            $ended.ExitedAt | Should -BeOfType ([datetimeoffset])
            (Wait-ContainerTask c1).ExitCode | Should -Be 3
            (Remove-ContainerTask c1 -PassThru).ExitCode | Should -Be 3
            Get-ContainerTask | Should -BeNullOrEmpty
            (Get-Container c1).Status | Should -Be 'NoTask'
        }

        It 'makes the task that is not there yet' {
            [void] (New-Container c1, c2 -Image busybox -Command sleep, 100)
            $tasks = Get-Container c* | Start-ContainerTask -PassThru
            $tasks.Container -join ' ' | Should -Be 'c1 c2'
            $tasks.Status | Should -Be 'Running', 'Running'
        }

        It 'starts anew, with the output going where it went' {
            Start-Up c1 $obedient
            $first = Get-ContainerTask c1
            $second = Restart-ContainerTask c1 -PassThru
            $second.ProcessId | Should -Not -Be $first.ProcessId
            $second.StandardOutput | Should -Be $first.StandardOutput
            Stop-ContainerTask c1
            (Restart-ContainerTask c1 -PassThru).Status | Should -Be 'Running'
        }

        It 'waits for many' {
            1..3 | ForEach-Object { [void] (New-Container "c$_" -Image busybox -Command sh, -c, "exit $_") }
            Get-Container | Start-ContainerTask
            $ends = 'c3', 'c1', 'c2' | Wait-ContainerTask
            $ends.ExitCode -join ' ' | Should -Be '3 1 2'
            $ends.Container -join ' ' | Should -Be 'c3 c1 c2'
        }

        It 'waits no longer than it is told' {
            Start-Up c1 $obedient
            { Wait-ContainerTask c1 -Timeout 200ms -ErrorAction Stop } | Should -Throw -ErrorId 'WaitTimeout*'
            (Get-ContainerTask c1).Status | Should -Be 'Running'
        }

        It 'lists by state and by name' {
            Start-Up one $obedient
            Start-Up two $obedient
            Stop-ContainerTask two
            (Get-ContainerTask -Status Running).Container | Should -Be 'one'
            (Get-ContainerTask t*).Container | Should -Be 'two'
            (Get-ContainerTask).Count | Should -Be 2
        }
    }

    Context 'Stopping' {
        It 'kills what does not end in time' {
            Start-Up c1 $stubborn
            (Stop-ContainerTask c1 -Timeout 300ms -PassThru).ExitCode | Should -Be 137
        }

        It 'takes the signal it is given' {
            Start-Up c1 $obedient
            (Stop-ContainerTask c1 -Signal int -PassThru).ExitCode | Should -Be 4
        }

        It 'takes the signal of the image' {
            Start-Up c1 $obedient
            # The name that containerd's own clients write and read.
            [void] (Set-ContainerLabel c1 @{ 'io.containerd.image.config.stop-signal' = 'SIGINT' })
            (Stop-ContainerTask c1 -PassThru).ExitCode | Should -Be 4
        }

        It 'takes it for a success that it has ended' {
            Start-Up c1 $obedient
            Stop-ContainerTask c1
            (Stop-ContainerTask c1 -PassThru -ErrorAction Stop).ExitCode | Should -Be 3
        }

        It 'stops a paused one' {
            Start-Up c1 $obedient
            Suspend-ContainerTask c1
            (Stop-ContainerTask c1 -PassThru).ExitCode | Should -Be 3
        }

        It 'stops many, in the order they came' {
            $ids = 1..6 | ForEach-Object { "m$_" }
            $ids | New-Container -Image busybox -Command $stubborn | Start-ContainerTask
            $ended = $ids | Stop-ContainerTask -Timeout 500ms -PassThru
            $ended.Container -join ' ' | Should -Be ($ids -join ' ')
            $ended.Status | Should -Not -Contain 'Running'
        }
    }

    Context 'Pausing' {
        It 'freezes and thaws' {
            Start-Up c1 $obedient
            (Suspend-ContainerTask c1 -PassThru).Status | Should -Be 'Paused'
            { Invoke-ContainerCommand c1 echo hi -ErrorAction Stop } | Should -Throw -ErrorId 'TaskStatePaused*'
            (Resume-ContainerTask c1 -PassThru).Status | Should -Be 'Running'
            Invoke-ContainerCommand c1 echo hi | Should -Be 'hi'
        }

        It 'tells that there is nothing to freeze' {
            Start-Up c1 $obedient
            Stop-ContainerTask c1
            { Suspend-ContainerTask c1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskStateStopped*'
            { Resume-ContainerTask c1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskStateStopped*'
            [void] (New-Container c2 -Image busybox)
            [void] (New-ContainerTask c2)
            { Suspend-ContainerTask c2 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskStateCreated*'
            { Resume-ContainerTask c2 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskStateCreated*'
        }

        It 'tells that it is so already' {
            Start-Up c1 $obedient
            { Resume-ContainerTask c1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskStateRunning*' -ExpectedMessage '*is not paused*'
            Suspend-ContainerTask c1
            { Suspend-ContainerTask c1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskStatePaused*' -ExpectedMessage '*is paused already*'
            (Resume-ContainerTask c1 -PassThru).Status | Should -Be 'Running'
        }
    }

    Context 'Signals' {
        It 'sends by name and by number' {
            Start-Up c1 $obedient
            Send-ContainerSignal c1 SIGINT
            (Wait-ContainerTask c1 -Timeout 20).ExitCode | Should -Be 4
            Start-Up c2 $obedient
            Get-Container c2 | Send-ContainerSignal -Signal 15
            (Wait-ContainerTask c2 -Timeout 20).ExitCode | Should -Be 3
        }

        It 'sends to all' {
            Start-Up c1 $obedient
            $process = Start-ContainerProcess c1 sleep 100
            Send-ContainerSignal c1 KILL -All
            (Wait-ContainerTask c1 -Timeout 20).ExitCode | Should -Be 137
            (Wait-ContainerProcess c1 $process.Id -Timeout 20 -ErrorAction SilentlyContinue).ExitCode | Should -BeIn 137, $null
        }

        It 'refuses one that does not exist' {
            { Send-ContainerSignal c1 FOO -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidSignal*'
            { Send-ContainerSignal c1 65 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidSignal*'
            { Stop-ContainerTask c1 -Signal 0 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidSignal*'
        }

        It 'tells that the process has ended' {
            Start-Up c1 $obedient
            Stop-ContainerTask c1
            { Send-ContainerSignal c1 HUP -ErrorAction Stop } | Should -Throw -ErrorId 'TaskStateStopped*'
        }
    }

    Context 'How it is made' {
        It 'mounts over the root filesystem' {
            [IO.File]::WriteAllText("$folder/seen", 'through the mount')
            [void] (New-Container c1 -Image busybox -Command cat, /seen)
            Start-ContainerTask c1 -RootFileSystemMount "${folder}:ro" -LogPath "$folder/c1.log" -ErrorAction SilentlyContinue -ErrorVariable failure

            # The folder hides the image's programs: what runs is what the mount has.
            $failure | Should -Not -BeNullOrEmpty
            Get-ContainerTask c1 -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        }

        It 'runs what an extra mount brings' {
            $other = New-TestRootFileSystem
            [IO.File]::WriteAllText("$other/seen", 'through the mount')
            [void] (New-Container c1 -Image busybox -Command sh, -c, 'cat /seen; echo back > /written')
            Start-ContainerTask c1 -RootFileSystemMount "type=bind,source=$other,options=rbind" -LogPath "$folder/mounted.log"
            (Wait-ContainerTask c1).ExitCode | Should -Be 0
            [IO.File]::ReadAllText("$other/written") | Should -Be "back`n"
            Remove-ContainerTask c1
            Get-ContainerLog c1 | Should -Be 'through the mount'
            [IO.Directory]::Delete($other, $true)
        }

        It 'changes options of the runtime' {
            [void] (New-Container c1 -Image busybox -Command sleep, 100)
            { New-ContainerTask c1 -RuntimeOption @{ BinaryName = '/no/such/runc' } -ErrorAction Stop } | Should -Throw -ExpectedMessage '*no such*'
            { New-ContainerTask c1 -RuntimeOption @{ NoSuchOption = 1 } -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRuntimeOption*'
            { New-ContainerTask c1 -RuntimeOption @{ io_uid = 'many' } -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRuntimeOption*'
            (New-ContainerTask c1 -RuntimeOption @{ NoNewKeyring = $true }).Status | Should -Be 'Created'
        }

        It 'keeps fifos for who attaches later, and removes them with the task' {
            [void] (New-Container c1 -Image busybox -Command sleep, 100)
            Start-ContainerTask c1 -Attachable
            $task = Get-ContainerTask c1
            [IO.File]::Exists($task.StandardOutput) | Should -BeTrue
            Remove-ContainerTask c1 -Force
            [IO.Directory]::Exists([IO.Path]::GetDirectoryName($task.StandardOutput)) | Should -BeFalse
        }

        It 'leaves no fifo where it cannot be made' {
            [void] (New-Container c1 -Image busybox -Command nosuchprogram)
            { Start-ContainerTask c1 -Attachable -ErrorAction Stop } | Should -Throw -ErrorId 'CommandNotFound*'
            Get-ContainerTask | Should -BeNullOrEmpty
        }

        It 'tells that the folder for fifos cannot be written' {
            [void] (New-Container c1 -Image busybox -Command sleep, 100)
            { New-ContainerTask c1 -Attachable -FifoDirectory /proc/nowhere -ErrorAction Stop } | Should -Throw -ExpectedMessage '*/proc/nowhere*'
            Get-ContainerTask | Should -BeNullOrEmpty
        }

        It 'refuses parameters that say different things' {
            { Start-ContainerTask c1 -LogPath /tmp/a -Attachable -ErrorAction Stop } | Should -Throw -ErrorId 'ConflictingStreams*'
            { New-ContainerTask c1 -LogUri 'http://x' -ErrorAction Stop } | Should -Throw
            [void] (New-Container c1 -Image busybox -Command sleep, 100)
            { New-ContainerTask c1 -LogUri 'http://x' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidLogUri*' -ExpectedMessage '*file:///PATH*'
            { New-ContainerTask c1 -Checkpoint busybox -ErrorAction Stop } | Should -Throw -ErrorId 'NotATaskCheckpoint*'
            [void] (New-ContainerTask c1)
            { Start-ContainerTask c1 -LogPath /tmp/a -ErrorAction Stop } | Should -Throw -ErrorId 'TaskAlreadyExists*'
        }
    }

    Context 'What is not there, or not so' {
        It 'tells a container without a task from no container' {
            [void] (New-Container c1 -Image busybox -Command sleep, 100)
            foreach ($name in 'Get', 'Stop', 'Restart', 'Suspend', 'Resume', 'Wait', 'Remove') {
                { & "$name-ContainerTask" c1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound*'
                { & "$name-ContainerTask" nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound*'
            }
            { Start-ContainerTask nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound*'
            { Remove-ContainerTask c1 -Force -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound*'
        }

        It 'refuses to remove one that runs' {
            Start-Up c1 $obedient
            { Remove-ContainerTask c1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotStopped*'
            (Get-ContainerTask c1).Status | Should -Be 'Running'
            Remove-ContainerTask c1 -Force
            (Get-Container c1).Status | Should -Be 'NoTask'
        }

        It 'refuses a second task' {
            Start-Up c1 $obedient
            { New-ContainerTask c1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskAlreadyExists*'
            { Start-ContainerTask c1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskStateRunning*'
        }

        It 'does nothing under -WhatIf' {
            Start-Up c1 $obedient
            $before = Get-ContainerTask c1
            Stop-ContainerTask c1 -WhatIf
            Restart-ContainerTask c1 -WhatIf
            Suspend-ContainerTask c1 -WhatIf
            Send-ContainerSignal c1 KILL -WhatIf
            Remove-ContainerTask c1 -Force -WhatIf
            $after = Get-ContainerTask c1
            $after.Status | Should -Be 'Running'
            $after.ProcessId | Should -Be $before.ProcessId
        }

        It 'works on the rest when one fails' {
            Start-Up c1 $obedient
            Start-Up c2 $obedient
            'c1', 'nosuch', 'c2' | Stop-ContainerTask -ErrorVariable failures -ErrorAction SilentlyContinue
            @($failures).Count | Should -Be 1
            (Get-ContainerTask).Status | Should -Be 'Stopped', 'Stopped'
        }
    }

    Context 'When something dies' {
        It 'tells that the shim is gone, and clears what is left' {
            Start-Up c1 $obedient
            $task = Get-ContainerTask c1
            $shim = [int] ([IO.File]::ReadAllText("/proc/$($task.ProcessId)/stat") -replace '^.*\) \S (\d+) .*$', '$1' -replace '\s')
            [Diagnostics.Process]::GetProcessById($shim).Kill()
            $limit = [datetime]::Now.AddSeconds(20)
            do {
                try { $status = (Get-ContainerTask c1 -ErrorAction Stop).Status } catch { $status = $_.FullyQualifiedErrorId }
                [Threading.Thread]::Sleep(100)
            } while ("$status" -eq 'Running' -and [datetime]::Now -lt $limit)
            "$status" | Should -Not -Be 'Running'
            Remove-Container c1 -Force -ErrorAction Stop
            while ([IO.Directory]::Exists("/proc/$($task.ProcessId)") -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(100) }
            [IO.Directory]::Exists("/proc/$($task.ProcessId)") | Should -BeFalse
        }
    }
}
