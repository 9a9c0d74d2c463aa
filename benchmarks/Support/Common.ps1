# Dot-sourced by each benchmark: the module, whole processes with their time and peak memory, medians and ratios.
# Nothing here judges: what is printed is what was seen, and the runs of both sides alternate.

$ErrorActionPreference = 'Stop'
$manifest = [IO.Path]::Combine($(if ($env:CONTAINERDPS_MODULE) { $env:CONTAINERDPS_MODULE } else { [IO.Path]::Combine($PSScriptRoot, '..', '..', 'artifacts', 'ContainerdPS') }), 'ContainerdPS.psd1')
. ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'tests', 'Pester', 'Support', 'Common.ps1'))

# The program this runs in, as the start of a command line.
function Get-Shell {
    $process = [Environment]::ProcessPath
    if ([IO.Path]::GetFileNameWithoutExtension($process) -eq 'dotnet') { return @($process, [Environment]::GetCommandLineArgs()[0], '-NoProfile') }
    @($process, '-NoProfile', '-NonInteractive')
}

# Runs a program to its end, its output read and thrown away. Peak memory is the kernel's high-water mark of its
# resident set, asked now and then because it is gone when the process is; asking more often takes time from who is measured.
function Measure-Program([string[]] $CommandLine) {
    $start = [Diagnostics.ProcessStartInfo]::new($CommandLine[0])
    foreach ($argument in ($CommandLine | Select-Object -Skip 1)) { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $process = [Diagnostics.Process]::Start($start)
    $output = $process.StandardOutput.ReadToEndAsync()
    $errors = $process.StandardError.ReadToEndAsync()
    $peak = 0
    while (-not $process.WaitForExit(25)) {
        try { $process.Refresh(); $peak = [Math]::Max($peak, $process.PeakWorkingSet64) } catch [InvalidOperationException] { }
    }

    $watch.Stop()
    if ($process.ExitCode -ne 0 -or $errors.Result) { throw "$($CommandLine -join ' ') ended with $($process.ExitCode): $($errors.Result)" }
    [pscustomobject]@{ Milliseconds = $watch.Elapsed.TotalMilliseconds; PeakMemory = $peak; Lines = $output.Result.Split("`n").Count - 1 }
}

function Measure-Milliseconds([scriptblock] $Script) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $null = & $Script
    $watch.Elapsed.TotalMilliseconds
}

# The script blocks by turns, each after what puts its side into the state all begin from: a hashtable of name and numbers.
# The first turn does not count, unless it costs too much to be thrown away.
function Measure-Turn([Collections.Specialized.OrderedDictionary] $Script, [int] $Count, [scriptblock] $Before, [switch] $CountFirst) {
    $numbers = @{}
    foreach ($side in $Script.Keys) { $numbers[$side] = [Collections.Generic.List[object]]::new() }
    for ($turn = $(if ($CountFirst) { 1 } else { 0 }); $turn -le $Count; $turn++) {
        foreach ($side in $Script.Keys) {
            if ($Before) { $null = & $Before }
            $number = & $Script[$side]
            if ($turn -gt 0) { $numbers[$side].Add($number) }
        }
    }

    $numbers
}

function Get-Median([double[]] $Number) {
    $sorted = [double[]] @($Number | Sort-Object)
    $middle = [int] [Math]::Floor($sorted.Length / 2)
    if ($sorted.Length % 2) { $sorted[$middle] } else { ($sorted[$middle - 1] + $sorted[$middle]) / 2 }
}

function Write-Number([string] $Name, [double[]] $Number, [string] $Unit = 'ms') {
    $sorted = [double[]] @($Number | Sort-Object)
    Write-Host ('  {0,-58} {1,9:0.0} {2}   ({3:0.0} to {4:0.0}, n={5})' -f $Name, (Get-Median $Number), $Unit, $sorted[0], $sorted[-1], $sorted.Length)
}

function Write-Ratio([string] $Name, [double] $Ours, [double] $Other) {
    Write-Host ('  {0,-58} {1,9:0.00}' -f $Name, ($Ours / $Other))
}
