#!/usr/bin/env pwsh
<#
.SYNOPSIS
The tasks of this project, thin over dotnet. build.sh runs it where no pwsh is at hand.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'TestReleases', 'Demo', 'Shell', 'Bench', 'Clean')]
    [string] $Task = 'Build',

    # Test, TestReleases, Bench: only the files whose name contains this; the xUnit tests are then left out.
    [Parameter(Position = 1)]
    [string] $Name
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3
Set-Location -LiteralPath $PSScriptRoot

. ([IO.Path]::Combine($PSScriptRoot, 'tools', 'BuildTasks.ps1'))
. ([IO.Path]::Combine($PSScriptRoot, 'tools', 'ReleaseTasks.ps1'))

switch ($Task) {
    'Build' { Build-Module }
    'Test' { Build-Module; Test-Module -Name $Name }
    'TestReleases' { Build-Module; Test-Releases -Name $Name }
    'Demo' { Build-Module; Show-Demo }
    'Shell' { Build-Module; Enter-ModuleShell }
    'Bench' { Build-Module; Measure-Module -Name $Name }
    'Clean' { Clear-Output }
}
