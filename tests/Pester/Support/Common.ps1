# Dot-sourced in BeforeAll of each file: the module, a private daemon, a root filesystem of busybox.

$modulePath = if ($env:CONTAINERDPS_MODULE) { $env:CONTAINERDPS_MODULE } else { [IO.Path]::Combine($PSScriptRoot, '..', '..', '..', 'artifacts', 'ContainerdPS') }
Import-Module $modulePath -ErrorAction Stop

function New-TestFolder {
    $path = [IO.Path]::Combine([IO.Path]::GetTempPath(), "containerdps-test-$([Guid]::NewGuid().ToString('n').Substring(0, 8))")
    [void] [IO.Directory]::CreateDirectory($path)
    $path
}

function New-TestRootFileSystem {
    $root = New-TestFolder
    foreach ($folder in 'bin', 'etc', 'tmp', 'srv') { [void] [IO.Directory]::CreateDirectory([IO.Path]::Combine($root, $folder)) }
    $busybox = @('/bin/busybox', '/usr/bin/busybox') | Where-Object { [IO.File]::Exists($_) } | Select-Object -First 1
    [IO.File]::Copy($busybox, [IO.Path]::Combine($root, 'bin', 'busybox'))
    foreach ($name in 'sh', 'echo', 'sleep', 'cat', 'id', 'env', 'pwd', 'hostname', 'true', 'touch', 'ls', 'yes', 'mount', 'grep') {
        [void] [IO.File]::CreateSymbolicLink([IO.Path]::Combine($root, 'bin', $name), 'busybox')
    }
    [IO.File]::WriteAllText([IO.Path]::Combine($root, 'etc', 'passwd'), "root:x:0:0:root:/:/bin/sh`nweb:x:101:102::/:/bin/sh`n")
    [IO.File]::WriteAllText([IO.Path]::Combine($root, 'etc', 'group'), "root:x:0:`nweb:x:102:`nextra:x:200:web`n")
    $root
}

# What the daemon holds beside containers and images, asked of ctr: the word of somebody else.
function Get-Leftover([ContainerdPS.ContainerdSession] $Session) {
    $ctr = 'ctr', '--address', $Session.Address, '--namespace', $Session.Namespace
    $program, $arguments = $ctr
    & $program @arguments leases ls -q
    & $program @arguments content active | Select-Object -Skip 1
    & $program @arguments snapshots ls | Select-Object -Skip 1 | Where-Object { $_ -match '\s(Active|View)\s*$' }
    if ([IO.Directory]::Exists("$($Session.Daemon.Path)/fifo")) { [IO.Directory]::GetFileSystemEntries("$($Session.Daemon.Path)/fifo") }
}

# What the kernel lists at a path, the lowest first.
function Get-MountLine([string] $Path) { [IO.File]::ReadAllLines('/proc/self/mountinfo') | Where-Object { ($_ -split ' ')[4] -eq $Path } }

# What is noted of mounts of a daemon's snapshots. Those of other daemons come and go meanwhile.
function Get-MountRecord([ContainerdPS.ContainerdSession] $Session) {
    if ([IO.Directory]::Exists('/run/containerdps/mounts')) {
        [IO.Directory]::GetFiles('/run/containerdps/mounts') | Where-Object { try { [IO.File]::ReadAllText($_).Contains($Session.Address) } catch [IO.FileNotFoundException] { $false } }
    }
}

# Runs a script with a session of its own in another runspace. It has $module, $address and $namespace.
function Start-Aside([string] $Script) {
    $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
    [void] $shell.AddScript("param(`$module, `$address, `$namespace) Import-Module `$module; [void] (Connect-Containerd `$address -Namespace `$namespace); $Script").AddArgument($modulePath).AddArgument($daemon.Address).AddArgument($daemon.Namespace)
    [pscustomobject] @{ Shell = $shell; Running = $shell.BeginInvoke(); Script = $Script }
}

function Wait-Aside($Aside, [scriptblock] $Ready) {
    $limit = [datetime]::Now.AddSeconds(20)
    while (-not (& $Ready) -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(10) }
    if ([datetime]::Now -ge $limit) { throw "It never came to the moment wanted of '$($Aside.Script)'." }
}

# Stops such a script, as Ctrl+C does, when it is where it is wanted.
function Stop-Midway([string] $Script, [scriptblock] $Ready) {
    $aside = Start-Aside $Script
    Wait-Aside $aside $Ready
    $aside.Shell.Stop()
    $aside.Shell.Dispose()
}
