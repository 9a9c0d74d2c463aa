# Dot-sourced after Common.ps1: shells of this kind on pseudo terminals of their own, typed to and read from as people do.
# The terminal is made by script of util-linux, which every distribution has.

$terminals = [Collections.Generic.List[object]]::new()

# Runs a script in a shell on a terminal, with the module imported and a session to the daemon. It is not begun before
# the terminal's settings are known; when it is done they are to be the same: Close-Terminal looks.
function Open-Terminal([string] $Script, [int] $Columns = 100, [int] $Rows = 30) {
    $folder = New-TestFolder
    $shell = @([Environment]::ProcessPath)
    if ([IO.Path]::GetFileNameWithoutExtension($shell[0]) -eq 'dotnet') { $shell += [Environment]::GetCommandLineArgs()[0] }
    $path = [IO.Path]::Combine($folder, 'script.ps1')
    [IO.File]::WriteAllText($path, @"
`$env:POWERSHELL_TELEMETRY_OPTOUT = '1'
function Wait-File([string] `$Name) { while (-not [IO.File]::Exists("$folder/`$Name")) { [Threading.Thread]::Sleep(10) } }
Import-Module '$modulePath'
[void] (Connect-Containerd '$($daemon.Address)' -Namespace '$($daemon.Namespace)')
"shell `$PID on `$(& tty)."
Wait-File begin
$Script
'all done.'
Wait-File end
"@)
    $start = [Diagnostics.ProcessStartInfo]::new('script')

    # The terminal outlives the shell, so that it can be looked at when the shell was killed: some shells of the system
    # would die of a ctrl-c that is for ours. Signals do to ours what they do in a login, also when the tests run where
    # some are ignored, as under nohup.
    $command = "trap '' INT QUIT; stty cols $Columns rows $Rows; env --default-signal '$($shell -join "' '")' -NoProfile -File '$path'; while ! test -e '$folder/end'; do sleep 0.05; done"
    foreach ($argument in '--quiet', '--flush', '--return', '--command', $command, "$folder/screen") { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $terminal = [pscustomobject]@{
        Process = [Diagnostics.Process]::Start($start)
        Folder = $folder
        Seen = 0
        ShellId = 0
        Device = ''
        Before = ''
    }
    $terminal.Process.BeginOutputReadLine()
    $terminal.Process.BeginErrorReadLine()
    $terminals.Add($terminal)
    $text = Wait-Screen $terminal 'shell (\d+) on (/dev/\S+)\.'
    [void] ($text -match 'shell (\d+) on (/dev/\S+)\.')
    $terminal.ShellId = [int] $Matches[1]
    $terminal.Device = $Matches[2]
    $terminal.Before = Get-TerminalSetting $terminal
    [IO.File]::WriteAllText("$folder/begin", '')
    $terminal
}

# All that was shown since the last wait, once it matches; what comes after the match is for the next wait.
function Wait-Screen($Terminal, [string] $Pattern, [int] $Seconds = 30) {
    $limit = [datetime]::Now.AddSeconds($Seconds)
    while ($true) {
        $text = Get-Screen $Terminal
        $match = [regex]::Match($text.Substring($Terminal.Seen), $Pattern)
        if ($match.Success) {
            $found = $text.Substring($Terminal.Seen, $match.Index + $match.Length)
            $Terminal.Seen += $match.Index + $match.Length
            return $found
        }

        if ([datetime]::Now -gt $limit) { throw "'$Pattern' was not shown. What was:`n$($text.Substring($Terminal.Seen))" }
        [Threading.Thread]::Sleep(20)
    }
}

# Everything shown so far. The first line is script's own.
function Get-Screen($Terminal) {
    $path = "$($Terminal.Folder)/screen"
    if (-not [IO.File]::Exists($path)) { return '' }
    $file = [IO.FileStream]::new($path, 'Open', 'Read', 'ReadWrite')
    try { [IO.StreamReader]::new($file, [Text.UTF8Encoding]::new($false)).ReadToEnd() }
    finally { $file.Dispose() }
}

function Send-Key($Terminal, [string] $Text) { Send-KeyByte $Terminal ([Text.Encoding]::UTF8.GetBytes($Text)) }

function Send-KeyByte($Terminal, [byte[]] $Bytes) {
    $stream = $Terminal.Process.StandardInput.BaseStream
    $stream.Write($Bytes, 0, $Bytes.Length)
    $stream.Flush()
}

function Set-TerminalSize($Terminal, [int] $Columns, [int] $Rows) { & stty -F $Terminal.Device cols $Columns rows $Rows }

# What stty tells of the terminal, without its size.
function Get-TerminalSetting($Terminal) { ((& stty -F $Terminal.Device -a) -join "`n") -replace 'rows \d+; columns \d+;', '' }

# Waits until keys go to the container: what is typed before is shown, and some of it taken, by this terminal.
function Wait-Entered($Terminal) { Wait-For 'the terminal is entered' { (Get-TerminalSetting $Terminal) -match ' -icanon' } }

function Wait-For([string] $What, [scriptblock] $Condition) {
    $limit = [datetime]::Now.AddSeconds(30)
    while (-not (& $Condition)) {
        if ([datetime]::Now -gt $limit) { throw "It never came that $What." }
        [Threading.Thread]::Sleep(20)
    }
}

# Waits until the script is done, or the shell has ended, sees that the terminal is as it was, and closes it. Gives all
# that was shown.
function Close-Terminal($Terminal, [switch] $Killed) {
    if ($Killed) { Wait-For 'the shell has ended' { -not [IO.Directory]::Exists("/proc/$($Terminal.ShellId)") } }
    else { [void] (Wait-Screen $Terminal 'all done\.') }
    Get-TerminalSetting $Terminal | Should -Be $Terminal.Before
    [IO.File]::WriteAllText("$($Terminal.Folder)/end", '')
    if (-not $Terminal.Process.WaitForExit(30000)) { throw 'The shell did not end.' }
    Get-Screen $Terminal
}

# For AfterEach: ends what a failed test has left, and removes the files.
function Clear-Terminal {
    foreach ($terminal in $terminals) {
        if (-not $terminal.Process.HasExited) {
            $terminal.Process.Kill($true)
            $terminal.Process.WaitForExit()
        }

        $terminal.Process.Dispose()
        [IO.Directory]::Delete($terminal.Folder, $true)
    }

    $terminals.Clear()
}
