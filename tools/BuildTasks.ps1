# What the tasks of build.ps1 do. Only commands that the bare engine of tests/EngineHost has as well are used here.

$root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..'))
$artifact = [IO.Path]::Combine($root, 'artifacts', 'ContainerdPS')
$frameworks = 'net8.0', 'net10.0'

function Invoke-Dotnet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE."
    }
}

# Compiled ahead of time for the platform of this machine; on another one the same files are compiled just in time.
function Get-RuntimeIdentifier {
    $architecture = [Runtime.InteropServices.RuntimeInformation]::OSArchitecture.ToString().ToLowerInvariant()
    $system = if ($IsWindows) { 'win' } elseif ($IsMacOS) { 'osx' } else { 'linux' }
    "$system-$architecture"
}

function Copy-Tree([string] $Source, [string] $Destination) {
    [void] [IO.Directory]::CreateDirectory($Destination)
    foreach ($file in [IO.Directory]::GetFiles($Source)) {
        [IO.File]::Copy($file, [IO.Path]::Combine($Destination, [IO.Path]::GetFileName($file)), $true)
    }
}

# What a build is made of, as one line: it changes with every file that is edited, added, removed or set back.
function Get-SourceStamp {
    $newest = 0L; $sum = 0L; $count = 0
    $files = foreach ($folder in 'src', 'protos', 'formats', 'docs', 'tools') {
        [IO.Directory]::EnumerateFiles([IO.Path]::Combine($root, $folder), '*', [IO.SearchOption]::AllDirectories)
    }

    foreach ($file in @($files) + [IO.Directory]::GetFiles($root)) {
        if ($file -match '[\\/](bin|obj)[\\/]') { continue }
        $ticks = [IO.File]::GetLastWriteTimeUtc($file).Ticks
        $sum = ($sum + $ticks % 1000000007 * ($count + 1)) % 1000000007
        if ($ticks -gt $newest) { $newest = $ticks }
        $count++
    }

    "$count $newest $sum $(Get-RuntimeIdentifier)"
}

function Build-Module {
    $file = [IO.Path]::Combine($root, 'artifacts', 'built')
    $stamp = Get-SourceStamp
    $manifest = [IO.Path]::Combine($artifact, 'ContainerdPS.psd1')
    if ([IO.File]::Exists($file) -and [IO.File]::Exists($manifest) -and [IO.File]::ReadAllText($file) -eq $stamp) { return }

    Invoke-Dotnet msbuild tools/Module.proj '-restore' '-maxCpuCount' '-nologo' '-verbosity:quiet' "-property:Runtime=$(Get-RuntimeIdentifier)" "-property:Artifact=$artifact"
    foreach ($framework in $frameworks) {
        $bin = [IO.Path]::Combine($artifact, 'bin', $framework)

        # An engine beside the module would be loaded in place of the shell's, and no cmdlet would be found.
        if ([IO.File]::Exists([IO.Path]::Combine($bin, 'System.Management.Automation.dll'))) {
            throw "System.Management.Automation.dll got into $bin."
        }
    }

    foreach ($name in 'ContainerdPS.psd1', 'ContainerdPS.psm1', 'LICENSE') {
        [IO.File]::Copy([IO.Path]::Combine($root, $name), [IO.Path]::Combine($artifact, $name), $true)
    }

    Copy-Tree ([IO.Path]::Combine($root, 'formats')) ([IO.Path]::Combine($artifact, 'formats'))
    Invoke-Dotnet run --project tools/HelpBuilder --configuration Release --verbosity quiet '--' docs/en-US ([IO.Path]::Combine($artifact, 'en-US'))
    [IO.File]::WriteAllText($file, $stamp)
}

# The program this script runs in, to start another of its kind.
function Get-ShellCommand {
    $process = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    if ([IO.Path]::GetFileNameWithoutExtension($process) -eq 'dotnet') {
        return @($process, [Environment]::GetCommandLineArgs()[0])
    }

    @($process)
}

function Test-EngineHost {
    @(Get-ShellCommand)[-1] -like '*EngineHost.dll'
}

# Built anew when a source of it is newer; never by itself, as its own files are then in use.
function Get-EngineHost {
    $folder = [IO.Path]::Combine($root, 'tests', 'EngineHost')
    $engine = [IO.Path]::Combine($folder, 'bin', 'Release', 'net10.0', 'EngineHost.dll')
    if (Test-EngineHost) { return $engine }

    $built = [IO.File]::GetLastWriteTimeUtc($engine)
    $newer = [IO.Directory]::EnumerateFiles($folder, '*', [IO.SearchOption]::AllDirectories) | Where-Object {
        $_ -notmatch '[\\/](bin|obj|selftest)[\\/]' -and [IO.File]::GetLastWriteTimeUtc($_) -gt $built
    } | Select-Object -First 1
    if ($newer) { Invoke-Dotnet build tests/EngineHost --configuration Release --nologo --verbosity quiet | Out-Host }

    $engine
}

