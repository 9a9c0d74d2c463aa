using System.Text.RegularExpressions;

namespace HelpBuilder.Facts;

/// <summary>Shortens type names from .NET's writing to the one the pages use.</summary>
internal static partial class TypeName
{
    /// <summary>
    /// <c>System.String[]</c> becomes <c>String[]</c>, <c>System.Nullable`1[System.Int64]</c> becomes <c>Int64</c>,
    /// <c>System.Collections.Generic.List`1[System.String]</c> becomes <c>List[String]</c>.
    /// </summary>
    public static string Short(string fullName)
    {
        var name = Arity().Replace(fullName, "");
        name = Namespace().Replace(name, "");
        var nullable = Nullable().Match(name);
        return nullable.Success ? nullable.Groups[1].Value + nullable.Groups[2].Value : name;
    }

    [GeneratedRegex(@"`\d+")]
    private static partial Regex Arity();

    [GeneratedRegex(@"(?:\w+[.+])+(?=\w)")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^Nullable\[(.+?)\]((?:\[\])*)$")]
    private static partial Regex Nullable();
}
