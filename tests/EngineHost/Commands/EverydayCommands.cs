using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Security.Cryptography;

namespace EngineHost.Commands;

/// <summary>A random number, or some of the given objects in random order.</summary>
[Cmdlet(VerbsCommon.Get, "Random", DefaultParameterSetName = "Number")]
public sealed class GetRandomCommand : PSCmdlet
{
    private readonly List<object> _items = [];

    [Parameter(Position = 0, ParameterSetName = "Number")]
    public long Maximum { get; set; } = int.MaxValue;

    [Parameter(ParameterSetName = "Number")]
    public long Minimum { get; set; }

    [Parameter(Mandatory = true, ValueFromPipeline = true, Position = 0, ParameterSetName = "List")]
    public object[] InputObject { get; set; } = [];

    [Parameter]
    public int Count { get; set; } = 1;

    protected override void ProcessRecord() => _items.AddRange(InputObject);

    protected override void EndProcessing()
    {
        if (ParameterSetName == "List")
        {
            var items = _items.ToArray();
            Random.Shared.Shuffle(items);
            WriteObject(items.Take(Count), enumerateCollection: true);
            return;
        }

        for (var i = 0; i < Count; i++)
        {
            var number = Random.Shared.NextInt64(Minimum, Maximum);
            WriteObject(number is >= int.MinValue and <= int.MaxValue ? (int)number : number);
        }
    }
}

/// <summary>A new GUID.</summary>
[Cmdlet(VerbsCommon.New, "Guid")]
public sealed class NewGuidCommand : PSCmdlet
{
    protected override void ProcessRecord() => WriteObject(Guid.NewGuid());
}

/// <summary>A new empty file in the folder for temporary ones.</summary>
[Cmdlet(VerbsCommon.New, "TemporaryFile")]
public sealed class NewTemporaryFileCommand : PSCmdlet
{
    protected override void ProcessRecord() => WriteObject(new FileInfo(Path.GetTempFileName()));
}

/// <summary>Runs a text as a script.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Expression")]
public sealed class InvokeExpressionCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    public string Command { get; set; } = "";

    protected override void ProcessRecord() =>
        WriteObject(InvokeCommand.InvokeScript(useLocalScope: false, InvokeCommand.NewScriptBlock(Command), null), enumerateCollection: true);
}

/// <summary>The hash of a file's content.</summary>
[Cmdlet(VerbsCommon.Get, "FileHash", DefaultParameterSetName = "Path")]
public sealed class GetFileHashCommand : PathCommand
{
    [Parameter, ValidateSet("SHA1", "SHA256", "SHA384", "SHA512", "MD5")]
    public string Algorithm { get; set; } = "SHA256";

    private protected override void Process(string path)
    {
        foreach (var file in Files(path))
        {
            using var stream = File.OpenRead(file);
            var result = new PSObject();
            result.Properties.Add(new PSNoteProperty("Algorithm", Algorithm));
            result.Properties.Add(new PSNoteProperty("Hash", Convert.ToHexString(CryptographicOperations.HashData(new HashAlgorithmName(Algorithm), stream))));
            result.Properties.Add(new PSNoteProperty("Path", file));
            result.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.FileHashInfo");
            WriteObject(result);
        }
    }
}

/// <summary>The hashtable in a data file, without running anything in it.</summary>
[Cmdlet(VerbsData.Import, "PowerShellDataFile", DefaultParameterSetName = "Path")]
[OutputType(typeof(Hashtable))]
public sealed class ImportPowerShellDataFileCommand : PathCommand
{
    private protected override void Process(string path)
    {
        foreach (var file in Files(path))
        {
            var tree = Parser.ParseFile(file, out _, out var errors);
            if (errors.Length > 0 || tree.Find(a => a is HashtableAst, searchNestedScriptBlocks: false) is not HashtableAst table)
            {
                throw new PSInvalidOperationException($"The file '{file}' is not a data file: {errors.FirstOrDefault()?.Message ?? "it has no hashtable."}");
            }

            WriteObject(table.SafeGetValue());
        }
    }
}

/// <summary>Loads files of views or types into the session, by way of a module that consists of them.</summary>
public abstract class UpdateDataCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("PSPath", "Path")]
    public string[] AppendPath { get; set; } = [];

    [Parameter]
    public string[] PrependPath { get; set; } = [];

    private protected abstract string ManifestKey { get; }

    protected override void ProcessRecord()
    {
        foreach (var path in PrependPath.Concat(AppendPath).SelectMany(p => GetResolvedProviderPathFromPSPath(p, out _)))
        {
            var manifest = Path.Combine(Path.GetTempPath(), $"EngineHost-{Guid.NewGuid():N}.psd1");
            try
            {
                File.WriteAllText(manifest, $"@{{ ModuleVersion = '1.0'; {ManifestKey} = '{path.Replace("'", "''", StringComparison.Ordinal)}' }}");
                _ = InvokeCommand.InvokeScript("param($manifest) Import-Module $manifest -Global", manifest);
            }
            finally
            {
                File.Delete(manifest);
            }
        }
    }
}

/// <summary>Loads Format.ps1xml files.</summary>
[Cmdlet(VerbsData.Update, "FormatData")]
public sealed class UpdateFormatDataCommand : UpdateDataCommand
{
    private protected override string ManifestKey => "FormatsToProcess";
}

/// <summary>Loads Types.ps1xml files.</summary>
[Cmdlet(VerbsData.Update, "TypeData")]
public sealed class UpdateTypeDataCommand : UpdateDataCommand
{
    private protected override string ManifestKey => "TypesToProcess";
}
