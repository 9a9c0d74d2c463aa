Describe 'Tasks on terminals' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Terminal.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        foreach ($name in 'stty', 'od', 'printf', 'kill') { [void] [IO.File]::CreateSymbolicLink("$rootfs/bin/$name", 'busybox') }
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        $reader = 'echo begun; while read x; do echo "out $x"; echo "err $x" >&2; done; echo over; exit 3'
    }

    AfterEach {
        Clear-Terminal
        Get-Container | Remove-Container -Force
        [IO.Directory]::GetFileSystemEntries("$($daemon.Daemon.Path)/fifo") | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
    }

    Context 'with a terminal of their own' {
        It 'are entered, left and entered again, and end' {
            [void] (New-Container t1 -Image busybox -Terminal -Command sh)
            Start-ContainerTask t1
            $terminal = Open-Terminal 'Enter-ContainerTask t1' -Columns 90 -Rows 20
            Wait-Entered $terminal
            Send-Key $terminal "x=kept; while test `"`$(stty size)`" != '20 90'; do sleep 0.1; done; echo fi''ts`r"
            [void] (Wait-Screen $terminal 'fits')
            Set-TerminalSize $terminal 91 21
            Send-Key $terminal "while test `"`$(stty size)`" != '21 91'; do sleep 0.1; done; echo follow''ed`r"
            [void] (Wait-Screen $terminal 'followed')
            Send-KeyByte $terminal 16, 17
            [void] (Wait-Screen $terminal 'Enter-ContainerTask t1 enters it again')
            [void] (Close-Terminal $terminal)
            (Get-ContainerTask t1).Status | Should -Be 'Running'

            $terminal = Open-Terminal 'Get-ContainerTask t1 | Enter-ContainerTask; "status $LASTEXITCODE."'
            Wait-Entered $terminal
            Send-Key $terminal "echo again `$x; exit 9`r"
            [void] (Wait-Screen $terminal 'again kept')
            [void] (Wait-Screen $terminal 'status 9\.')
            [void] (Close-Terminal $terminal)
            (Get-ContainerTask t1).ExitCode | Should -Be 9
        }

        It 'keep what they write meanwhile' {
            [void] (New-Container t1 -Image busybox -Terminal -Command sh, -c, 'echo first; read x; sleep 1; i=0; while [ $i -lt 3000 ]; do echo "row $i"; i=$((i+1)); done; read y; exit 0')
            Start-ContainerTask t1
            $terminal = Open-Terminal 'Enter-ContainerTask t1'
            [void] (Wait-Screen $terminal 'first')
            Send-Key $terminal "go`r$([char] 16)$([char] 17)"
            $text = Close-Terminal $terminal

            $terminal = Open-Terminal 'Enter-ContainerTask t1; "status $LASTEXITCODE."'
            Wait-Entered $terminal
            # A machine so busy that leaving takes a second has shown them before.
            if ($text -notmatch 'row 2999') { [void] (Wait-Screen $terminal 'row 2999') }
            Send-Key $terminal "end`r"
            $text += Close-Terminal $terminal
            [regex]::Matches($text, '(?m)^row \d+\r').Count | Should -Be 3000
        }

        It 'go on when the shell is told to stop by <Signal>' -ForEach @(@{ Signal = 'INT' }, @{ Signal = 'TERM' }) {
            [void] (New-Container t1 -Image busybox -Terminal -Command sh)
            Start-ContainerTask t1
            $terminal = Open-Terminal 'Enter-ContainerTask t1'
            Wait-Entered $terminal
            Send-Key $terminal "echo begu''n`r"
            [void] (Wait-Screen $terminal 'begun')
            & kill "-$Signal" $terminal.ShellId
            [void] (Close-Terminal $terminal -Killed)
            (Get-ContainerTask t1).Status | Should -Be 'Running'
        }

        It 'tell that they are killed' {
            [void] (New-Container t1 -Image busybox -Terminal -Command sh)
            Start-ContainerTask t1
            $terminal = Open-Terminal 'Enter-ContainerTask t1; "status $LASTEXITCODE."'
            Wait-Entered $terminal
            Send-Key $terminal "echo begu''n`r"
            [void] (Wait-Screen $terminal 'begun')
            Remove-ContainerTask t1 -Force
            [void] (Wait-Screen $terminal 'status 137\.')
            [void] (Close-Terminal $terminal)
        }

        It 'give back the terminal when the shim is killed' {
            [void] (New-Container t1 -Image busybox -Terminal -Command sh)
            Start-ContainerTask t1
            $terminal = Open-Terminal 'Enter-ContainerTask t1 -ErrorAction SilentlyContinue -ErrorVariable failure; "is $($failure[0].FullyQualifiedErrorId)$LASTEXITCODE."'
            Wait-Entered $terminal
            Send-Key $terminal "echo begu''n`r"
            [void] (Wait-Screen $terminal 'begun')
            $parent = [int] ([IO.File]::ReadAllText("/proc/$((Get-ContainerTask t1).ProcessId)/stat") -replace '^.*\) \S (\d+) .*', '$1')
            & kill -9 $parent
            [void] (Wait-Screen $terminal 'is (ShimDied\S*|137)\.')
            [void] (Close-Terminal $terminal)
        }

        It 'warn of somebody else who reads' {
            [void] (New-Container t1 -Image busybox -Terminal -Command sh)
            Start-ContainerTask t1
            $first = Open-Terminal 'Enter-ContainerTask t1'
            Wait-Entered $first
            Send-Key $first "echo begu''n`r"
            [void] (Wait-Screen $first 'begun')
            $second = Open-Terminal 'Enter-ContainerTask t1'
            $text = (Wait-Screen $second 'a part of it') -replace '\s+', ' '
            $text | Should -Match "WARNING: The process $($first.ShellId) \(.*\) reads the output of the task of the container 't1' too"
            Wait-Entered $second
            Send-KeyByte $second 16, 17
            [void] (Close-Terminal $second)
            Send-KeyByte $first 16, 17
            [void] (Close-Terminal $first)
            $third = Open-Terminal 'Enter-ContainerTask t1 -WarningVariable warnings; "warnings $($warnings.Count)."'
            Wait-Entered $third
            Send-KeyByte $third 16, 17
            [void] (Wait-Screen $third 'warnings 0\.')
            [void] (Close-Terminal $third)
        }
    }

    Context 'without one' {
        It 'are given lines, and shown' {
            [void] (New-Container p1 -Image busybox -Command sh, -c, $reader)
            Start-ContainerTask p1 -Attachable
            $terminal = Open-Terminal 'Enter-ContainerTask p1; "status $LASTEXITCODE."'
            [void] (Wait-Screen $terminal 'begun')

            # A line is edited before it goes: 127 takes the x away.
            Send-Key $terminal "onex$([char] 127)"
            Send-Key $terminal "`r"
            $text = Wait-Screen $terminal '(?s)(out one\r.*err one|err one\r.*out one)\r'
            $text | Should -Match 'one'

            # ctrl-p alone is for the process.
            Send-Key $terminal "two$([char] 16)"
            Send-Key $terminal "p`r"
            [void] (Wait-Screen $terminal "out two$([char] 16)p\r")
            Send-Key $terminal "half$([char] 16)"
            [void] (Wait-Screen $terminal 'half')
            Send-KeyByte $terminal 17
            [void] (Wait-Screen $terminal 'Left the task of the container')
            [void] (Close-Terminal $terminal)
            (Get-ContainerTask p1).Status | Should -Be 'Running'

            # What was begun is finished; ctrl-d is the end of input.
            $terminal = Open-Terminal 'Enter-ContainerTask p1; "status $LASTEXITCODE."'
            Send-Key $terminal "-done`r"
            [void] (Wait-Screen $terminal 'out half-done\r')
            Send-KeyByte $terminal 4
            [void] (Wait-Screen $terminal 'over')
            [void] (Wait-Screen $terminal 'status 3\.')
            [void] (Close-Terminal $terminal)
        }

        It 'go on when ctrl-c stops the command' {
            [void] (New-Container p1 -Image busybox -Command sh, -c, $reader)
            Start-ContainerTask p1 -Attachable
            $terminal = Open-Terminal 'try { Enter-ContainerTask p1 } finally { [Console]::WriteLine("stopp" + "ed.") }'
            [void] (Wait-Screen $terminal 'begun')
            Send-KeyByte $terminal 3
            [void] (Wait-Screen $terminal 'stopped\.')
            [void] (Close-Terminal $terminal -Killed)
            (Get-ContainerTask p1).Status | Should -Be 'Running'
        }
    }
}

Describe 'Terminals whose daemon is killed' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Terminal.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        [void] (New-Container t1 -Image busybox -Terminal -Command sh)
        Start-ContainerTask t1
    }

    AfterAll {
        Clear-Terminal
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
    }

    It 'go on, and can be left' {
        $terminal = Open-Terminal 'Enter-ContainerTask t1'
        Wait-Entered $terminal
        Send-Key $terminal "echo begu''n`r"
        [void] (Wait-Screen $terminal 'begun')
        & kill -9 $daemon.Daemon.ProcessId
        Wait-For 'the daemon is gone' { -not (Test-Containerd $daemon.Address -Timeout 1) }
        Send-Key $terminal "echo go''es on`r"
        [void] (Wait-Screen $terminal 'goes on')
        Send-KeyByte $terminal 16, 17
        [void] (Wait-Screen $terminal 'Left the task')
        [void] (Close-Terminal $terminal)
    }
}
