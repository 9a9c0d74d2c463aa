using System.Management.Automation;

namespace EngineHost.Runner.Assertions;

/// <summary>Should: one parameter set an operator, so that an unknown operator or a parameter of another one is an error.</summary>
[Cmdlet("Assert", "Value")]
public sealed class AssertValueCommand : PSCmdlet
{
    private const string ErrorIdOfFailure = "PesterAssertionFailed";
    private readonly List<object?> _actual = [];

    [Parameter(ValueFromPipeline = true), AllowNull, AllowEmptyCollection, AllowEmptyString]
    public object? ActualValue { get; set; }

    [Parameter]
    public SwitchParameter Not { get; set; }

    [Parameter]
    public string? Because { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Be"), Alias("EQ")]
    public SwitchParameter Be { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeExactly"), Alias("CEQ")]
    public SwitchParameter BeExactly { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeNullOrEmpty")]
    public SwitchParameter BeNullOrEmpty { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeTrue")]
    public SwitchParameter BeTrue { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeFalse")]
    public SwitchParameter BeFalse { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeOfType"), Alias("HaveType")]
    public SwitchParameter BeOfType { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeLike")]
    public SwitchParameter BeLike { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeLikeExactly")]
    public SwitchParameter BeLikeExactly { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Match")]
    public SwitchParameter Match { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "MatchExactly"), Alias("CMATCH")]
    public SwitchParameter MatchExactly { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeGreaterThan"), Alias("GT")]
    public SwitchParameter BeGreaterThan { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeLessThan"), Alias("LT")]
    public SwitchParameter BeLessThan { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeGreaterOrEqual"), Alias("GE")]
    public SwitchParameter BeGreaterOrEqual { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeLessOrEqual"), Alias("LE")]
    public SwitchParameter BeLessOrEqual { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "BeIn")]
    public SwitchParameter BeIn { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Contain")]
    public SwitchParameter Contain { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "HaveCount")]
    public SwitchParameter HaveCount { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Exist")]
    public SwitchParameter Exist { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Throw")]
    public SwitchParameter Throw { get; set; }

    [Parameter(Position = 0, ParameterSetName = "Be")]
    [Parameter(Position = 0, ParameterSetName = "BeExactly")]
    [Parameter(Position = 0, ParameterSetName = "BeLike")]
    [Parameter(Position = 0, ParameterSetName = "BeLikeExactly")]
    [Parameter(Position = 0, ParameterSetName = "BeGreaterThan")]
    [Parameter(Position = 0, ParameterSetName = "BeLessThan")]
    [Parameter(Position = 0, ParameterSetName = "BeGreaterOrEqual")]
    [Parameter(Position = 0, ParameterSetName = "BeLessOrEqual")]
    [Parameter(Position = 0, ParameterSetName = "BeIn")]
    [Parameter(Position = 0, ParameterSetName = "Contain")]
    [Parameter(Position = 0, ParameterSetName = "HaveCount")]
    [AllowNull, AllowEmptyCollection, AllowEmptyString]
    public object? ExpectedValue { get; set; }

    [Parameter(Position = 0, ParameterSetName = "BeOfType")]
    public object? ExpectedType { get; set; }

    [Parameter(Position = 0, ParameterSetName = "Match")]
    [Parameter(Position = 0, ParameterSetName = "MatchExactly")]
    public object? RegularExpression { get; set; }

    [Parameter(Position = 0, ParameterSetName = "Throw")]
    public string? ExpectedMessage { get; set; }

    [Parameter(Position = 1, ParameterSetName = "Throw")]
    public string? ErrorId { get; set; }

    [Parameter(Position = 2, ParameterSetName = "Throw")]
    public Type? ExceptionType { get; set; }

    [Parameter(ParameterSetName = "Throw")]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => _actual.Add(ActualValue);

    protected override void EndProcessing()
    {
        // Operators about a whole take all that was piped as one value; the others look at each object.
        var whole = ParameterSetName is "Be" or "BeExactly" or "BeNullOrEmpty" or "Contain" or "HaveCount";
        var values = _actual.Count == 0 ? [null] : whole ? [_actual.ToArray()] : _actual;
        foreach (var value in values)
        {
            if (ParameterSetName == "Throw")
            {
                CheckThrow(value);
                continue;
            }

            if (Holds(value) == Not)
            {
                var shown = whole && _actual.Count == 1 ? _actual[0] : value;
                Fail(Wording.Failure(ParameterSetName, shown, ExpectedValue ?? ExpectedType ?? RegularExpression, Not, Because));
            }
        }
    }

    private bool Holds(object? actual) => ParameterSetName switch
    {
        "Be" => Comparison.AreEqual(actual, ExpectedValue, caseSensitive: false),
        "BeExactly" => Comparison.AreEqual(actual, ExpectedValue, caseSensitive: true),
        "BeNullOrEmpty" => Comparison.IsNullOrEmpty(actual),
        "BeTrue" => LanguagePrimitives.IsTrue(actual),
        "BeFalse" => !LanguagePrimitives.IsTrue(actual),
        "BeOfType" => Comparison.IsOfType(actual, ExpectedType),
        "BeLike" => Comparison.IsLike(actual, ExpectedValue, WildcardOptions.IgnoreCase),
        "BeLikeExactly" => Comparison.IsLike(actual, ExpectedValue, WildcardOptions.None),
        "Match" => Comparison.IsMatch(actual, RegularExpression, caseSensitive: false),
        "MatchExactly" => Comparison.IsMatch(actual, RegularExpression, caseSensitive: true),
        "BeGreaterThan" => Comparison.Order(actual, ExpectedValue) > 0,
        "BeLessThan" => Comparison.Order(actual, ExpectedValue) < 0,
        "BeGreaterOrEqual" => Comparison.Order(actual, ExpectedValue) >= 0,
        "BeLessOrEqual" => Comparison.Order(actual, ExpectedValue) <= 0,
        "BeIn" => Comparison.Contains(ExpectedValue, actual),
        "Contain" => Comparison.Contains(actual, ExpectedValue),
        "HaveCount" => ((object?[]?)actual ?? []).Length == Comparison.Count(ExpectedValue),
        "Exist" => Exists(actual),
        _ => throw new PSArgumentException("Should needs an operator, such as -Be."),
    };

    private bool Exists(object? actual) =>
        LanguagePrimitives.IsTrue(InvokeCommand.InvokeScript("param($path) Test-Path $path", actual).LastOrDefault());

    private void CheckThrow(object? value)
    {
        if ((value is PSObject o ? o.BaseObject : value) is not ScriptBlock script)
        {
            throw new PSArgumentException("Should -Throw wants a script block: put the code into curly braces.");
        }

        // The catch is PowerShell's own, so that the error is the one a script would see.
        var catching = InvokeCommand.NewScriptBlock("foreach ($______once in 1) { try { $null = & $args[0] } catch { $_ } }");
        var error = InvokeCommand.InvokeScript(useLocalScope: true, catching, null, script)
            .Select(r => r.BaseObject).OfType<ErrorRecord>().LastOrDefault();
        if (Not)
        {
            if (error is not null)
            {
                Fail($"Expected no exception,{Wording.Reason(Because)} but \"{error.Exception.Message}\" was thrown {Wording.Place(error)}.");
            }

            return;
        }

        var (wanted, got) = Wording.Exception(error, ExpectedMessage, ErrorId, ExceptionType);
        if (got.Count > 0)
        {
            var with = wanted.Count > 0 ? " with " + string.Join(" and ", wanted) : "";
            Fail($"Expected an exception{with},{Wording.Reason(Because)} but {string.Join(" and ", got)}{(error is null ? "" : " " + Wording.Place(error))}.");
        }

        if (PassThru)
        {
            WriteObject(error);
        }
    }

    private void Fail(string message) => ThrowTerminatingError(
        new ErrorRecord(new AssertionException(message), ErrorIdOfFailure, ErrorCategory.InvalidResult, null));
}

/// <summary>An assertion that does not hold.</summary>
public sealed class AssertionException(string message) : Exception(message);
