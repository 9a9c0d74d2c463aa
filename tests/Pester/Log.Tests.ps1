Describe 'Logs' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        $folder = New-TestFolder

        # A container whose log is a file of the test: nothing runs in it.
        function New-Logged([string] $Id, [string[]] $Line, [string] $Name = "$Id.log") {
            [void] (New-Container $Id -Image busybox -Command true -Label "containerdps/log-uri=file://$folder/$Name" -ErrorAction Stop)
            if ($Line) { [IO.File]::WriteAllText("$folder/$Name", ($Line -join "`n") + "`n") }
        }

        function Start-Logged([string] $Id, [string] $Script) {
            [void] (New-Container $Id -Image busybox -Command sh, -c, $Script -ErrorAction Stop)
            Start-ContainerTask $Id -LogPath "$folder/$Id.log" -ErrorAction Stop
        }

        # It goes on until the test says so, by a file that it sees.
        $mounted = New-TestFolder
        function Start-Held([string] $Id, [string] $Before, [string] $After) {
            $script = "$Before; while ! test -e /go/$Id; do sleep 0.02; done; $After"
            [void] (New-Container $Id -Image busybox -Command sh, -c, $script -Mount "${mounted}:/go" -ErrorAction Stop)
            Start-ContainerTask $Id -LogPath "$folder/$Id.log" -ErrorAction Stop
        }
        function Release-Held([string] $Id) { [IO.File]::WriteAllText("$mounted/$Id", '') }

        function Get-Line { ($input | Out-String -Width 160) -replace '\e\[[\d;]*m' -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ } }
    }

    AfterEach {
        Get-Container | Remove-Container -Force
        foreach ($place in $folder, $mounted) { [IO.Directory]::GetFiles($place) | ForEach-Object { [IO.File]::Delete($_) } }
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        foreach ($place in $rootfs, $folder, $mounted) { [IO.Directory]::Delete($place, $true) }
    }

    Context 'Where a log is' {
        It 'is where the daemon says, also of one that has ended' {
            # The shim closes the file at the end of one output, whatever it still has of the other: the pause is for that.
            Start-Logged c1 'echo one; echo two >&2; sleep 0.5; echo three'
            [void] (Wait-ContainerTask c1)
            $lines = Get-ContainerLog c1 -Wait
            ($lines | Sort-Object) -join ' ' | Should -Be 'one three two'
            $lines[0] | Should -BeOfType ([string])
            (Get-ContainerLog c1).Count | Should -Be 3
        }

        It 'is remembered when the task is gone' {
            Start-Logged c1 'echo remembered'
            Get-ContainerLog c1 -Wait | Should -Be 'remembered'
            Remove-ContainerTask c1 -Force
            Get-ContainerLog c1 | Should -Be 'remembered'
            (Get-Container c1).Labels['containerdps/log-uri'] | Should -Be "file://$folder/c1.log"
        }

        It 'is found by a URI, and at a path with odd letters' {
            $odd = "$folder/a b%20c#d.log"
            [void] (New-Container c1 -Image busybox -Command echo, odd)
            Start-ContainerTask c1 -LogPath $odd -ErrorAction Stop
            Get-ContainerLog c1 -Wait | Should -Be 'odd'
            [IO.File]::Exists($odd) | Should -BeTrue
            [void] (New-Container c2 -Image busybox -Command echo, uri)
            Start-ContainerTask c2 -LogUri "file://$folder/uri.log" -ErrorAction Stop
            Get-ContainerLog c2 -Wait | Should -Be 'uri'
        }

        It 'grows over a restart' {
            Start-Logged c1 'echo again'
            [void] (Get-ContainerLog c1 -Wait)
            Restart-ContainerTask c1
            (Get-ContainerLog c1 -Wait) -join ' ' | Should -Be 'again again'
        }

        It 'is that of a process executed by an id' {
            [void] (New-Container c1 -Image busybox -Command sleep, 1000)
            Start-ContainerTask c1
            $process = Start-ContainerProcess c1 echo executed -Id e1 -LogPath "$folder/e1.log"
            $process | Get-ContainerLog -Wait | Should -Be 'executed'
            Get-ContainerLog c1 -Process e1 | Should -Be 'executed'
            { Get-ContainerLog c1 -Process e2 -ErrorAction Stop } | Should -Throw -ErrorId 'ProcessNotFound*'
            { Get-ContainerLog c1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskWithoutLog*'
            $process | Remove-ContainerProcess
        }

        It 'is where the user says' {
            [void] (New-Container c1 -Image busybox)
            [IO.File]::WriteAllText("$folder/other", "given`n")
            Get-ContainerLog c1 -Path "$folder/other" | Should -Be 'given'
            Push-Location -LiteralPath $folder
            try { Get-ContainerLog c1 -Path other | Should -Be 'given' } finally { Pop-Location }
        }

        It 'is where Kubernetes keeps it' {
            [void] (New-Container c1 -Image busybox)
            $metadata = "{`"Version`":`"v1`",`"Metadata`":{`"ID`":`"c1`",`"LogPath`":`"$folder/0.log`"}}"
            [void] (Set-ContainerExtension c1 io.cri-containerd.container.metadata $metadata github.com/containerd/cri/pkg/store/container/Metadata -ErrorAction Stop)
            [IO.File]::WriteAllText("$folder/0.log", "2024-05-01T12:00:00.000000001Z stdout F out`n2024-05-01T12:00:01Z stderr P par`n2024-05-01T12:00:01Z stdout F between`n2024-05-01T12:00:02Z stderr F tial`n")
            (Get-ContainerLog c1) -join '|' | Should -Be 'out|between|partial'
            $lines = Get-ContainerLog c1 -Detailed
            $lines.Stream -join ' ' | Should -Be 'stdout stdout stderr'
            $lines[2].Time | Should -Be ([datetimeoffset] '2024-05-01T12:00:01Z')
            Get-ContainerLog c1 -Tail 1 | Should -Be 'partial'
            (Get-ContainerLog c1 -Since 2024-05-01T12:00:01Z) -join '|' | Should -Be 'between|partial'
            (Get-ContainerLog c1 -Format Text)[0] | Should -Be '2024-05-01T12:00:00.000000001Z stdout F out'
        }

        It 'is where nerdctl keeps it' {
            [void] (New-Container c1 -Image busybox -Label "nerdctl/state-dir=$folder")
            [IO.File]::WriteAllText("$folder/c1-json.log", '{"log":"one\n","stream":"stdout","time":"2024-05-01T12:00:00.5Z"}' + "`n" + '{"log":"tw","stream":"stderr","time":"2024-05-01T12:00:01Z"}' + "`n" + '{"log":"o\n","stream":"stderr","time":"2024-05-01T12:00:02Z"}' + "`n")
            (Get-ContainerLog c1) -join '|' | Should -Be 'one|two'
            (Get-ContainerLog c1 -Detailed)[1].Stream | Should -Be 'stderr'
            (Get-ContainerLog c1 -Detailed)[0].Time.Millisecond | Should -Be 500
            Get-ContainerLog c1 -Tail 1 | Should -Be 'two'
        }
    }

    Context 'How much of it' {
        It 'gives the last lines: <tail> of <count>' -ForEach @(
            @{ count = 5; tail = 2; wanted = '4 5' }
            @{ count = 5; tail = 9; wanted = '1 2 3 4 5' }
            @{ count = 5; tail = 0; wanted = '' }
            @{ count = 0; tail = 3; wanted = '' }
            @{ count = 1; tail = 1; wanted = '1' }
        ) {
            New-Logged c1
            [IO.File]::WriteAllText("$folder/c1.log", -join (1..5 | Where-Object { $_ -le $count } | ForEach-Object { "$_`n" }))
            @(Get-ContainerLog c1 -Tail $tail) -join ' ' | Should -Be $wanted
        }

        It 'gives the last lines of a log whose last line has no end' {
            New-Logged c1
            [IO.File]::WriteAllText("$folder/c1.log", "1`n`n3`n4")
            (Get-ContainerLog c1 -Tail 2) -join ' ' | Should -Be '3 4'
            (Get-ContainerLog c1 -Last 3) -join ' ' | Should -Be ' 3 4'
        }

        It 'gives the last lines of a big log without reading it' {
            New-Logged c1
            $file = [IO.File]::OpenWrite("$folder/c1.log")
            $file.SetLength(20GB)
            [void] $file.Seek(0, [IO.SeekOrigin]::End)
            $end = [Text.Encoding]::ASCII.GetBytes("`n" + (-join (1..9999 | ForEach-Object { "line $_`n" })))
            $file.Write($end, 0, $end.Length)
            $file.Dispose()
            (Get-ContainerLog c1 -Tail 2) -join ' ' | Should -Be 'line 9998 line 9999'
            @(Get-ContainerLog c1 -Tail 9999)[0] | Should -Be 'line 1'
        }

        It 'gives the first lines' {
            New-Logged c1 (1..100)
            (Get-ContainerLog c1 -TotalCount 2) -join ' ' | Should -Be '1 2'
            (Get-ContainerLog c1 -Tail 10 -First 2) -join ' ' | Should -Be '91 92'
            (Get-ContainerLog c1 | Select-Object -First 1) | Should -Be 1
            Get-ContainerLog c1 -TotalCount 0 | Should -BeNullOrEmpty
        }

        It 'gives the lines since a time, with those that belong to them' {
            $now = [datetimeoffset]::Now
            $old, $new = ($now.AddHours(-3).ToString('o')), ($now.AddMinutes(-5).ToString('o'))
            New-Logged c1 "$old old", '  at old', "$new new", '  at new', "$new newer"
            (Get-ContainerLog c1 -Since 1h) -join '|' | Should -Be "$new new|  at new|$new newer"
            (Get-ContainerLog c1 -Since ([timespan]::FromHours(1)) -Tail 2) -join '|' | Should -Be "  at new|$new newer"
            (Get-ContainerLog c1 -Since $now.AddHours(-1).DateTime).Count | Should -Be 3
            (Get-ContainerLog c1 -Since $now.AddHours(-9)).Count | Should -Be 5
            Get-ContainerLog c1 -Since ([datetimeoffset]::Now.AddHours(1)) | Should -BeNullOrEmpty
        }

        It 'finds a time in the middle of a big log' {
            New-Logged c1
            $start = [datetimeoffset]::Parse('2024-05-01T00:00:00Z')
            $writer = [IO.StreamWriter]::new("$folder/c1.log")
            foreach ($second in 0..19999) { $writer.Write($start.AddSeconds($second).ToString('yyyy-MM-ddTHH:mm:ssZ') + " line $second`n  more of it`n") }
            $writer.Dispose()
            $lines = Get-ContainerLog c1 -Since $start.AddSeconds(12345)
            $lines[0] | Should -BeLike '*line 12345'
            $lines.Count | Should -Be (2 * (20000 - 12345))
        }

        It 'knows that all, or nothing, of a log without times is new' {
            New-Logged c1 plain, lines
            (Get-ContainerLog c1 -Since ([datetimeoffset]::Now.AddHours(-1))) -join ' ' | Should -BeIn 'plain lines', ''
            [IO.File]::SetLastWriteTime("$folder/c1.log", [datetime]::Now.AddHours(-2))
            Get-ContainerLog c1 -Since 1h | Should -BeNullOrEmpty
        }

        It 'tells that it cannot know' {
            New-Logged c1 plain, lines
            $moment = [datetimeoffset]::Now.AddSeconds(1)
            [IO.File]::SetLastWriteTime("$folder/c1.log", $moment.AddHours(1).DateTime)
            { Get-ContainerLog c1 -Since $moment -ErrorAction Stop } | Should -Throw -ErrorId 'LogHasNoTimes*' -ExpectedMessage '*-Tail*'
        }

        It 'reads other encodings' {
            New-Logged c1
            foreach ($name in 'unicode', 'utf32', 'latin1', 'bigendianunicode') {
                $encoding = @{ unicode = [Text.Encoding]::Unicode; utf32 = [Text.Encoding]::UTF32; latin1 = [Text.Encoding]::Latin1; bigendianunicode = [Text.Encoding]::BigEndianUnicode }[$name]
                [IO.File]::WriteAllText("$folder/c1.log", "one`ngr$([char] 0xFC)n`n$(if ($name -ne 'latin1') { [char] 0x0A0A })x`n", $encoding)
                (Get-ContainerLog c1 -Encoding $name)[0, 1] -join ' ' | Should -Be "one gr$([char] 0xFC)n"
                (Get-ContainerLog c1 -Encoding $name -Tail 2)[0] | Should -Be "gr$([char] 0xFC)n"
            }
        }

        It 'reads several, in the order they came' {
            New-Logged c1 one
            New-Logged c2 two
            ('c2', 'c1' | Get-ContainerLog) -join ' ' | Should -Be 'two one'
            (Get-Container | Get-ContainerLog -Detailed).Container -join ' ' | Should -Be 'c1 c2'
        }
    }

    Context 'What is added' {
        It 'comes as it is written, until the task ends' {
            Start-Held c1 'echo before' 'echo after; exit 3'
            $lines = Get-ContainerLog c1 -Wait | ForEach-Object { if ($_ -eq 'before') { Release-Held c1 }; $_ }
            $lines -join ' ' | Should -Be 'before after'
            (Get-ContainerTask c1).ExitCode | Should -Be 3
        }

        It 'comes whole: what was written just before the end, too' {
            Start-Logged c1 'i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; printf last'
            $lines = Get-ContainerLog c1 -Wait
            $lines.Count | Should -Be 20001
            $lines[19999] | Should -Be 'line 19999'
            $lines[-1] | Should -Be 'last'
        }

        It 'comes alone with -Tail 0' {
            Start-Held c1 'echo before' 'echo after'
            $limit = [datetime]::Now.AddSeconds(20)
            while (-not (Get-ContainerLog c1) -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(20) }
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            [void] $shell.AddScript('param($file) [Threading.Thread]::Sleep(1500); [IO.File]::WriteAllText($file, "")').AddArgument("$mounted/c1")
            [void] $shell.BeginInvoke()
            Get-ContainerLog c1 -Wait -Tail 0 | Should -Be 'after'
            $shell.Dispose()
        }

        It 'comes interleaved of several' {
            Start-Held c1 'echo c1 before' 'echo c1 after'
            Start-Held c2 'echo c2 before' 'echo c2 after'
            $lines = 'c1', 'c2' | Get-ContainerLog -Wait -Detailed | ForEach-Object {
                if ($_.Text -eq 'c1 before' -or $_.Text -eq 'c2 before') { $seen++ }
                if ($seen -eq 2) { Release-Held c2; $seen = 0 }
                if ($_.Text -eq 'c2 after') { Release-Held c1 }
                $_
            }
            $lines.Count | Should -Be 4
            $lines[2].Text | Should -Be 'c2 after'
            $lines[3].Text | Should -Be 'c1 after'
            $lines[3].Container | Should -Be 'c1'
        }

        It 'comes after the log was cut' {
            Start-Held c1 'echo before' 'echo after'
            $lines = Get-ContainerLog c1 -Wait | ForEach-Object {
                if ($_ -eq 'before') {
                    $file = [IO.File]::OpenWrite("$folder/c1.log")
                    $file.SetLength(0)
                    $file.Dispose()
                    [Threading.Thread]::Sleep(700)
                    Release-Held c1
                }
                $_
            }
            $lines -join ' ' | Should -Be 'before after'
        }

        It 'comes after the log was moved, from where the shim writes it' {
            Start-Held c1 'echo before' 'echo after'
            $lines = Get-ContainerLog c1 -Wait | ForEach-Object {
                if ($_ -eq 'before') {
                    [IO.File]::Move("$folder/c1.log", "$folder/c1.log.1")
                    [IO.File]::WriteAllText("$folder/c1.log", "new file`n")
                    Release-Held c1
                }
                $_
            }
            ($lines | Sort-Object) -join '|' | Should -Be 'after|before|new file'
        }

        It 'ends at once where nothing runs' {
            New-Logged c1 done
            Get-ContainerLog c1 -Wait | Should -Be 'done'
        }

        It 'ends when nobody takes more' {
            Start-Logged c1 'while :; do echo x; sleep 0.01; done'
            Get-ContainerLog c1 -Wait | Select-Object -First 3 | Should -HaveCount 3
            Get-ContainerLog c1 -Wait -TotalCount 4 | Should -HaveCount 4
        }

        It 'ends with the task that is removed, or whose shim is killed' {
            Start-Logged c1 'echo up; while :; do sleep 0.05; done'
            Get-ContainerLog c1 -Wait | ForEach-Object { Remove-ContainerTask c1 -Force; $_ } | Should -Be 'up'
            Start-Logged c2 'echo up; while :; do sleep 0.05; done'
            $task = Get-ContainerTask c2
            $lines = Get-ContainerLog c2 -Wait -ErrorAction SilentlyContinue | ForEach-Object {
                $shim = [int] ([IO.File]::ReadAllText("/proc/$($task.ProcessId)/stat") -replace '^.*\) \S (\d+) .*$', '$1' -replace '\s')
                [Diagnostics.Process]::GetProcessById($shim).Kill()
                $_
            }
            $lines | Should -Be 'up'
        }

        It 'leaves nothing when it is stopped' {
            Start-Logged c1 'while :; do echo x; sleep 0.01; done'
            Stop-Midway "Get-ContainerLog c1 -Wait | ForEach-Object { [IO.File]::WriteAllText('$mounted/seen', '') }" { [IO.File]::Exists("$mounted/seen") }
            (Get-ContainerTask c1).Status | Should -Be 'Running'
        }
    }

    Context 'What is not there, or cannot be read' {
        It 'tells why there is none' {
            [void] (New-Container c1, c2, c3 -Image busybox -Command sleep, 1000)
            { Get-ContainerLog c1 -ErrorAction Stop } | Should -Throw -ErrorId 'LogNotFound*'
            Start-ContainerTask c1
            { Get-ContainerLog c1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskWithoutLog*' -ExpectedMessage '*thrown away*'
            Start-ContainerTask c2 -Attachable
            { Get-ContainerLog c2 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskWithoutLog*' -ExpectedMessage '*fifo*'
            [void] (Set-ContainerLabel c1 "containerdps/log-uri=file://$folder/earlier.log")
            { Get-ContainerLog c1 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskWithoutLog*' -ExpectedMessage "*$folder/earlier.log*"
            { Get-ContainerLog nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound*'
            { Get-ContainerLog 'no good' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidId*'
            { Get-ContainerLog c1 -Wait -ErrorAction Stop } | Should -Throw -ErrorId 'TaskWithoutLog*'
        }

        It 'tells what is wrong with the file' {
            New-Logged c1
            { Get-ContainerLog c1 -ErrorAction Stop } | Should -Throw -ErrorId 'LogFileNotFound*' -ExpectedMessage "*$folder/c1.log*"
            { Get-ContainerLog c1 -Path $folder -ErrorAction Stop } | Should -Throw -ErrorId 'NotALogFile*' -ExpectedMessage '*a folder*'
            { Get-ContainerLog c1 -Path $daemon.Address -ErrorAction Stop } | Should -Throw -ErrorId 'NotALogFile*' -ExpectedMessage '*a socket*'
            { Get-ContainerLog c1 -Path /dev/null -ErrorAction Stop } | Should -Throw -ErrorId 'NotALogFile*' -ExpectedMessage '*a device*'
            { Get-ContainerLog c1 -Path "$folder/c1.log/x" -ErrorAction Stop } | Should -Throw -ErrorId 'LogFile*'
        }

        It 'reads the rest when one fails' {
            New-Logged c1 one
            New-Logged c3 three
            foreach ($more in @{}, @{ Wait = $true }) {
                $lines = 'c1', 'nosuch', 'c3' | Get-ContainerLog @more -ErrorVariable failures -ErrorAction SilentlyContinue
                ($lines | Sort-Object) -join ' ' | Should -Be 'one three'
                @($failures).Count | Should -Be 1
                $failures[0].TargetObject | Should -Be 'nosuch'
            }
        }

        It 'refuses what makes no sense' {
            { Get-ContainerLog c1 -Tail -1 -ErrorAction Stop } | Should -Throw
            { Get-ContainerLog c1 -Since yesterday -ErrorAction Stop } | Should -Throw -ExpectedMessage '*not a time*'
            { Get-ContainerLog c1 -Encoding nosuch -ErrorAction Stop } | Should -Throw -ExpectedMessage '*not an encoding*'
            { Get-ContainerLog c1 -Format Xml -ErrorAction Stop } | Should -Throw
        }

        It 'refuses a log of a terminal when the task is made' {
            [void] (New-Container c1 -Image busybox -Terminal -Command sh)
            { Start-ContainerTask c1 -LogPath "$folder/c1.log" -ErrorAction Stop } | Should -Throw -ErrorId 'TerminalLog*'
            Get-ContainerTask | Should -BeNullOrEmpty
        }
    }

    Context 'Objects' {
        It 'have what the line says' {
            New-Logged c1 '2024-05-01T12:00:00Z started', 'no time', 'time="2024-05-01T12:00:01+02:00" level=info msg=x', '{"level":"info","ts":"2024-05-01T12:00:02Z"}', '[2024-05-01 12:00:03,250] x'
            $lines = Get-ContainerLog c1 -Detailed
            $lines[0] | Should -BeOfType ([ContainerdPS.ContainerLogLine])
            $lines[0].Time | Should -Be ([datetimeoffset] '2024-05-01T12:00:00Z')
            $lines[0].Text | Should -Be '2024-05-01T12:00:00Z started'
            $lines[1].Time | Should -BeNullOrEmpty
            $lines[2].Time | Should -Be ([datetimeoffset] '2024-05-01T10:00:01Z')
            $lines[3].Time | Should -Be ([datetimeoffset] '2024-05-01T12:00:02Z')
            $lines[4].Time | Should -Be ([datetimeoffset] '2024-05-01T12:00:03.25Z')
            @($lines.Stream | Where-Object { $_ }) | Should -HaveCount 0
            "$($lines[1])" | Should -Be 'no time'
            $lines[0].Namespace | Should -Be $daemon.Namespace
        }

        It 'have a view' {
            New-Logged c1 '2024-05-01T12:00:00.25Z started'
            $text = @(Get-ContainerLog c1 -Detailed | Get-Line)
            $text[0] | Should -Match '^Container +Time +Stream +Text$'
            $text[2] | Should -Match '^c1 +2024-05-01 \d\d:\d\d:00\.250 +2024-05-01T12:00:00\.25Z started$'
            ((Get-ContainerLog c1 -Detailed | Format-List | Get-Line) -join "`n") | Should -Match '(?m)^Process +:'
        }
    }
}
