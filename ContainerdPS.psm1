# Loads the module's assembly in a load context of its own, so that its libraries and the session's do not meet. The
# manifest has loaded the loader. One expression on purpose: the importing shell compiles each at every start.
Import-Module -Assembly ([ContainerdPS.Loader.ModuleLoadContext]::LoadModule("$PSScriptRoot/bin"))
