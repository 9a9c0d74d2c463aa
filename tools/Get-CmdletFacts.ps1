<#
.SYNOPSIS
Writes what the engine knows of a module's cmdlets as JSON, for tools/HelpBuilder.

.DESCRIPTION
Needs nothing but Get-Command and ConvertTo-Json, so that it also runs in an engine without PowerShell's own modules.
The module must be imported. The common parameters are left out; WhatIf and Confirm are not, since a cmdlet chooses to
have them.

.PARAMETER Module
Name of the imported module.

.PARAMETER Path
File to write. Without it the JSON goes to the pipeline.
#>
param(
    [string] $Module = 'ContainerdPS',
    [string] $Path
)

$ErrorActionPreference = 'Stop'

$common = 'Verbose', 'Debug', 'ErrorAction', 'WarningAction', 'InformationAction', 'ProgressAction', 'ErrorVariable',
    'WarningVariable', 'InformationVariable', 'OutVariable', 'OutBuffer', 'PipelineVariable'

$commands = @(Get-Command -Module $Module -CommandType Cmdlet)
if ($commands.Count -eq 0) {
    throw "The module '$Module' is not imported or has no cmdlet. Import it first."
}

$cmdlets = foreach ($command in $commands) {
    $sets = foreach ($set in $command.ParameterSets) {
        $parameters = foreach ($parameter in $set.Parameters) {
            if ($common -contains $parameter.Name) { continue }

            # What a set has only for the engine to bind is not shown.
            if (@($parameter.Attributes | Where-Object {
                        $_ -is [System.Management.Automation.ParameterAttribute] -and $_.DontShow -and $_.ParameterSetName -eq $set.Name
                    }).Count -gt 0) { continue }

            $values = @()
            $wildcards = $false
            foreach ($attribute in $parameter.Attributes) {
                if ($attribute -is [System.Management.Automation.ValidateSetAttribute]) { $values = @($attribute.ValidValues) }
                if ($attribute -is [System.Management.Automation.SupportsWildcardsAttribute]) { $wildcards = $true }
            }

            $type = $parameter.ParameterType
            if ($type.IsArray) { $type = $type.GetElementType() }
            $underlying = [System.Nullable]::GetUnderlyingType($type)
            if ($underlying) { $type = $underlying }
            if ($type.IsEnum -and $values.Count -eq 0) { $values = @([System.Enum]::GetNames($type)) }

            # Position is Int32.MinValue for a named parameter.
            $position = $null
            if ($parameter.Position -ge 0) { $position = $parameter.Position }

            [ordered]@{
                name = $parameter.Name
                type = $parameter.ParameterType.ToString()
                aliases = @($parameter.Aliases)
                acceptedValues = $values
                mandatory = $parameter.IsMandatory
                position = $position
                byValue = $parameter.ValueFromPipeline
                byPropertyName = $parameter.ValueFromPipelineByPropertyName
                wildcards = $wildcards
            }
        }

        [ordered]@{
            name = $set.Name
            isDefault = $set.IsDefault
            parameters = @($parameters)
        }
    }

    $outputs = foreach ($output in $command.OutputType) { $output.Name }

    [ordered]@{
        name = $command.Name
        # Once its help was shown the property holds the path of the file that was found.
        helpFile = [System.IO.Path]::GetFileName($command.HelpFile)
        outputTypes = @($outputs)
        parameterSets = @($sets)
    }
}

$facts = [ordered]@{ module = $Module; cmdlets = @($cmdlets) }
$json = ConvertTo-Json -InputObject $facts -Depth 8
if ($Path) {
    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    [System.IO.File]::WriteAllText($full, $json + "`n")
}
else {
    $json
}
