# Says in a line which daemon the tests of this run speak to: a private one is asked.
$ErrorActionPreference = 'Stop'
Import-Module $env:CONTAINERDPS_MODULE
$daemon = Start-ContainerdDaemon
try {
    $info = Get-ContainerdInfo
    "The daemon is containerd $($info.Version), runc $((@(& runc --version)[0] -split ' ')[-1]), $($info.DefaultSnapshotter); it has $(if ($info.Capabilities) { $info.Capabilities -join ', ' } else { 'neither Transfer nor Sandbox' })."
}
finally { Stop-ContainerdDaemon $daemon }
