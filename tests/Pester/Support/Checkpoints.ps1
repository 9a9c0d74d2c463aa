# Dot-sourced after Common.ps1, with a daemon in $daemon: checkpoints, and whether this machine can dump processes at all.

# A second opinion.
function Invoke-Ctr {
    & ctr --address $daemon.Address --namespace $daemon.Namespace @args
    if ($LASTEXITCODE -ne 0) { throw "ctr $args failed with exit code $LASTEXITCODE." }
}

# Counts in its memory, and writes the number into a file that it holds open and into its output.
$counter = 'sh', '-c', 'exec 5>>/srv/open; n=0; while :; do n=$((n+1)); echo $n > /srv/count; echo $n; echo $n >&5; sleep 0.05; done'

function Wait-Until([scriptblock] $Condition, [string] $What) {
    $limit = [datetime]::Now.AddSeconds(30)
    while (-not (& $Condition)) {
        if ([datetime]::Now -gt $limit) { throw "It did not come to it in 30 s: $What." }
        [Threading.Thread]::Sleep(20)
    }
}

# What the counter has written last, seen in the root filesystem of its running process; 0 before it has.
function Get-Count([string] $Id, [ContainerdPS.ContainerdSession] $Session = $daemon) {
    $process = (Get-ContainerTask $Id -Session $Session).ProcessId
    $text = try { [IO.File]::ReadAllText("/proc/$process/root/srv/count").Trim() } catch { '' }
    if ($text) { [int] $text } else { 0 }
}

function Start-Counter([string] $Id, [Collections.IDictionary] $More = @{}) {
    [void] (New-Container $Id -Image busybox -Command $counter @More -ErrorAction Stop)
    Start-ContainerTask $Id -LogPath "$folder/$Id.log" -ErrorAction Stop
    Wait-Until { (Get-Count $Id) -ge 3 } "that the counter in $Id counts"
}

function Assert-Counting([string] $Id, [int] $From, [ContainerdPS.ContainerdSession] $Session = $daemon) {
    Wait-Until { (Get-Count $Id $Session) -gt $From } "that $Id counts on from $From"
}

# The parts of a checkpoint, in the words of ctr.
function Get-Part([string] $Name) {
    $digest = (Get-ContainerImage $Name -ErrorAction Stop).Digest
    Invoke-Ctr content get $digest | ConvertFrom-Json
}

# Has the daemon collect its garbage, and waits for it.
function Invoke-Collection {
    $id = "test-$([Guid]::NewGuid().ToString('n').Substring(0, 8))"
    [void] (Invoke-Ctr leases create --id $id)
    Invoke-Ctr leases delete --sync $id
}

# Tries: CRIU may be missing, or not run on this kernel, and only a dump tells. Gives why not; nothing when it can be done.
function Get-CriuReason {
    [void] (New-Container probe -Image busybox -Command sleep, 1000 -ErrorAction Stop)
    try {
        Start-ContainerTask probe -ErrorAction Stop
        [void] (Checkpoint-Container probe probe -Task -ErrorAction Stop)
        Remove-ContainerImage probe -ErrorAction Stop
    }
    catch {
        "processes cannot be dumped here: $($_.Exception.Message -replace '\s+', ' ')"
    }
    finally { Remove-Container probe -Force }
}
