# Dot-sourced in BeforeAll: all that tests of checkpoints begin with, and whether this machine can dump processes at all.

. ([IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
. ([IO.Path]::Combine($PSScriptRoot, 'Archives.ps1'))
$daemon = Start-ContainerdDaemon
$folder = New-TestFolder
$rootfs = New-TestRootFileSystem

# The daemon's own programs run in it with its /usr mounted.
[void] [IO.Directory]::CreateDirectory("$rootfs/usr")
foreach ($name in 'lib', 'lib64') { [void] [IO.File]::CreateSymbolicLink("$rootfs/$name", "usr/$name") }
[void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command echo, 'from the image' -ErrorAction Stop)

# After each test: all goes but the image, and nothing else may have been left.
function Clear-Daemon {
    Get-Container | Remove-Container -Force
    Get-ContainerImage | Where-Object Name -NE 'docker.io/library/busybox:latest' | Remove-ContainerImage
    Get-Leftover $daemon | Should -BeNullOrEmpty
    foreach ($entry in [IO.Directory]::GetFileSystemEntries($folder)) {
        if ([IO.Directory]::Exists($entry)) { [IO.Directory]::Delete($entry, $true) } else { [IO.File]::Delete($entry) }
    }
}

function Remove-Setup {
    Stop-ContainerdDaemon $daemon
    [IO.Directory]::Delete($rootfs, $true)
    [IO.Directory]::Delete($folder, $true)
}

# A second opinion.
function Invoke-Ctr {
    & ctr --address $daemon.Address --namespace $daemon.Namespace @args
    if ($LASTEXITCODE -ne 0) { throw "ctr $args failed with exit code $LASTEXITCODE." }
}

# Counts in its memory, and writes the number into a file that it holds open and into its output.
$counter = 'sh', '-c', 'exec 5>>/srv/open; n=0; while :; do n=$((n+1)); echo $n > /srv/count; echo $n; echo $n >&5; sleep 0.05; done'

# For a process that holds a lot of memory, so that its dump takes its time.
$hoarder = 'sh', '-c', 'x=$(busybox head -c 60000000 /dev/urandom | busybox base64); n=0; while :; do n=$((n+1)); echo $n > /srv/count; sleep 0.05; done'

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

# Has the daemon collect its garbage over and over while a script runs, and sees to it that it did.
function Invoke-AmidCollections([scriptblock] $Script) {
    [IO.File]::WriteAllText("$folder/collect.sh", 'i=0; while [ ! -e "$3/enough" ]; do i=$((i+1)); ctr --address "$1" --namespace "$2" leases create --id "gc-$i" >/dev/null && ctr --address "$1" --namespace "$2" leases delete --sync "gc-$i" >/dev/null && echo "$i" > "$3/next" && mv "$3/next" "$3/collected"; done')
    function Get-Round { if ([IO.File]::Exists("$folder/collected")) { [int] "0$([IO.File]::ReadAllText("$folder/collected").Trim())" } else { 0 } }
    $collector = [Diagnostics.Process]::Start([Diagnostics.ProcessStartInfo]::new('sh', "$folder/collect.sh $($daemon.Address) $($daemon.Namespace) $folder"))
    try {
        Wait-Until { Get-Round } 'that the daemon collects'
        $before = Get-Round
        & $Script
        $rounds = (Get-Round) - $before
    }
    finally {
        [IO.File]::WriteAllText("$folder/enough", '')
        $collector.WaitForExit()
        foreach ($name in 'enough', 'collected') { [IO.File]::Delete("$folder/$name") }
    }

    $rounds | Should -BeGreaterThan 0
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
