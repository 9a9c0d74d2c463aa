Describe 'Commands in running containers' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        $folder = New-TestFolder
        [void] (New-Container c1, c2 -Image busybox -Command sleep, 1000 -Environment @{ FROM = 'container' } -ErrorAction Stop)
        Get-Container | Start-ContainerTask -ErrorAction Stop

        # What runs in a container beside its first process.
        function Get-Further { Get-ContainerProcess c1, c2 | Where-Object { $_.Command -ne 'sleep 1000' } }
    }

    AfterEach {
        # What one test left is ended here, or it would fail the ones after it too.
        $left = @(Get-Further)
        foreach ($one in $left) { & kill -KILL $one.ProcessId }
        $left | Should -BeNullOrEmpty
        [IO.Directory]::GetFileSystemEntries("$($daemon.Daemon.Path)/fifo") | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    Context 'Invoke-ContainerCommand' {
        It 'gives the lines' {
            (Invoke-ContainerCommand c1 sh '-c' 'echo one; echo two; printf three') -join ' ' | Should -Be 'one two three'
            $LASTEXITCODE | Should -Be 0
        }

        It 'runs as it is told, else as the container does' {
            Invoke-ContainerCommand c1 -Command sh, -c, 'echo $FROM' | Should -Be 'container'
            Invoke-ContainerCommand c1 -Environment @{ FROM = 'here'; X = 'y z' } -Command sh, -c, 'echo $FROM $X' | Should -Be 'here y z'
            Invoke-ContainerCommand c1 -Environment FROM -Command sh, -c, 'echo "<$FROM>"' | Should -Be '<>'
            Invoke-ContainerCommand c1 -User web id | Should -BeLike 'uid=101(web) gid=102(web) groups=*200(extra)*'
            Invoke-ContainerCommand c1 -WorkingDirectory /tmp pwd | Should -Be '/tmp'
            Invoke-ContainerCommand c1 -Terminal -Command sh, -c, 'test -t 1 && echo tty' | Should -Be 'tty'
            Invoke-ContainerCommand c1 -Privileged grep CapEff /proc/self/status | Should -Not -Be (Invoke-ContainerCommand c1 grep CapEff /proc/self/status)
        }

        It 'takes what follows a -- for the command, whatever it looks like' {
            Invoke-ContainerCommand c1 -- sh -c 'echo "[$0]"' -n | Should -Be '[-n]'
            'a', 'b' | Invoke-ContainerCommand c1 -- grep -c b | Should -Be '1'
        }

        It 'passes empty arguments on' {
            Invoke-ContainerCommand c1 busybox printf '[%s]' '' a '' -ErrorAction Stop | Should -Be '[][a][]'
            Invoke-ContainerCommand c1 -Command busybox, printf, '[%s]', '', '' -ErrorAction Stop | Should -Be '[][]'
            { Invoke-ContainerCommand c1 -Command '', a -ErrorAction Stop } | Should -Throw -ExpectedMessage '*program to run is an empty text*'
            { Invoke-ContainerCommand c1 -Command @() } | Should -Throw
        }

        It 'tells the exit status' {
            { Invoke-ContainerCommand c1 -Command sh, -c, 'exit 3' -ErrorAction Stop } | Should -Throw -ErrorId 'NonZeroExitCode*'
            $LASTEXITCODE | Should -Be 3
            $result = Invoke-ContainerCommand c1 -Command sh, -c, 'echo o; echo e >&2; exit 4' -PassThru
            $result.ExitCode | Should -Be 4
            $result.Output -join ' ' | Should -Be 'o'
            $result.Error -join ' ' | Should -Be 'e'
            $result.Image | Should -Be 'docker.io/library/busybox:latest'
            $result.Command | Should -Be 'sh -c echo o; echo e >&2; exit 4'
        }

        It 'feeds the pipeline to the command, with its end' {
            ('b', 'a' | Invoke-ContainerCommand c1 cat) -join ' ' | Should -Be 'b a'
            @() | Invoke-ContainerCommand c1 cat | Should -BeNullOrEmpty
            (1..5000 | Invoke-ContainerCommand c1 cat).Count | Should -Be 5000
            (1..5000 | Invoke-ContainerCommand c1 cat -PassThru).Output.Count | Should -Be 5000
            1..100000 | Invoke-ContainerCommand c1 true
        }

        It 'feeds several commands' {
            $results = 1..2000 | Invoke-ContainerCommand c1, c2 cat -PassThru
            $results.Container -join ' ' | Should -Be 'c1 c2'
            $results[1].Output.Count | Should -Be 2000
            (1..2000 | Invoke-ContainerCommand c1, c2 cat).Count | Should -Be 4000
        }

        It 'carries bytes' {
            $bytes = [byte[]] (0..255)
            $echo = [IO.MemoryStream]::new()
            , $bytes | Invoke-ContainerCommand c1 cat -AsByteStream | ForEach-Object { $echo.Write($_, 0, $_.Length) }
            [Convert]::ToHexString($echo.ToArray()) | Should -Be ([Convert]::ToHexString($bytes))
        }

        It 'carries text in an encoding' {
            'gr' + [char] 0xFC | Invoke-ContainerCommand c1 cat -Encoding latin1 | Should -Be ('gr' + [char] 0xFC)
            $wide = [IO.MemoryStream]::new()
            [char] 0xFC | Invoke-ContainerCommand c1 cat -Encoding latin1 -AsByteStream | ForEach-Object { $wide.Write($_, 0, $_.Length) }
            [Convert]::ToHexString($wide.ToArray()) | Should -Be 'FC0A'
            { Invoke-ContainerCommand c1 cat -Encoding nosuch -ErrorAction Stop } | Should -Throw -ExpectedMessage '*not an encoding*'
        }

        It 'runs in many, in the order they came' {
            $lines = Get-Container | Invoke-ContainerCommand -Command sh, -c, 'echo $HOSTNAME; hostname'
            @($lines).Count | Should -BeGreaterThan 1
            ('c2', 'c1' | Invoke-ContainerCommand -Command hostname -PassThru).Container -join ' ' | Should -Be 'c2 c1'
        }

        It 'tells a container that is piped into a command of another' {
            { Get-Container c1 | Invoke-ContainerCommand ls / -ErrorAction Stop } | Should -Throw -ErrorId 'ContainersAsInput*'
            { Invoke-ContainerCommand -Command ls -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerRequired*'
            { Invoke-ContainerCommand c1 ls -PassThru -AsByteStream -ErrorAction Stop } | Should -Throw -ErrorId 'ConflictingOutput*'
        }

        It 'tells what is not there' {
            { Invoke-ContainerCommand c1 nosuchprogram -ErrorAction Stop } | Should -Throw -ErrorId 'CommandNotFound*'
            { Invoke-ContainerCommand c1 /etc/passwd -ErrorAction Stop } | Should -Throw -ErrorId 'CommandNotExecutable*'
            { Invoke-ContainerCommand c1 id -User nobodyhere -ErrorAction Stop } | Should -Throw -ExpectedMessage '*nobodyhere*'
            { Invoke-ContainerCommand nosuch id -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound*'
        }

        It 'tells that nothing runs' {
            [void] (New-Container idle -Image busybox -Command sh, -c, 'exit 0')
            { Invoke-ContainerCommand idle id -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound*'
            Start-ContainerTask idle
            [void] (Wait-ContainerTask idle)
            { Invoke-ContainerCommand idle id -ErrorAction Stop } | Should -Throw -ErrorId 'TaskStateStopped*'
            Remove-Container idle -Force
        }

        It 'ends what nobody reads any more' {
            Invoke-ContainerCommand c1 yes | Select-Object -First 3 | Should -HaveCount 3
        }

        It 'is not held by a process left behind' {
            Invoke-ContainerCommand c1 -Command sh, -c, 'sleep 77 & echo done' | Should -Be 'done'
            $left = Get-Further
            $left.Command | Should -Be 'sleep 77'
            [Diagnostics.Process]::GetProcessById($left.ProcessId).Kill()
            while (Get-Further) { [Threading.Thread]::Sleep(20) }
        }

        It 'does nothing under -WhatIf' {
            Invoke-ContainerCommand c1 touch /made -WhatIf
            { Invoke-ContainerCommand c1 ls /made -ErrorAction Stop } | Should -Throw
        }

        It 'leaves nothing when it is stopped while <Moment>' -ForEach @(
            @{ Moment = 'it runs'; Script = 'Invoke-ContainerCommand c1 sleep 100'; Command = 'sleep 100' }
            @{ Moment = 'it reads'; Script = '& { 1; Start-Sleep 100 } | Invoke-ContainerCommand c1 cat'; Command = 'cat' }
            @{ Moment = 'it writes'; Script = 'Invoke-ContainerCommand c1 yes | Out-Null'; Command = 'yes' }
            @{ Moment = 'it starts'; Script = '1..50 | ForEach-Object { Invoke-ContainerCommand c1 true }'; Command = '' }
        ) {
            $wanted = $Command
            Stop-Midway $Script { if ($wanted) { Get-Further | Where-Object Command -eq $wanted } else { [Threading.Thread]::Sleep(1500); $true } }
        }
    }

    Context 'In the background' {
        It 'starts, stops, waits for and removes' {
            $process = Start-ContainerProcess c1 sleep 100
            $process.Id | Should -BeLike 'exec-*'
            $process.Status | Should -Be 'Running'
            $process.Command | Should -Be 'sleep 100'
            $short = Start-ContainerProcess c1 true
            $short.Command | Should -Be 'true'
            (Wait-ContainerProcess c1 $short.Id -Timeout 20).ExitCode | Should -Be 0
            (Get-ContainerProcess c1 | Where-Object Id).Id | Should -Be $process.Id
            (Stop-ContainerProcess c1 $process.Id -PassThru).ExitCode | Should -Be 143
            ($process | Wait-ContainerProcess).ExitCode | Should -Be 143
            ($process | Get-ContainerProcess).Status | Should -Be 'Stopped'
            $process, $short | Remove-ContainerProcess
            { $process | Get-ContainerProcess -ErrorAction Stop } | Should -Throw -ErrorId 'ProcessNotFound*'
        }

        It 'logs' {
            $process = Start-ContainerProcess c1 echo logged -LogPath "$folder/exec.log"
            (Wait-ContainerProcess c1 $process.Id -Timeout 20).ExitCode | Should -Be 0
            $limit = [datetime]::Now.AddSeconds(10)
            while ([IO.File]::ReadAllText("$folder/exec.log").Length -eq 0 -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(20) }
            [IO.File]::ReadAllText("$folder/exec.log") | Should -Be "logged`n"
            $process | Remove-ContainerProcess
        }

        It 'refuses an id that is taken' {
            [void] (Start-ContainerProcess c1 sleep 100 -Id bg)
            { Start-ContainerProcess c1 sleep 100 -Id bg -ErrorAction Stop } | Should -Throw -ErrorId 'ProcessAlreadyExists*'
            { Invoke-ContainerCommand c1 true -Id bg -ErrorAction Stop } | Should -Throw -ErrorId 'ProcessAlreadyExists*'
            (Get-ContainerProcess c1 bg).Status | Should -Be 'Running'
            { Remove-ContainerProcess c1 bg -ErrorAction Stop } | Should -Throw -ErrorId 'ProcessNotStopped*'
            { Wait-ContainerProcess c1 bg -Timeout 100ms -ErrorAction Stop } | Should -Throw -ErrorId 'WaitTimeout*'
            Remove-ContainerProcess c1 bg -Force
        }

        It 'takes signals' {
            $process = Start-ContainerProcess c1 sleep 100
            $process | Send-ContainerSignal -Signal HUP
            ($process | Wait-ContainerProcess -Timeout 20).ExitCode | Should -Be 129
            { Send-ContainerSignal c1 HUP -Process $process.Id -ErrorAction Stop } | Should -Throw -ErrorId 'ProcessStateStopped*'
            $process | Remove-ContainerProcess
            (Get-ContainerTask c1).Status | Should -Be 'Running'
        }

        It 'leaves nothing of what cannot start' {
            { Start-ContainerProcess c1 nosuchprogram -Id bad -ErrorAction Stop } | Should -Throw -ErrorId 'CommandNotFound*'
            { Get-ContainerProcess c1 bad -ErrorAction Stop } | Should -Throw -ErrorId 'ProcessNotFound*'
            { Start-ContainerProcess c1 sh -Id 'no good' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidId*'
        }

        It 'does nothing under -WhatIf' {
            Start-ContainerProcess c1 sleep 100 -WhatIf
            $process = Start-ContainerProcess c1 sleep 100
            $process | Stop-ContainerProcess -WhatIf
            $process | Remove-ContainerProcess -Force -WhatIf
            ($process | Get-ContainerProcess).Status | Should -Be 'Running'
            $process | Remove-ContainerProcess -Force
        }
    }
}
