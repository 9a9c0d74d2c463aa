Describe 'The output of tasks' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        foreach ($name in 'printf', 'seq', 'head') { [void] [IO.File]::CreateSymbolicLink("$rootfs/bin/$name", 'busybox') }
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        $folder = New-TestFolder

        function Start-Task([string] $Script, [switch] $Terminal) {
            [void] (New-Container r1 -Image busybox -Command sh, -c, $Script -Mount "${folder}:/shared" -Terminal:$Terminal)
            Start-ContainerTask r1 -Attachable
        }

        # Lets the task go on that waits for it: 'until [ -e /shared/go ]; do sleep 0.05; done'.
        function Set-Go { [IO.File]::WriteAllText("$folder/go", '') }

        function Wait-For([string] $What, [scriptblock] $Condition) {
            $limit = [datetime]::Now.AddSeconds(30)
            while (-not (& $Condition)) {
                if ([datetime]::Now -gt $limit) { throw "It never came that $What." }
                [Threading.Thread]::Sleep(20)
            }
        }

        $go = 'until [ -e /shared/go ]; do sleep 0.05; done'
    }

    AfterEach {
        Get-Container | Remove-Container -Force
        [IO.File]::Delete("$folder/go")
        [IO.Directory]::GetFileSystemEntries("$($daemon.Daemon.Path)/fifo") | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    Context 'until the end' {
        It 'comes as it is written, with the exit status' {
            Start-Task "echo one; $go; echo two; printf three; exit 4"
            $lines = @(Receive-ContainerTask r1 -ErrorAction SilentlyContinue -ErrorVariable failure | ForEach-Object { if ($_ -eq 'one') { Set-Go }; $_ })
            $lines -join ' ' | Should -Be 'one two three'
            $LASTEXITCODE | Should -Be 4
            @($failure).Count | Should -Be 1
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'NonZeroExitCode,*'
            $failure[0].TargetObject | Should -Be 'r1'
            (Get-ContainerTask r1).ExitCode | Should -Be 4
        }

        It 'is there also when the task ended before' {
            Start-Task 'echo one; echo two >&2; printf three'
            [void] (Wait-ContainerTask r1 -Timeout 30)
            $lines = Get-ContainerTask r1 | Receive-ContainerTask -InformationVariable told 6> $null
            $lines -join ' ' | Should -Be 'one three'
            "$told" | Should -Be 'two'
            @($told.Tags) -join ' ' | Should -Be 'stderr'
            $LASTEXITCODE | Should -Be 0
            Receive-ContainerTask r1 | Should -BeNullOrEmpty
            $LASTEXITCODE | Should -Be 0
        }

        It 'comes as one object' {
            Start-Task 'echo out; echo err >&2; exit 5'
            $result = Receive-ContainerTask r1 -PassThru
            $result.GetType().FullName | Should -Be 'ContainerdPS.ContainerResult'
            $result.Container | Should -Be 'r1'
            $result.Image | Should -Be 'docker.io/library/busybox:latest'
            $result.Command | Should -Be 'sh -c echo out; echo err >&2; exit 5'
            $result.ExitCode | Should -Be 5
            "$($result.Output)|$($result.Error)" | Should -Be 'out|err'
            $result.ExitedAt -ge $result.StartedAt | Should -BeTrue
        }

        It 'comes as bytes' {
            Start-Task "printf '\000\377\012\015\303'; echo err >&2"
            $bytes = [IO.MemoryStream]::new()
            Receive-ContainerTask r1 -AsByteStream -InformationVariable told 6> $null | ForEach-Object { $bytes.Write($_, 0, $_.Length) }
            [Convert]::ToHexString($bytes.ToArray()) | Should -Be '00FF0A0DC3'
            "$told" | Should -Be 'err'
        }

        It 'comes in an encoding' -ForEach @(
            @{ Name = 'utf8'; Octal = 'gr\303\274n\r\nx\n' }
            @{ Name = 'latin1'; Octal = 'gr\374n\r\nx\n' }
            @{ Name = 'unicode'; Octal = 'g\0r\0\374\0n\0\r\0\n\0x\0\n\0' }
        ) {
            Start-Task "printf '$Octal'"
            (Receive-ContainerTask r1 -Encoding $Name) -join '|' | Should -Be "gr$([char] 0xFC)n|x"
        }

        It 'comes from a terminal' {
            Start-Task 'test -t 1 && echo tty; echo err >&2' -Terminal
            (Receive-ContainerTask r1) -join ' ' | Should -Be 'tty err'
        }

        It 'is whole when it is much' {
            Start-Task 'seq 1 200000; seq 1 50000 >&2'
            $result = Receive-ContainerTask r1 -PassThru
            $result.Output.Count | Should -Be 200000
            $result.Output[199999] | Should -Be '200000'
            $result.Error.Count | Should -Be 50000
        }

        It 'is whole when a line is longer than its fifo' {
            Start-Task "head -c 300000 /dev/zero | while IFS= read -r -n 1 x; do :; done; i=0; while [ `$i -lt 30000 ]; do printf 0123456789; i=`$((i+1)); done; echo; echo end"
            $lines = @(Receive-ContainerTask r1)
            $lines.Count | Should -Be 2
            $lines[0].Length | Should -Be 300000
            $lines[1] | Should -Be 'end'
        }

        It 'comes from one after the other' {
            [void] (New-Container r1, r2 -Image busybox -Command sh, -c, 'hostname')
            Get-Container | Start-ContainerTask -Attachable
            (Get-ContainerTask | Receive-ContainerTask -PassThru).Container -join ' ' | Should -Be 'r1 r2'
        }

        It 'does not wait for a process left behind' {
            Start-Task '(sleep 77 &) ; echo done; exit 0'
            Receive-ContainerTask r1 | Should -Be 'done'
        }

        It 'comes over a restart of the task' {
            Start-Task 'echo one'
            Receive-ContainerTask r1 | Should -Be 'one'
            Restart-ContainerTask r1
            Receive-ContainerTask r1 | Should -Be 'one'
        }
    }

    Context 'for a time' {
        It 'leaves what was not given' {
            Start-Task "seq 1 1000; $go; echo over"
            (Receive-ContainerTask r1 | Select-Object -First 3) -join ' ' | Should -Be '1 2 3'
            (Receive-ContainerTask r1 | Select-Object -First 1) | Should -Be '4'
            (Receive-ContainerTask r1 -NoWait | Select-Object -First 1) | Should -Be '5'
            (Get-ContainerTask r1).Status | Should -Be 'Running'
            Set-Go
            $rest = @(Receive-ContainerTask r1)
            $rest.Count | Should -Be 996
            "$($rest[0]) $($rest[-1])" | Should -Be '6 over'
        }

        It 'gives what is there now' {
            Start-Task "echo one; printf 'tw'; $go; echo o; echo three"
            Wait-For 'a line was written' { $script:line = Receive-ContainerTask r1 -NoWait; $script:line }
            $script:line | Should -Be 'one'
            Receive-ContainerTask r1 -NoWait | Should -BeNullOrEmpty
            Set-Go
            [void] (Wait-ContainerTask r1 -Timeout 30)
            $global:LASTEXITCODE = 99
            (Receive-ContainerTask r1 -NoWait) -join ' ' | Should -Be 'two three'
            $LASTEXITCODE | Should -Be 99
            Receive-ContainerTask r1 -NoWait | Should -BeNullOrEmpty
        }

        It 'gives bytes that are there now, and comes to an end with a task that does not' {
            Start-Task 'yes'
            $count = 0
            Receive-ContainerTask r1 -NoWait -AsByteStream | ForEach-Object { $count += $_.Length }
            $count -le 65536 | Should -BeTrue
            @(Receive-ContainerTask r1 -NoWait).Count -le 32768 | Should -BeTrue
        }

        It 'is not lost when the command is stopped, and the task goes on' {
            Start-Task "echo one; printf 'tw'; $go; echo o; exit 0"
            Stop-Midway "Receive-ContainerTask r1 | ForEach-Object { [IO.File]::WriteAllText('$folder/seen', `$_) }" { [IO.File]::Exists("$folder/seen") }
            [IO.File]::ReadAllText("$folder/seen") | Should -Be 'one'
            [IO.File]::Delete("$folder/seen")
            (Get-ContainerTask r1).Status | Should -Be 'Running'
            Set-Go
            Receive-ContainerTask r1 | Should -Be 'two'
        }

        It 'leaves no descriptor and no thread behind' {
            Start-Task 'sleep 100'
            $count = { [IO.Directory]::GetFileSystemEntries('/proc/self/fd').Count }
            Receive-ContainerTask r1 -NoWait
            $before = & $count
            foreach ($i in 1..50) { Receive-ContainerTask r1 -NoWait }
            (& $count) - $before | Should -BeLessThan 5
        }
    }

    Context 'that somebody else reads' {
        It 'is given with a warning: another command' {
            Start-Task "echo one; $go; seq 1 100"
            $lines = @(Receive-ContainerTask r1 | ForEach-Object {
                    if ($_ -eq 'one') {
                        Receive-ContainerTask r1 -NoWait -WarningVariable warnings 3> $null
                        "warned: $warnings"
                        Set-Go
                    }
                    $_
                })
            "$($lines[0])" | Should -BeLike "warned: Another command*reads the output of the task of the container 'r1' too*"
            $lines.Count | Should -Be 102
        }

        It 'is given with a warning: another program' {
            Start-Task "echo one; $go; echo two"
            $fifo = (Get-ContainerTask r1).StandardOutput
            $other = [Diagnostics.Process]::Start([Diagnostics.ProcessStartInfo]::new('sleep', '100'))
            $reader = [Diagnostics.Process]::Start([Diagnostics.ProcessStartInfo]::new('sh', "-c `"exec sleep 100 < $fifo`""))
            try {
                Wait-For 'it has it open' { [IO.File]::ReadAllText("/proc/$($reader.Id)/comm").Trim() -eq 'sleep' }
                [void] (Receive-ContainerTask r1 -NoWait -WarningVariable warnings 3> $null)
                "$warnings" | Should -BeLike "The process $($reader.Id) (sleep) reads the output of*"
            }
            finally {
                foreach ($process in $reader, $other) { $process.Kill(); $process.WaitForExit() }
            }

            [void] (Receive-ContainerTask r1 -NoWait -WarningVariable warnings)
            $warnings | Should -BeNullOrEmpty
        }
    }

    Context 'that cannot be had' {
        It 'is told why' {
            { Receive-ContainerTask nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
            [void] (New-Container r1 -Image busybox -Command sleep, 100)
            { Receive-ContainerTask r1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound,*'
            Start-ContainerTask r1
            $e = { Receive-ContainerTask r1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotAttachable,*' -PassThru
            $e.Exception.Message | Should -BeLike '*-Attachable*'
            Remove-ContainerTask r1 -Force
            Start-ContainerTask r1 -LogPath "$folder/log"
            $e = { Receive-ContainerTask r1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotAttachable,*' -PassThru
            $e.Exception.Message | Should -BeLike "*$folder/log*Get-ContainerLog*"
            { Receive-ContainerTask 'no good' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidId,*'
            { Receive-ContainerTask r1 -PassThru -NoWait } | Should -Throw -ErrorId 'ConflictingOutput,*'
            { Receive-ContainerTask r1 -PassThru -AsByteStream } | Should -Throw -ErrorId 'ConflictingOutput,*'
            { Receive-ContainerTask r1 -Encoding nosuch } | Should -Throw -ExpectedMessage '*not an encoding*'
        }

        It 'is told when its fifos were taken away' {
            Start-Task 'sleep 100'
            $fifo = (Get-ContainerTask r1).StandardOutput
            [IO.File]::Delete($fifo)
            { Receive-ContainerTask r1 -ErrorAction Stop } | Should -Throw -ErrorId 'StreamsNotFound,*'
            [IO.File]::WriteAllText($fifo, 'a file')
            { Receive-ContainerTask r1 -ErrorAction Stop } | Should -Throw -ErrorId 'StreamsNotFound,*'
            [IO.File]::Delete($fifo)
        }

        It 'is given up to where the shim was killed' {
            Start-Task 'echo one; sleep 100'
            $parent = [int] ([IO.File]::ReadAllText("/proc/$((Get-ContainerTask r1).ProcessId)/stat") -replace '^.*\) \S (\d+) .*', '$1')
            $lines = @(Receive-ContainerTask r1 -ErrorAction SilentlyContinue -ErrorVariable failure | ForEach-Object { & kill -9 $parent; $_ })
            $lines -join ' ' | Should -Be 'one'
            $failure[0].FullyQualifiedErrorId | Should -Match '^(ShimDied|NonZeroExitCode|TaskNotFound|ContainerdUnknown)'
        }
    }
}
