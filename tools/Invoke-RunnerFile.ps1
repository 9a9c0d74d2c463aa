# Runs one test file in this shell under the runner of tests/EngineHost, for a pwsh without Pester.
param([string] $Engine, [string] $Path)

$ErrorActionPreference = 'Stop'
[void] [Reflection.Assembly]::LoadFrom($Engine)
exit [EngineHost.Runner.PwshRun]::Start($Host, $Path)
