# Commands in a running task: what 100 of them leave in the shell's process, 200 MB through the output of one, and lines
# of a command beside those of an attached task.
param([int] $Count = 100, [int] $Megabytes = 200, [int] $Lines = 1000000)
. ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))

function Get-Footprint {
    [GC]::Collect()
    [GC]::WaitForPendingFinalizers()
    [pscustomobject]@{
        # Each library that .NET comes to load is a descriptor, too, for good and whatever is done.
        Descriptors = @([IO.Directory]::GetFileSystemEntries('/proc/self/fd') | Where-Object { [IO.FileInfo]::new($_).LinkTarget -notlike '*.dll' }).Length
        Threads = [IO.Directory]::GetDirectories('/proc/self/task').Length
        Fifos = if ([IO.Directory]::Exists("$($daemon.Daemon.Path)/fifo")) { [IO.Directory]::GetFileSystemEntries("$($daemon.Daemon.Path)/fifo").Length } else { 0 }
    }
}

$rootfs = New-TestRootFileSystem
foreach ($name in 'head', 'tee', 'sha256sum', 'seq') { [void] [IO.File]::CreateSymbolicLink([IO.Path]::Combine($rootfs, 'bin', $name), 'busybox') }
$daemon = Start-ContainerdDaemon
try {
    Import-ContainerImage -RootFileSystem $rootfs -Name example.invalid/busybox:latest | Out-Null
    $web = New-Container web -Image example.invalid/busybox:latest -Command sleep, 3600
    $web | New-ContainerTask | Start-ContainerTask
    $ctr = 'ctr', '--address', $daemon.Address, '--namespace', $daemon.Namespace, 'tasks', 'exec', '--exec-id'
    $script:run = 0
    $turns = Measure-Turn -Count 20 -Script ([ordered]@{
            ctr = { $script:run++; (Measure-Program ($ctr + "ctr-$run" + 'web' + '/bin/true')).Milliseconds }
            ours = { Measure-Milliseconds { Invoke-ContainerCommand web /bin/true } }
        })

    Write-Host 'A command of a running task, /bin/true'
    Write-Number 'ctr tasks exec' $turns.ctr
    Write-Number 'Invoke-ContainerCommand in a warm session' $turns.ours
    Write-Ratio 'ratio to ctr' (Get-Median $turns.ours) (Get-Median $turns.ctr)

    $before = Get-Footprint
    for ($i = 0; $i -lt $Count; $i++) { Invoke-ContainerCommand web /bin/true }
    $after = Get-Footprint
    Write-Host "The shell before and after $Count of them"
    foreach ($name in 'Descriptors', 'Threads', 'Fifos') { Write-Host ('  {0,-58} {1,9} {2,9}' -f $name.ToLowerInvariant(), $before.$name, $after.$name) }

    # The hash is made in the container, of random bytes: a lost, doubled or swapped piece changes it.
    $size = $Megabytes * 1000000
    $command = "head -c $size /dev/urandom | tee /proc/self/fd/3 | sha256sum >&2"
    $script:peak = $script:bytes = 0L
    $hash = [Security.Cryptography.IncrementalHash]::CreateHash('SHA256')
    $shellProcess = [Diagnostics.Process]::GetCurrentProcess()
    $shellProcess.Refresh()
    $start = $shellProcess.WorkingSet64
    $milliseconds = Measure-Milliseconds {
        Invoke-ContainerCommand web -Command sh, -c, "exec 3>&1; $command" -AsByteStream -InformationVariable said 6>$null | ForEach-Object {
            $hash.AppendData([byte[]] $_)
            $script:bytes += $_.Length
            $shellProcess.Refresh()
            $script:peak = [Math]::Max($peak, $shellProcess.WorkingSet64)
        }
        $script:said = $said
    }
    $ours = [Convert]::ToHexString($hash.GetHashAndReset()).ToLowerInvariant()
    $theirs = "$($said[0])".Split(' ')[0]
    Write-Host "$Megabytes MB through the output of a command"
    Write-Host ('  {0,-58} {1,9:0.0} MB/s' -f 'speed', ($bytes / 1000 / $milliseconds))
    Write-Host ('  {0,-58} {1,9} of {2}, hashes {3}' -f 'bytes', $bytes, $size, $(if ($ours -eq $theirs) { 'equal' } else { "DIFFERENT: $ours, $theirs" }))
    Write-Host ('  {0,-58} {1,9:0.0} MiB' -f 'growth of the shell''s resident memory at its peak', (($peak - $start) / 1MB))

    $turns = Measure-Turn -Count 3 -Script ([ordered]@{
            ctr = { $script:run++; (Measure-Program '/bin/sh', '-c', "$ctr 'ctr-$run' web head -c $size /dev/zero > /dev/null").Milliseconds }
            ours = { Measure-Milliseconds { Invoke-ContainerCommand web -Command head, -c, $size, /dev/zero -AsByteStream | Out-Null } }
        })
    Write-Host "$Megabytes MB of zeros, thrown away"
    Write-Number 'ctr tasks exec' $turns.ctr
    Write-Number 'Invoke-ContainerCommand -AsByteStream' $turns.ours
    Write-Ratio 'ratio to ctr' (Get-Median $turns.ours) (Get-Median $turns.ctr)

    [void] (New-Container counter -Image example.invalid/busybox:latest -Command seq, $Lines)
    $turns = Measure-Turn -Count 3 -Script ([ordered]@{
            command = { Measure-Milliseconds { Invoke-ContainerCommand web -Command seq, $Lines } }
            attached = {
                Start-ContainerTask counter -Attachable
                Measure-Milliseconds { if (@(Receive-ContainerTask counter).Count -ne $Lines) { throw 'Lines are missing.' } }
                Remove-ContainerTask counter
            }
        })
    Write-Host "$Lines lines"
    Write-Number 'of a command, with Invoke-ContainerCommand' $turns.command
    Write-Number 'of an attached task, with Receive-ContainerTask' $turns.attached
    Write-Ratio 'ratio of attached to command' (Get-Median $turns.attached) (Get-Median $turns.command)
}
finally {
    Stop-ContainerdDaemon $daemon
    [IO.Directory]::Delete($rootfs, $true)
}
