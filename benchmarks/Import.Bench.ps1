# What a script waits for: Import-Module and the first Get-Container, each in a shell of its own, against a bare start.
param([int] $Count = 10)
. ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))

$daemon = Start-ContainerdDaemon
try {
    $shell = @(Get-Shell)
    $import = "Import-Module '$manifest'"
    $first = "$import; Get-Container -Session (Connect-Containerd '$($daemon.Address)')"
    $turns = Measure-Turn -Count $Count -Script ([ordered]@{
            bare = { (Measure-Program ($shell + '-Command', 'exit')).Milliseconds }
            import = { (Measure-Program ($shell + '-Command', $import)).Milliseconds }
            first = { (Measure-Program ($shell + '-Command', $first)).Milliseconds }
        })

    Write-Host "Import ($([IO.Path]::GetFileName($shell[0])))"
    Write-Number 'bare shell' $turns.bare
    Write-Number 'with Import-Module' $turns.import
    Write-Number 'with Import-Module, connection and the first Get-Container' $turns.first
    Write-Number 'Import-Module over bare' @(for ($i = 0; $i -lt $Count; $i++) { $turns.import[$i] - $turns.bare[$i] })
    Write-Number 'Import-Module and the first Get-Container over bare' @(for ($i = 0; $i -lt $Count; $i++) { $turns.first[$i] - $turns.bare[$i] })
    Write-Ratio 'ratio of import and first listing to a bare shell' (Get-Median $turns.first) (Get-Median $turns.bare)
}
finally {
    Stop-ContainerdDaemon $daemon
}
