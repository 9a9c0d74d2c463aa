using System.Collections;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace EngineHost.Runner.Assertions;

/// <summary>The comparisons behind Should, in terms of PowerShell's own operators.</summary>
internal static class Comparison
{
    /// <summary>Element by element, each as <c>expected -eq actual</c>; null, nothing and an array of one null are the same.</summary>
    public static bool AreEqual(object? actual, object? expected, bool caseSensitive)
    {
        var (left, right) = (Array(actual), Array(expected));
        if (IsNothing(left) || IsNothing(right))
        {
            return IsNothing(left) && IsNothing(right);
        }

        if (left.Length != right.Length)
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            var (a, e) = (Base(left[i]), Base(right[i]));
            var same = a is System.Array || e is System.Array ? AreEqual(a, e, caseSensitive) : LanguagePrimitives.Equals(e, a, !caseSensitive);
            if (!same)
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsNullOrEmpty(object? actual)
    {
        if (actual is not object?[] { Length: > 0 } values)
        {
            return true;
        }

        return values.Length == 1 && Base(values[0]) switch
        {
            null => true,
            Hashtable table => table.Count == 0,
            var value => string.IsNullOrEmpty(LanguagePrimitives.ConvertTo<string>(value)),
        };
    }

    public static bool IsOfType(object? actual, object? expected) =>
        (expected is string name ? Named(name) : LanguagePrimitives.ConvertTo<Type>(expected)) is { } type
        && (type.IsInstanceOfType(Base(actual)) || (actual is PSObject && type == typeof(PSObject)));

    public static bool IsLike(object? actual, object? pattern, WildcardOptions options) =>
        WildcardPattern.Get(Text(pattern), options).IsMatch(Text(actual));

    public static bool IsMatch(object? actual, object? pattern, bool caseSensitive) =>
        Regex.IsMatch(Text(actual), Text(pattern), caseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase);

    public static int Order(object? actual, object? expected) => LanguagePrimitives.Compare(actual, expected, ignoreCase: true);

    public static bool Contains(object? collection, object? value) =>
        (LanguagePrimitives.GetEnumerable(collection)?.Cast<object?>() ?? [collection]).Any(item => LanguagePrimitives.Equals(item, value, ignoreCase: true));

    public static int Count(object? expected)
    {
        var count = LanguagePrimitives.ConvertTo<int>(expected);
        return count >= 0 ? count : throw new PSArgumentException("A count cannot be negative.");
    }

    public static object? Base(object? value) => value is PSObject o ? o.BaseObject : value;

    private static object?[] Array(object? value) => value is null ? [] : LanguagePrimitives.ConvertTo<object?[]>(value);

    private static bool IsNothing(object?[] values) => values.Length == 0 || (values.Length == 1 && values[0] is null);

    private static string Text(object? value) => LanguagePrimitives.ConvertTo<string>(value) ?? "";

    private static Type Named(string name)
    {
        var bare = name.StartsWith('[') && name.EndsWith(']') ? name[1..^1] : name;
        return LanguagePrimitives.TryConvertTo<Type>(bare, out var type)
            ? type
            : throw new PSArgumentException($"There is no type [{bare}]; is its assembly loaded?");
    }
}
