# The tests on the releases of containerd that tests/Daemons prepares.

# Prepares one; gives the folder with its programs, or why there is none.
function Initialize-Release([string] $Release) {
    $last = ''
    & bash ([IO.Path]::Combine($root, 'tests', 'Daemons', 'prepare.sh')) $Release | ForEach-Object {
        if ($last) { Write-Host $last }
        $last = "$_"
    }

    [pscustomobject]@{ Prepared = $LASTEXITCODE -eq 0; Result = $last }
}

function Get-OwnVersion {
    if (Get-Command containerd -CommandType Application -ErrorAction SilentlyContinue) { (& containerd --version).Split(' ')[2].TrimStart('v') }
}

# A test that cannot be run counts as skipped, once however many cases it has.
function Get-TestCount([string] $File) {
    [regex]::Matches([IO.File]::ReadAllText($File), '(?m)^\s*It\s').Count
}

function Test-Release([string] $Release, [string[]] $Files, [string] $Filter, [string] $Runner) {
    $preparation = Initialize-Release $Release
    if (-not $preparation.Prepared) {
        $tests = 0
        foreach ($file in $Files) { $tests += Get-TestCount $file }
        Write-Host "SKIPPED: $tests tests on containerd ${Release}: $($preparation.Result)"
        return [pscustomobject]@{ Passed = 0; Failed = 0; Skipped = $tests }
    }

    # The programs of the release come first on the PATH, where the module and the tests look for them.
    $path = $env:PATH
    try {
        $env:PATH = "$($preparation.Result):$path"
        $env:CONTAINERDPS_TEST_RELEASE = $Release
        Show-TestDaemon
        if ($Filter) { Test-Project 'tests/ContainerdPS.Tests' $Filter }
        Test-File $Files $Runner
    }
    finally {
        $env:PATH = $path
        $env:CONTAINERDPS_TEST_RELEASE = $null
    }
}

function Test-Releases([string] $Name) {
    $env:CONTAINERDPS_MODULE = $artifact
    $files = @(Get-NamedFile 'tests/Pester' 'Tests' $Name)
    $runner = Get-TestRunner
    $own = Get-OwnVersion
    $wanted = if ($env:CONTAINERDPS_RELEASES) { $env:CONTAINERDPS_RELEASES } else { '1.6 1.7 2' }
    $all = foreach ($release in $wanted.Split(' ')) {
        if (-not $env:CONTAINERDPS_RELEASES -and "$own".StartsWith("$release.")) {
            Write-Host "containerd $release is this machine's own ($own): Test runs on it."
            continue
        }

        # Taking everything away after a daemon is told apart by release too.
        $filter = if (-not $Name) { '.PrivateDaemonTests.' } else { '' }
        $counts = @(Test-Release $release $files $filter $runner)
        $sum = Add-Count $counts
        Write-Host "On containerd ${release}: $($sum.Passed) passed, $($sum.Failed) failed, $($sum.Skipped) skipped."
        $counts
    }

    $sum = Add-Count $all
    Write-Host "$($sum.Passed) passed, $($sum.Failed) failed, $($sum.Skipped) skipped"
    if ($sum.Failed -gt 0 -or $sum.Passed + $sum.Skipped -eq 0) { exit 1 }
}
