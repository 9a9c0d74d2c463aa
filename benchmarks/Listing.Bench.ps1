# Get-Container over many containers against 'ctr containers ls' of the same daemon: in a warm session, and as whole
# processes with their peak memory.
param([int] $Count = 5, [int] $Containers = 5000)
. ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))

$rootfs = New-TestRootFileSystem
$daemon = Start-ContainerdDaemon
try {
    Import-ContainerImage -RootFileSystem $rootfs -Name busybox | Out-Null
    1..$Containers | ForEach-Object { "listed-$_" } | New-Container -Image busybox -Command sleep, 60 -Label @{ tier = 'web' } | Out-Null
    $ctr = 'ctr', '--address', $daemon.Address, '--namespace', $daemon.Namespace, 'containers', 'ls'
    $shell = @(Get-Shell)
    $listing = "Import-Module '$manifest'; `$session = Connect-Containerd '$($daemon.Address)' -Namespace '$($daemon.Namespace)'; "
    $turns = Measure-Turn -Count $Count -Script ([ordered]@{
            ctr = { Measure-Program $ctr }
            warm = { Measure-Milliseconds { Get-Container } }
            piped = { Measure-Program ($shell + '-Command', ($listing + '@(Get-Container -Session $session | ForEach-Object Id)')) }
            kept = { Measure-Program ($shell + '-Command', ($listing + '$all = Get-Container -Session $session; $all.Id')) }
            empty = { Measure-Program ($shell + '-Command', ($listing + 'Get-Container none* -Session $session')) }
            bare = { Measure-Program ($shell + '-Command', 'exit') }
        })

    foreach ($name in 'piped', 'kept') {
        if ($turns[$name][0].Lines -ne $Containers) { throw "$($turns[$name][0].Lines) containers were listed, not $Containers." }
    }

    Write-Host "Listing of $Containers containers"
    Write-Number 'ctr containers ls' $turns.ctr.Milliseconds
    Write-Number 'Get-Container in a warm session, all objects kept' $turns.warm
    Write-Number 'a shell with Get-Container | ForEach-Object Id' $turns.piped.Milliseconds
    Write-Number 'a bare shell' $turns.bare.Milliseconds
    Write-Ratio 'ratio of the warm session to ctr' (Get-Median $turns.warm) (Get-Median $turns.ctr.Milliseconds)
    Write-Ratio 'ratio of the whole shell to ctr' (Get-Median $turns.piped.Milliseconds) (Get-Median $turns.ctr.Milliseconds)
    $mebibyte = { $_.PeakMemory / 1MB }
    Write-Number 'peak memory of ctr' @($turns.ctr | ForEach-Object $mebibyte) MiB
    Write-Number 'peak memory of the shell, piped on' @($turns.piped | ForEach-Object $mebibyte) MiB
    Write-Number 'peak memory of the shell, all objects kept' @($turns.kept | ForEach-Object $mebibyte) MiB
    Write-Number 'peak memory of the shell that lists nothing' @($turns.empty | ForEach-Object $mebibyte) MiB
    Write-Number 'peak memory of a bare shell' @($turns.bare | ForEach-Object $mebibyte) MiB
}
finally {
    Stop-ContainerdDaemon $daemon
    [IO.Directory]::Delete($rootfs, $true)
}
