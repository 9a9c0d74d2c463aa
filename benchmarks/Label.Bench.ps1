# 1,000 label updates in one pipeline, 16 in flight, against the same with one after the other.
param([int] $Count = 3, [int] $Containers = 1000)
. ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))

$rootfs = New-TestRootFileSystem
$daemon = Start-ContainerdDaemon
try {
    Import-ContainerImage -RootFileSystem $rootfs -Name busybox | Out-Null
    $all = 1..$Containers | ForEach-Object { "labelled-$_" } | New-Container -Image busybox -Command sleep, 60
    $script:value = 0
    $turns = Measure-Turn -Count $Count -Script ([ordered]@{
            one = { $script:value++; Measure-Milliseconds { $all | Set-ContainerLabel -Label @{ turn = "$value" } -ThrottleLimit 1 } }
            many = { $script:value++; Measure-Milliseconds { $all | Set-ContainerLabel -Label @{ turn = "$value" } } }
        })

    $set = @(Get-Container -Label "turn=$value").Count
    if ($set -ne $Containers) { throw "$set containers have the last label, not $Containers." }

    Write-Host "$Containers label updates"
    Write-Number 'one after the other' $turns.one
    Write-Number '16 in flight' $turns.many
    Write-Ratio 'ratio of 16 in flight to one after the other' (Get-Median $turns.many) (Get-Median $turns.one)
}
finally {
    Stop-ContainerdDaemon $daemon
    [IO.Directory]::Delete($rootfs, $true)
}
