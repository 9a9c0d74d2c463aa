using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EngineHost.Commands;

/// <summary>Writes objects as JSON.</summary>
[Cmdlet(VerbsData.ConvertTo, "Json")]
[OutputType(typeof(string))]
public sealed class ConvertToJsonCommand : PSCmdlet
{
    private readonly List<object?> _items = [];
    private bool _truncated;

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), AllowNull]
    public object? InputObject { get; set; }

    [Parameter, ValidateRange(0, 100)]
    public int Depth { get; set; } = 2;

    [Parameter]
    public SwitchParameter Compress { get; set; }

    [Parameter]
    public SwitchParameter AsArray { get; set; }

    [Parameter]
    public SwitchParameter EnumsAsStrings { get; set; }

    protected override void ProcessRecord() => _items.Add(InputObject);

    protected override void EndProcessing()
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = !Compress, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(stream, options))
        {
            Write(json, _items.Count == 1 && !AsArray ? _items[0] : _items, 0);
        }

        if (_truncated)
        {
            WriteWarning($"Resulting JSON is truncated as serialization has exceeded the set depth of {Depth}.");
        }

        WriteObject(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    private void Write(Utf8JsonWriter json, object? input, int depth)
    {
        var value = input is PSObject o ? o.BaseObject : input;
        switch (value)
        {
            case null or DBNull: json.WriteNullValue(); break;
            case string or char or Guid or Uri or Version or BigInteger or Type: WriteText(json, value); break;
            case bool b: json.WriteBooleanValue(b); break;
            case DateTime t: json.WriteStringValue(t); break;
            case DateTimeOffset t: json.WriteStringValue(t); break;
            case Enum e when EnumsAsStrings: json.WriteStringValue(e.ToString()); break;
            case Enum e: json.WriteRawValue(e.ToString("d")); break;
            case double or float when !double.IsFinite(Convert.ToDouble(value, CultureInfo.InvariantCulture)):
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
            case double d: json.WriteRawValue(d == Math.Floor(d) && Math.Abs(d) < 1e15 ? d.ToString("F1", CultureInfo.InvariantCulture) : d.ToString("R", CultureInfo.InvariantCulture)); break;
            case float or decimal or sbyte or byte or short or ushort or int or uint or long or ulong:
                json.WriteRawValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            default: WriteComposite(json, input!, value, depth); break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, object value)
    {
        if (value is BigInteger number)
        {
            json.WriteRawValue(number.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteStringValue(value is Uri uri ? uri.OriginalString : value.ToString());
        }
    }

    private void WriteComposite(Utf8JsonWriter json, object input, object value, int depth)
    {
        if (depth > Depth)
        {
            _truncated = true;
            json.WriteStringValue(LanguagePrimitives.ConvertTo<string>(input));
            return;
        }

        if (value is IDictionary table)
        {
            json.WriteStartObject();
            foreach (DictionaryEntry entry in table)
            {
                json.WritePropertyName(entry.Key.ToString()!);
                Write(json, entry.Value, depth + 1);
            }

            json.WriteEndObject();
            return;
        }

        if (value is IEnumerable many)
        {
            json.WriteStartArray();
            foreach (var item in many)
            {
                Write(json, item, depth + 1);
            }

            json.WriteEndArray();
            return;
        }

        json.WriteStartObject();
        foreach (var property in PSObject.AsPSObject(input).Properties.Where(p => p.IsGettable))
        {
            json.WritePropertyName(property.Name);
            Write(json, Read(property), depth + 1);
        }

        json.WriteEndObject();
    }

    private static object? Read(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}

/// <summary>Reads objects from JSON.</summary>
[Cmdlet(VerbsData.ConvertFrom, "Json")]
public sealed class ConvertFromJsonCommand : PSCmdlet
{
    private readonly StringBuilder _text = new();

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), AllowEmptyString]
    public string InputObject { get; set; } = "";

    [Parameter]
    public SwitchParameter AsHashtable { get; set; }

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    [Parameter, ValidateRange(1, 1024)]
    public int Depth { get; set; } = 1024;

    protected override void ProcessRecord() => _text.AppendLine(InputObject);

    protected override void EndProcessing()
    {
        if (string.IsNullOrWhiteSpace(_text.ToString()))
        {
            return;
        }

        try
        {
            var options = new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = Depth };
            using var document = JsonDocument.Parse(_text.ToString(), options);
            WriteObject(Read(document.RootElement), !NoEnumerate);
        }
        catch (JsonException e)
        {
            var wrong = new ArgumentException("Conversion from JSON failed with error: " + e.Message, e);
            ThrowTerminatingError(new ErrorRecord(wrong, "InvalidJson", ErrorCategory.InvalidData, InputObject));
        }
    }

    private object? Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return AsHashtable ? ReadTable(element) : ReadObject(element);
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Read).ToArray();
            case JsonValueKind.String:
                return ReadString(element.GetString()!);
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? whole
                    : BigInteger.TryParse(element.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big) ? big
                    : element.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }

    private OrderedHashtable ReadTable(JsonElement element)
    {
        var table = new OrderedHashtable();
        foreach (var member in element.EnumerateObject())
        {
            table[member.Name] = Read(member.Value);
        }

        return table;
    }

    private PSObject ReadObject(JsonElement element)
    {
        var result = new PSObject();
        foreach (var member in element.EnumerateObject())
        {
            result.Properties.Add(new PSNoteProperty(member.Name, Read(member.Value)));
        }

        return result;
    }

    // pwsh turns whatever looks like an ISO 8601 time into a DateTime.
    private static object ReadString(string text) =>
        text.Length >= 19 && text[4] == '-' && text[10] == 'T'
        && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) ? time : text;
}