# The xUnit tests of one project, or those whose name contains the filter, counted from the result file.
function Test-Project([string] $Project, [string] $Filter) {
    $results = [IO.Path]::Combine([IO.Path]::GetTempPath(), "containerdps-$([Guid]::NewGuid().ToString('n'))")
    try {
        $selection = @(if ($Filter) { '--filter', "FullyQualifiedName~$Filter" })
        & dotnet test $Project --configuration Release --nologo --verbosity quiet --logger 'trx;LogFileName=results.trx' --results-directory $results @selection | Write-Host
        $code = $LASTEXITCODE
        $file = [IO.Path]::Combine($results, 'results.trx')
        if (-not [IO.File]::Exists($file)) {
            Write-Host "FAILED: $Project gave no results (exit code $code)."
            return [pscustomobject]@{ Passed = 0; Failed = 1; Skipped = 0 }
        }

        $document = [xml] [IO.File]::ReadAllText($file)
        $counters = $document.TestRun.ResultSummary.Counters
        $skipped = [int] $counters.total - [int] $counters.executed
        foreach ($result in $document.TestRun.Results.UnitTestResult) {
            # A test that ran out of time has no stack trace, and one that is skipped for good no message.
            $detail = foreach ($name in 'Message', 'StackTrace') { $result.SelectSingleNode(".//*[local-name() = '$name']")?.InnerText }
            if ($result.outcome -eq 'NotExecuted') { Write-Host "SKIPPED: $($result.testName): $detail" }
            if ($result.outcome -eq 'Failed') { Write-Host "FAILED: $($result.testName): $($detail -join "`n")" }
        }

        $failed = [int] $counters.total - $skipped - [int] $counters.passed
        if ($code -ne 0 -and $failed -eq 0) { $failed = 1 }
        [pscustomobject]@{ Passed = [int] $counters.passed; Failed = $failed; Skipped = $skipped }
    }
    finally {
        if ([IO.Directory]::Exists($results)) { [IO.Directory]::Delete($results, $true) }
    }
}

# A test file in a process of its own.
function Start-TestFile([string] $File, [string] $Runner) {
    $shell = @(Get-ShellCommand) + @('-NoProfile', '-NonInteractive', '-File')
    $command = switch ($Runner) {
        'Pester' { $shell + @([IO.Path]::Combine($root, 'tools', 'Invoke-PesterFile.ps1'), $File) }
        'Shell' { $shell + @([IO.Path]::Combine($root, 'tools', 'Invoke-RunnerFile.ps1'), (Get-EngineHost), $File) }
        'EngineHost' { @('dotnet', (Get-EngineHost), '-Test', '-Path', $File) }
    }

    $program, $arguments = $command
    $start = [Diagnostics.ProcessStartInfo]::new($program)
    foreach ($argument in $arguments) { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $process = [Diagnostics.Process]::Start($start)
    [pscustomobject]@{ File = $File; Process = $process; Output = $process.StandardOutput.ReadToEndAsync(); Error = $process.StandardError.ReadToEndAsync() }
}

# What a test file's process wrote, and its counts.
function Complete-TestFile([object] $Run) {
    $Run.Process.WaitForExit()
    $counts = $null
    foreach ($line in ($Run.Output.Result + $Run.Error.Result) -split "`n") {
        if ($line.Trim() -match '^(\d+) passed, (\d+) failed, (\d+) skipped$') {
            $counts = [pscustomobject]@{ Passed = [int] $Matches[1]; Failed = [int] $Matches[2]; Skipped = [int] $Matches[3] }
        }
        elseif ($line.Trim()) {
            Write-Host $line
        }
    }

    $code = $Run.Process.ExitCode
    $Run.Process.Dispose()
    if ($null -eq $counts) {
        Write-Host "FAILED: $($Run.File) gave no count (exit code $code)."
        return [pscustomobject]@{ Passed = 0; Failed = 1; Skipped = 0 }
    }

    if ($code -ne 0 -and $counts.Failed -eq 0) { $counts.Failed = 1 }
    $counts
}

# As many at once as there are processors: each has a daemon of its own. What one writes is shown when it has ended.
function Test-File([string[]] $Files, [string] $Runner) {
    $waiting = [Collections.Generic.Queue[string]]::new($Files)
    $running = [Collections.Generic.List[object]]::new()
    while ($waiting.Count -gt 0 -or $running.Count -gt 0) {
        while ($waiting.Count -gt 0 -and $running.Count -lt [Environment]::ProcessorCount) {
            $running.Add((Start-TestFile $waiting.Dequeue() $Runner))
        }

        $outputs = [Threading.Tasks.Task[]] @($running | ForEach-Object { $_.Output })
        $ended = $running[[Threading.Tasks.Task]::WaitAny($outputs)]
        [void] $running.Remove($ended)
        Complete-TestFile $ended
    }
}

# Under Pester 5 where this shell has it; else under the runner of tests/EngineHost: in this shell where its engine is
# no older than the one the runner was built for, and in the engine host otherwise.
function Get-TestRunner {
    if (Test-EngineHost) {
        $runner, $where = 'EngineHost', 'the runner of tests/EngineHost'
    }
    elseif (Get-Module -ListAvailable -Name Pester | Where-Object { $_.Version.Major -eq 5 }) {
        $runner, $where = 'Pester', "Pester 5 in pwsh $($PSVersionTable.PSVersion)"
    }
    else {
        $engine = [Reflection.AssemblyName]::GetAssemblyName([IO.Path]::Combine([IO.Path]::GetDirectoryName((Get-EngineHost)), 'System.Management.Automation.dll'))
        if ([psobject].Assembly.GetName().Version -ge $engine.Version) {
            $runner, $where = 'Shell', "the runner of tests/EngineHost in pwsh $($PSVersionTable.PSVersion)"
        }
        else {
            $runner, $where = 'EngineHost', "the runner of tests/EngineHost, as this pwsh has no Pester 5 and is older than $($engine.Version)"
        }
    }

    Write-Host "Test files run under $where."
    $runner
}

# The files of a folder in order, or those with the given text in their names; none is an error.
function Get-NamedFile([string] $Folder, [string] $Kind, [string] $Name) {
    $files = @([IO.Directory]::GetFiles([IO.Path]::Combine($root, $Folder), "*.$Kind.ps1") | Sort-Object | Where-Object {
            -not $Name -or [IO.Path]::GetFileName($_).Contains($Name, [StringComparison]::OrdinalIgnoreCase)
        })
    if ($files.Count -eq 0) { throw "No *.$Kind.ps1 in $Folder has '$Name' in its name." }
    $files
}

# Which daemon the test files will have.
function Show-TestDaemon {
    $command = @(Get-ShellCommand) + @('-NoProfile', '-File', [IO.Path]::Combine($root, 'tests', 'Daemons', 'Show-Daemon.ps1'))
    $program, $arguments = $command
    & $program @arguments | Out-Host
}

function Add-Count([object[]] $Counts) {
    $sum = [pscustomobject]@{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($item in $Counts) { $sum.Passed += $item.Passed; $sum.Failed += $item.Failed; $sum.Skipped += $item.Skipped }
    $sum
}

function Test-Module([string] $Name) {
    $env:CONTAINERDPS_MODULE = $artifact
    $all = @()
    if (-not $Name) {
        foreach ($project in 'tests/ContainerdPS.Tests', 'tests/HelpBuilder.Tests') { $all += Test-Project $project }
    }

    $runner = Get-TestRunner
    Show-TestDaemon
    $all += @(Test-File @(Get-NamedFile 'tests/Pester' 'Tests' $Name) $runner)
    if (-not $Name) {
        # They are about the engine host, and hold for Pester; a shell that only borrows the runner has nothing to tell of them.
        $all += @(Test-File @(Get-NamedFile 'tests/EngineHost/selftest' 'Tests') $(if ($runner -eq 'Shell') { 'EngineHost' } else { $runner }))
    }

    $sum = Add-Count $all
    Write-Host "$($sum.Passed) passed, $($sum.Failed) failed, $($sum.Skipped) skipped"
    if ($sum.Failed -gt 0 -or $sum.Passed -eq 0) { exit 1 }
}

# Each benchmark in a process of its own, so that none runs in what another has warmed.
function Measure-Module([string] $Name) {
    $env:CONTAINERDPS_MODULE = $artifact
    foreach ($file in @(Get-NamedFile 'benchmarks' 'Bench' $Name)) {
        $program, $arguments = @(Get-ShellCommand) + @('-NoProfile', '-File', $file)
        & $program @arguments
        if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    }
}

function Show-Demo {
    $command = @(Get-ShellCommand) + @('-NoProfile', '-File', [IO.Path]::Combine($root, 'tools', 'Demo.ps1'), $artifact)
    $program, $arguments = $command
    & $program @arguments
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Enter-ModuleShell {
    $program = @(Get-ShellCommand)[0]
    $arguments = @(Get-ShellCommand | Select-Object -Skip 1)
    $manifest = [IO.Path]::Combine($artifact, 'ContainerdPS.psd1')
    if (Test-EngineHost) {
        Write-Host "Type: Import-Module $manifest"
        & $program @arguments
    }
    else {
        & $program @arguments -NoProfile -NoExit -Command "Import-Module '$manifest'"
    }
}

function Clear-Output {
    foreach ($folder in [IO.Directory]::GetDirectories($root, '*', [IO.SearchOption]::AllDirectories)) {
        if ([IO.Path]::GetFileName($folder) -in 'bin', 'obj' -and [IO.Directory]::Exists($folder) -and -not $folder.Contains("$([IO.Path]::DirectorySeparatorChar).git$([IO.Path]::DirectorySeparatorChar)")) {
            [IO.Directory]::Delete($folder, $true)
        }
    }

    if ([IO.Directory]::Exists([IO.Path]::Combine($root, 'artifacts'))) {
        [IO.Directory]::Delete([IO.Path]::Combine($root, 'artifacts'), $true)
    }
}
