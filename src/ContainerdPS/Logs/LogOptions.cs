using System.Text;

namespace ContainerdPS.Logs;

/// <summary>What is wanted of a log.</summary>
internal sealed record LogOptions
{
    public Encoding Encoding { get; init; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Only so many of the last lines; null for all.</summary>
    public int? Tail { get; init; }

    /// <summary>Only what was written since then.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether the times that lines of plain text begin with are wanted.</summary>
    public bool ReadTimes { get; init; }
}
