Describe 'Terminals' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Terminal.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        foreach ($name in 'stty', 'dd', 'od', 'printf', 'ash', 'kill', 'vi', 'trap') { [void] [IO.File]::CreateSymbolicLink("$rootfs/bin/$name", 'busybox') }
        [IO.File]::AppendAllText("$rootfs/etc/passwd", "fine:x:103:103::/:/bin/ash`nlocked:x:104:104::/:/sbin/nologin`ngone:x:105:105::/:/bin/nosuch`n")
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        [void] (New-Container c1 -Image busybox -Command sleep, 1000 -ErrorAction Stop)
        Start-ContainerTask c1

        # What runs in the container beside its first process.
        function Get-Further { Get-ContainerProcess c1 | Where-Object { $_.Command -ne 'sleep 1000' } }

        # The fifos of terminals in a container, wherever the shell that started them has made them.
        function Get-Fifo([string] $Container) {
            $hash = [Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes("$($daemon.Address)`n$($daemon.Namespace)`n$Container"))
            $mark = [Convert]::ToHexString($hash).Substring(0, 16).ToLowerInvariant()
            foreach ($folder in "$($daemon.Daemon.Path)/fifo", '/run/containerd/fifo') {
                if ([IO.Directory]::Exists($folder)) { [IO.Directory]::GetDirectories($folder, "$mark-*") }
            }
        }
    }

    AfterEach {
        Clear-Terminal
        $left = @(Get-Further) + @(Get-Fifo c1)
        Get-Further | Where-Object Id | Remove-ContainerProcess -Force
        $left | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
    }

    Context 'Enter-Container' {
        It 'is a shell on a terminal of this size, which follows the window, and ends with its exit status' {
            $terminal = Open-Terminal 'Enter-Container c1; "status $LASTEXITCODE."' -Columns 101 -Rows 31
            [void] (Wait-Screen $terminal '# ')
            $raw = Get-TerminalSetting $terminal
            foreach ($setting in '-icanon', '-echo', '-isig', '-ixon', '-icrnl', '-opost') { $raw | Should -Match "(?m)(^|\s)$setting\b" }
            Send-Key $terminal "stty size`r"
            [void] (Wait-Screen $terminal "`n31 101\r")
            Set-TerminalSize $terminal 120 40
            Send-Key $terminal "while test `"`$(stty size)`" != '40 120'; do sleep 0.1; done; echo follow''ed`r"
            [void] (Wait-Screen $terminal 'followed')
            Send-Key $terminal "exit 7`r"
            [void] (Wait-Screen $terminal 'status 7\.')
            [void] (Close-Terminal $terminal)
        }

        It 'sends keys as they are: ctrl-c, UTF-8, sequences that come in pieces' {
            $terminal = Open-Terminal 'Enter-Container c1'
            [void] (Wait-Screen $terminal '# ')
            Send-Key $terminal "echo be''gun; sleep 500`r"
            [void] (Wait-Screen $terminal 'begun')
            Send-KeyByte $terminal 3
            [void] (Wait-Screen $terminal '# ')
            Send-Key $terminal "echo status `$?`r"
            [void] (Wait-Screen $terminal 'status 130')
            Send-Key $terminal "echo gr$([char] 0xFC)$([char] 0x6F22) | od -t x1; stty raw -echo; echo rea''dy; dd bs=1 count=7 2>/dev/null | od -t x1; stty sane`r"
            [void] (Wait-Screen $terminal '67 72 c3 bc e6 bc a2 0a')
            [void] (Wait-Screen $terminal 'ready')
            foreach ($byte in 0x1B, 0x5B, 0x41, 0xC3, 0xBC, 0x00, 0x13) {
                Send-KeyByte $terminal $byte
                [Threading.Thread]::Sleep(30)
            }
            [void] (Wait-Screen $terminal '1b 5b 41 c3 bc 00 13')
            Send-Key $terminal "exit`r"
            [void] (Close-Terminal $terminal)
        }

        It 'shows what comes as it is' {
            $terminal = Open-Terminal 'Enter-Container c1 -Command sh, -c, "printf ''\033[31m\303''; sleep 0.3; printf ''\274\033''; sleep 0.3; printf ''[0m\nraw\tend\n''"'
            $text = Close-Terminal $terminal
            $text | Should -Match "\e\[31m$([char] 0xFC)\e\[0m\r\nraw\tend\r\n"
        }

        It 'carries much in both directions' {
            $terminal = Open-Terminal 'Enter-Container c1'
            [void] (Wait-Screen $terminal '# ')
            Send-Key $terminal "i=0; while [ `$i -lt 20000 ]; do echo row`$i; i=`$((i+1)); done; echo al''l`r"
            $text = Wait-Screen $terminal 'all\r'
            ($text -split "`r`n" | Where-Object { $_ -match '^row\d+$' }).Count | Should -Be 20000
            Send-Key $terminal "cat > /tmp/typed`r"
            foreach ($i in 1..300) { Send-Key $terminal "$('x' * 200)`r" }
            Send-KeyByte $terminal 4
            Send-Key $terminal "echo typed `$(grep -c '^x*$' /tmp/typed)`r"
            [void] (Wait-Screen $terminal 'typed 300\r')
            Send-Key $terminal "exit`r"
            [void] (Close-Terminal $terminal)
        }

        It 'starts the shell of the user, where there is one' -ForEach @(
            @{ User = 'root'; Shell = '/bin/sh' }
            @{ User = 'fine'; Shell = '/bin/ash' }
            @{ User = 'locked'; Shell = '/bin/sh' }
            @{ User = 'gone'; Shell = '/bin/sh' }
            @{ User = '4711'; Shell = '/bin/sh' }
        ) {
            $terminal = Open-Terminal "Enter-Container c1 -User $User"
            [void] (Wait-Screen $terminal '[#$] ')
            Send-Key $terminal "echo is `$0`r"
            [void] (Wait-Screen $terminal "is $Shell\r")
            Send-Key $terminal "exit`r"
            [void] (Close-Terminal $terminal)
        }

        It 'starts a command as it is told' {
            $terminal = Open-Terminal 'Enter-Container c1 -User web -WorkingDirectory /srv -Environment @{ X = ''y z'' } sh ''-c'' ''id -u; pwd; echo $X $TERM; exit 3''; "status $LASTEXITCODE."; Get-Container c1 | Enter-Container -Command hostname'
            $text = Close-Terminal $terminal
            $text | Should -Match '101\r\n/srv\r\ny z xterm\r\n'
            $text | Should -Match 'status 3\.'
        }

        It 'is left by the detach keys, entered again, and ends' {
            $terminal = Open-Terminal '$LASTEXITCODE = 99; Enter-Container c1 -Id exec-left -InformationVariable told; "status $LASTEXITCODE, $($told.Tags)."'
            [void] (Wait-Screen $terminal '# ')
            Send-Key $terminal "x=kept`r"
            [void] (Wait-Screen $terminal '# ')
            Send-KeyByte $terminal 16
            Send-KeyByte $terminal 17
            $text = Wait-Screen $terminal 'ends it\.'
            $text | Should -BeLike '*Enter-Container c1 -Process exec-left*Remove-ContainerProcess c1 exec-left -Force*'
            [void] (Wait-Screen $terminal 'status 99, detached\.')
            [void] (Close-Terminal $terminal)
            (Get-ContainerProcess c1 exec-left).Status | Should -Be 'Running'

            $terminal = Open-Terminal 'Enter-Container c1 -Process exec-left; "status $LASTEXITCODE."'
            Wait-Entered $terminal
            Send-Key $terminal "echo `$x`r"
            [void] (Wait-Screen $terminal 'kept\r')
            Send-Key $terminal ([char] 16 + '' + [char] 17)
            [void] (Close-Terminal $terminal)

            # Here from another folder of fifos; the process goes with its last visit.
            $terminal = Open-Terminal 'Get-ContainerProcess c1 | Where-Object Id | Enter-Container; "status $LASTEXITCODE."'
            Wait-Entered $terminal
            Send-Key $terminal "exit 5`r"
            [void] (Wait-Screen $terminal 'status 5\.')
            [void] (Close-Terminal $terminal)
            { Get-ContainerProcess c1 exec-left -ErrorAction Stop } | Should -Throw -ErrorId 'ProcessNotFound*'
        }

        It 'takes what was typed before the detach keys, and shows what was written' {
            $terminal = Open-Terminal 'Enter-Container c1 -Id exec-ahead'
            [void] (Wait-Screen $terminal '# ')
            Send-Key $terminal "echo typed > /tmp/ahead`r$([char] 16)$([char] 17)"
            [void] (Close-Terminal $terminal)
            Wait-For 'the line was taken' { (Invoke-ContainerCommand c1 cat /tmp/ahead -ErrorAction SilentlyContinue) -eq 'typed' }
            Remove-ContainerProcess c1 exec-ahead -Force
        }

        It 'is left by other keys, or by none' {
            $terminal = Open-Terminal 'Enter-Container c1 -Id exec-keys -DetachKeys ctrl-a,x'
            [void] (Wait-Screen $terminal '# ')
            Send-Key $terminal "stty raw -echo; echo rea''dy; dd bs=1 count=4 2>/dev/null | od -t x1; stty sane`r"
            [void] (Wait-Screen $terminal 'ready')
            Send-KeyByte $terminal 16, 17, 1, 121
            [void] (Wait-Screen $terminal '10 11 01 79')
            Send-KeyByte $terminal 1, 120
            [void] (Close-Terminal $terminal)
            Remove-ContainerProcess c1 exec-keys -Force

            $terminal = Open-Terminal 'Enter-Container c1 -DetachKeys ""'
            [void] (Wait-Screen $terminal '# ')
            Send-Key $terminal "stty raw -echo; echo rea''dy; dd bs=1 count=2 2>/dev/null | od -t x1; stty sane; exit`r"
            [void] (Wait-Screen $terminal 'ready')
            Send-KeyByte $terminal 16, 17
            [void] (Wait-Screen $terminal '10 11')
            [void] (Close-Terminal $terminal)

            { Enter-Container c1 -DetachKeys 'ctrl-1' } | Should -Throw -ErrorId 'InvalidDetachKeys,*'
            { Enter-Container c1 -DetachKeys 'ctrl-p,' } | Should -Throw -ErrorId 'InvalidDetachKeys,*'
        }

        It 'sets back what was switched on in the terminal and not off' {
            $terminal = Open-Terminal 'Enter-Container c1 vi /tmp/file; Enter-Container c1 -Id exec-screen -Command sh, -c, "printf ''\033[?1049h\033[?2''; printf ''5l\033[?1000;1006h\033=shown''; sleep 500"'
            [void] (Wait-Screen $terminal '/tmp/file')
            Send-Key $terminal ":q`r"
            [void] (Wait-Screen $terminal '\e\[\?1049l')
            [void] (Wait-Screen $terminal 'shown')
            Send-KeyByte $terminal 16, 17
            $text = Wait-Screen $terminal 'Left the process'
            foreach ($sequence in '[?1049l', '[?25h', '[?1000l', '[?1006l', '>') { $text.Contains("`e$sequence") | Should -BeTrue -Because $sequence }
            [void] (Close-Terminal $terminal)
            Remove-ContainerProcess c1 exec-screen -Force
        }

        It 'ends and leaves nothing when its shell is told to stop by <Signal>' -ForEach @(
            @{ Signal = 'INT' }
            @{ Signal = 'TERM' }
            @{ Signal = 'HUP' }
        ) {
            $terminal = Open-Terminal 'Enter-Container c1'
            [void] (Wait-Screen $terminal '# ')
            Send-Key $terminal "vi /tmp/file`r"
            [void] (Wait-Screen $terminal '/tmp/file')
            Get-Further | Should -Not -BeNullOrEmpty

            & kill "-$Signal" $terminal.ShellId
            [void] (Close-Terminal $terminal -Killed)
            Wait-For 'the process has ended' { -not (Get-Further) }
            Wait-For 'its fifos are gone' { -not (Get-Fifo c1) }
        }

        It 'says why it cannot be' {
            [void] (New-Container idle, empty -Image busybox -Command sleep, 1000)
            Start-ContainerTask empty
            $terminal = Open-Terminal @'
function Try-It([scriptblock] $Body) { try { & $Body } catch { "<$($_.FullyQualifiedErrorId -replace ',.*')|$($_.CategoryInfo.Category)|$($_.TargetObject)>" } }
$ErrorActionPreference = 'Stop'
Try-It { Enter-Container nosuch }
Try-It { Enter-Container idle }
Try-It { Enter-ContainerTask idle }
Try-It { Enter-ContainerTask c1 }
Try-It { Enter-Container c1 nosuchprogram }
Try-It { Enter-Container c1 -Process nosuch }
Try-It { Enter-Container c1 -User nobodyhere }
Try-It { Enter-Container 'no good' }
[void] (New-ContainerTask idle -Attachable)
Try-It { Enter-ContainerTask idle }
Remove-ContainerTask idle -Force
[void] (Invoke-ContainerCommand empty -Command sh, -c, 'mv /bin/sh /bin/hidden')
Try-It { Enter-Container empty }
Suspend-ContainerTask c1
Try-It { Enter-Container c1 }
Resume-ContainerTask c1
[void] (Start-ContainerProcess c1 sleep 100 -Id exec-plain)
Try-It { Enter-Container c1 -Process exec-plain }
Remove-ContainerProcess c1 exec-plain -Force
$other = [powershell]::Create([initialsessionstate]::CreateDefault2())
[void] $other.AddScript("Import-Module '$((Get-Module ContainerdPS).Path)'").AddStatement().AddCommand('Connect-Containerd').AddArgument((Get-ContainerdSession)[0].Address)
[void] $other.AddStatement().AddCommand('Enter-Container').AddArgument('c1')
[void] $other.Invoke()
"<$($other.Streams.Error[$other.Streams.Error.Count - 1].FullyQualifiedErrorId -replace ',.*')|no host>"
"piped" | & { Try-It { Enter-Container c1 -WhatIf } }
'@
            $text = Close-Terminal $terminal
            $expected = @(
                '<ContainerNotFound|ObjectNotFound|nosuch>'
                '<TaskNotFound|ObjectNotFound|idle>'
                '<TaskNotFound|ObjectNotFound|idle>'
                '<TaskNotAttachable|InvalidOperation|c1>'
                '<CommandNotFound|ObjectNotFound|c1>'
                '<ProcessNotFound|ObjectNotFound|nosuch>'
                '<InvalidUser|InvalidArgument|c1>'
                '<InvalidId|InvalidArgument|no good>'
                '<TaskStateCreated|InvalidOperation|idle>'
                '<ShellNotFound|ObjectNotFound|empty>'
                '<TaskStatePaused|InvalidOperation|c1>'
                '<ProcessNotAttachable|InvalidOperation|exec-plain>'
                '<NotInteractive|no host>'
            )
            ([regex]::Matches($text, '<\w+\|[^>]*>').Value) -join "`n" | Should -Be ($expected -join "`n")
            $text | Should -Match 'What if: .*execute a shell on this terminal'
            Remove-Container idle, empty -Force
        }

        It 'says that there is no terminal' {
            $e = { Enter-Container c1 -ErrorAction Stop } | Should -Throw -ErrorId 'NotInteractive,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'InvalidOperation'
            { Enter-ContainerTask c1 -ErrorAction Stop } | Should -Throw -ErrorId 'NotInteractive,*'
        }
    }

    Context 'Start-ContainerProcess -Terminal' {
        It 'starts what can be entered' {
            $process = Start-ContainerProcess c1 -Terminal -Id exec-made -Command sh, -c, 'echo begun; read x; echo "x is $x"; read y'
            $process.Status | Should -Be 'Running'
            $terminal = Open-Terminal 'Enter-Container c1 -Process exec-made'
            [void] (Wait-Screen $terminal 'begun')
            Send-Key $terminal "typed`r"
            [void] (Wait-Screen $terminal 'x is typed')
            Send-KeyByte $terminal 16, 17
            [void] (Close-Terminal $terminal)
            ($process | Get-ContainerProcess).Status | Should -Be 'Running'
            $process | Remove-ContainerProcess -Force
            Get-Fifo c1 | Should -BeNullOrEmpty
        }

        It 'leaves no fifos when the task goes first' {
            [void] (New-Container c2 -Image busybox -Command sleep, 1000)
            Start-ContainerTask c2
            [void] (Start-ContainerProcess c2 -Terminal sleep 1000 -Id exec-first)
            [void] (Start-ContainerProcess c2 -Terminal true -Id exec-ended)
            Get-Fifo c2 | Should -Not -BeNullOrEmpty
            Remove-Container c2 -Force
            Get-Fifo c2 | Should -BeNullOrEmpty
        }

        It 'leaves nothing of what cannot start' {
            { Start-ContainerProcess c1 -Terminal nosuchprogram -ErrorAction Stop } | Should -Throw -ErrorId 'CommandNotFound*'
        }
    }
}
