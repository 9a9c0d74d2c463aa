# Loads the module's assembly in a load context of its own, so that its libraries and the session's do not meet.
$framework = if ([Environment]::Version.Major -ge 10) { 'net10.0' } else { 'net8.0' }
$folder = [IO.Path]::Combine($PSScriptRoot, 'bin', $framework)
if (-not ('ContainerdPS.Loader.ModuleLoadContext' -as [type])) {
    Add-Type -Path ([IO.Path]::Combine($folder, 'ContainerdPS.Loader.dll'))
}

$assembly = [ContainerdPS.Loader.ModuleLoadContext]::LoadModule([IO.Path]::Combine($folder, 'ContainerdPS.dll'))
Import-Module -Assembly $assembly
