# Runs one test file under Pester 5 and closes with the line that the build counts.
param([string] $Path)

$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.0 -MaximumVersion 5.99
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$result = Invoke-Pester -Configuration $configuration
foreach ($skipped in $result.Skipped) {
    Write-Host "SKIPPED: $($skipped.ExpandedPath): $($skipped.ErrorRecord.Exception.Message)"
}

$broken = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
"$($result.PassedCount) passed, $broken failed, $($result.SkippedCount) skipped"
exit [int]($broken -gt 0)
