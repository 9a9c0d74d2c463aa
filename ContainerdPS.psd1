@{
    RootModule           = 'ContainerdPS.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '6e0f3b0a-6c0e-4a59-9f3c-5f1f0a4c9b57'
    Author               = 'The ContainerdPS authors'
    CompanyName          = 'The ContainerdPS authors'
    Copyright            = '(c) The ContainerdPS authors. MIT license.'
    Description          = 'The PowerShell module for containerd: containers, tasks and images as objects, over the daemon''s own gRPC API.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    RequiredAssemblies   = @('bin/ContainerdPS.Loader.dll')
    FormatsToProcess     = @('formats/Session.Format.ps1xml', 'formats/Container.Format.ps1xml', 'formats/Image.Format.ps1xml', 'formats/Task.Format.ps1xml', 'formats/Content.Format.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'Add-ContainerImageTag'
        'Connect-Containerd'
        'Disconnect-Containerd'
        'Export-ContainerImage'
        'Export-ContainerdContent'
        'Get-Container'
        'Get-ContainerExtension'
        'Get-ContainerImage'
        'Get-ContainerImageHistory'
        'Get-ContainerLabel'
        'Get-ContainerProcess'
        'Get-ContainerSpec'
        'Get-ContainerTask'
        'Get-ContainerdContent'
        'Get-ContainerdInfo'
        'Get-ContainerdIngest'
        'Get-ContainerdSession'
        'Import-ContainerImage'
        'Import-ContainerdContent'
        'Invoke-Container'
        'Invoke-ContainerCommand'
        'Measure-ContainerTask'
        'New-Container'
        'New-ContainerTask'
        'Remove-Container'
        'Remove-ContainerExtension'
        'Remove-ContainerImage'
        'Remove-ContainerLabel'
        'Remove-ContainerProcess'
        'Remove-ContainerTask'
        'Remove-ContainerdContent'
        'Remove-ContainerdIngest'
        'Restart-ContainerTask'
        'Resume-ContainerTask'
        'Send-ContainerSignal'
        'Set-Container'
        'Set-ContainerExtension'
        'Set-ContainerImage'
        'Set-ContainerLabel'
        'Set-ContainerSpec'
        'Set-ContainerTask'
        'Set-ContainerdContent'
        'Start-ContainerProcess'
        'Start-ContainerTask'
        'Start-ContainerdDaemon'
        'Stop-ContainerProcess'
        'Stop-ContainerTask'
        'Stop-ContainerdDaemon'
        'Suspend-ContainerTask'
        'Test-Containerd'
        'Use-ContainerdSession'
        'Wait-ContainerProcess'
        'Wait-ContainerTask'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('containerd', 'container', 'oci', 'runc', 'grpc', 'Linux', 'PSEdition_Core')
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'The first way through: sessions, containers, images, one run, private daemons.'
        }
    }
}
