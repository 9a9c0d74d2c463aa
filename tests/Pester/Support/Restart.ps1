# Dot-sourced after Common.ps1, with a daemon in $daemon: it is killed, and started again by hand, on the same socket and with the same root.

$running = @{
    CommandLine = [IO.File]::ReadAllText("/proc/$($daemon.Daemon.ProcessId)/cmdline").TrimEnd([char] 0).Split([char] 0)
    Process = [Diagnostics.Process]::GetProcessById($daemon.Daemon.ProcessId)
}

function Start-Running([string[]] $CommandLine) {
    $start = [Diagnostics.ProcessStartInfo]::new($CommandLine[0])
    foreach ($argument in $CommandLine | Select-Object -Skip 1) { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardError = $true
    $running.Process = [Diagnostics.Process]::Start($start)
    $running.Process.BeginErrorReadLine()
}

function Stop-TheDaemon {
    if (-not $running.Process.HasExited) {
        $running.Process.Kill()
        $running.Process.WaitForExit()
    }
}

function Wait-TheDaemon {
    for ($i = 0; $i -lt 200 -and -not (Test-Containerd $daemon.Address -Timeout 1); $i++) { [Threading.Thread]::Sleep(50) }
    Test-Containerd $daemon.Address | Should -BeTrue
}

function Start-TheDaemon {
    Start-Running $running.CommandLine
    Wait-TheDaemon
}

# Takes the daemon away in a second and brings it back after some more, while a command holds the thread.
function Start-Absence([int] $Seconds) {
    Start-Running (@('/bin/sh', '-c', "sleep 1; kill -9 $($running.Process.Id); sleep $Seconds; exec `"`$@`"", 'sh') + $running.CommandLine)
}
