# Invoke-Container of /bin/true in a warm session against 'ctr run --rm' of the same image on the same daemon.
param([int] $Count = 20)
. ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))

$rootfs = New-TestRootFileSystem
$daemon = Start-ContainerdDaemon
try {
    Import-ContainerImage -RootFileSystem $rootfs -Name example.invalid/busybox:latest | Out-Null
    $ctr = 'ctr', '--address', $daemon.Address, '--namespace', $daemon.Namespace, 'run', '--rm', 'example.invalid/busybox:latest'
    $script:run = 0
    $turns = Measure-Turn -Count $Count -Script ([ordered]@{
            ctr = { $script:run++; (Measure-Program ($ctr + "ctr-$run" + '/bin/true')).Milliseconds }
            ours = { Measure-Milliseconds { Invoke-Container -Image example.invalid/busybox:latest -Command /bin/true } }
        })

    Write-Host 'A run of /bin/true'
    Write-Number 'ctr run --rm' $turns.ctr
    Write-Number 'Invoke-Container in a warm session' $turns.ours
    Write-Ratio 'ratio to ctr' (Get-Median $turns.ours) (Get-Median $turns.ctr)
}
finally {
    Stop-ContainerdDaemon $daemon
    [IO.Directory]::Delete($rootfs, $true)
}
