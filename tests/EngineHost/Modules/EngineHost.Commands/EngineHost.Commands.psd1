@{
    ModuleVersion     = '1.0.0'
    GUID              = '4f0a3c52-6a3f-4f0e-9d55-0f6f2f2f7c11'
    Author            = 'The ContainerdPS authors'
    Description       = 'The everyday commands that the engine package alone lacks.'
    RootModule        = '../../EngineHost.dll'
    CmdletsToExport   = @('Write-Host')
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport   = @()
}
