namespace ContainerdPS.Registry;

/// <summary>What a host asks for before it serves: one entry of its WWW-Authenticate headers.</summary>
/// <param name="Scheme">In small letters, such as <c>bearer</c>.</param>
/// <param name="Parameters">By their names in small letters.</param>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public const string Basic = "basic";
    public const string Bearer = "bearer";

    public string? this[string parameter] => Parameters.GetValueOrDefault(parameter);

    /// <summary>Reads a header, which may hold several challenges. What is not understood is passed over.</summary>
    public static IReadOnlyList<Challenge> Parse(string header)
    {
        var challenges = new List<Challenge>();
        int at = 0;
        string? scheme = null;
        Dictionary<string, string> parameters = [];
        while (at < header.Length)
        {
            SkipSeparators(header, ref at);
            string word = Token(header, ref at);
            if (word.Length == 0)
            {
                // Neither a name nor a space: nothing that can follow makes sense.
                break;
            }

            int mark = at;
            SkipSpace(header, ref mark);
            if (mark < header.Length && header[mark] == '=' && scheme is not null && !IsToken68(header, mark))
            {
                at = mark + 1;
                SkipSpace(header, ref at);
                parameters[word.ToLowerInvariant()] = at < header.Length && header[at] == '"' ? Quoted(header, ref at) : Token(header, ref at);
                continue;
            }

            Finish();
            scheme = word.ToLowerInvariant();
        }

        Finish();
        return challenges;

        void Finish()
        {
            if (scheme is not null)
            {
                challenges.Add(new Challenge(scheme, parameters));
                parameters = [];
            }
        }
    }

    /// <summary>The padding of an opaque value, as Negotiate has it, is no parameter's value.</summary>
    private static bool IsToken68(string text, int equals)
    {
        int end = equals;
        while (end < text.Length && text[end] == '=')
        {
            end++;
        }

        return end == text.Length || text[end] is ',' or ' ' && end > equals + 1;
    }

    private static void SkipSpace(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }
    }

    private static void SkipSeparators(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or ',' or '=')
        {
            at++;
        }
    }

    private static string Token(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || "!#$%&'*+-.^_`|~/:?@[]{}()<>;".Contains(text[at], StringComparison.Ordinal)))
        {
            at++;
        }

        return text[start..at];
    }

    private static string Quoted(string text, ref int at)
    {
        var value = new System.Text.StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            value.Append(text[at]);
        }

        at++;
        return value.ToString();
    }
}
