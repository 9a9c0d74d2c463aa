using System.Management.Automation;

namespace HelpBuilder.Tests;

/// <summary>What Sample/Get-Sample.md is about. It exists to be documented.</summary>
[Cmdlet(VerbsCommon.Get, "Sample", DefaultParameterSetName = "ById", SupportsShouldProcess = true)]
[OutputType(typeof(SampleItem))]
public sealed class GetSampleCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "ById", Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    public string[] Id { get; set; } = [];

    [Parameter(ParameterSetName = "ByObject", Position = 0, Mandatory = true, ValueFromPipeline = true)]
    public SampleItem[] InputObject { get; set; } = [];

    [Parameter(ParameterSetName = "ById")]
    [Parameter(ParameterSetName = "ByObject", Mandatory = true)]
    public SampleColour? Colour { get; set; }

    [Parameter]
    [ValidateSet("fast", "slow")]
    public string Speed { get; set; } = "fast";

    [Parameter]
    public long? Size { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }
}

/// <summary>What Get-Sample would give.</summary>
public sealed record SampleItem(string Id);

/// <summary>An enumeration, for the accepted values.</summary>
public enum SampleColour
{
    /// <summary>One.</summary>
    Red,

    /// <summary>Another.</summary>
    Green,
}
