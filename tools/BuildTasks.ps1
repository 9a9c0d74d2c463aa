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

function Build-Module {
    $runtime = Get-RuntimeIdentifier
    foreach ($framework in $frameworks) {
        $bin = [IO.Path]::Combine($artifact, 'bin', $framework)
        foreach ($project in 'ContainerdPS', 'ContainerdPS.Loader') {
            Invoke-Dotnet publish "src/$project/$project.csproj" --configuration Release --framework $framework --runtime $runtime --no-self-contained --output $bin --nologo --verbosity quiet
        }

        # An engine beside the module would be loaded in place of the shell's, and no cmdlet would be found.
        if ([IO.File]::Exists([IO.Path]::Combine($bin, 'System.Management.Automation.dll'))) {
            throw "System.Management.Automation.dll got into $bin."
        }
    }

    foreach ($file in 'ContainerdPS.psd1', 'ContainerdPS.psm1', 'LICENSE') {
        [IO.File]::Copy([IO.Path]::Combine($root, $file), [IO.Path]::Combine($artifact, $file), $true)
    }

    Copy-Tree ([IO.Path]::Combine($root, 'formats')) ([IO.Path]::Combine($artifact, 'formats'))
    Invoke-Dotnet run --project tools/HelpBuilder --configuration Release --verbosity quiet '--' docs/en-US ([IO.Path]::Combine($artifact, 'en-US'))
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
