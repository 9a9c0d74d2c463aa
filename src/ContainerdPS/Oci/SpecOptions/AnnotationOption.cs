namespace ContainerdPS.Oci.SpecOptions;

/// <summary>Annotations, which the runtime may read.</summary>
internal static class AnnotationOption
{
    private const string Reason = "InvalidAnnotation";

    public static void Apply(RuntimeSpec spec, IReadOnlyDictionary<string, string>? annotations)
    {
        foreach ((string key, string value) in annotations ?? new Dictionary<string, string>())
        {
            if (string.IsNullOrEmpty(key))
            {
                throw Invalid.Value(Reason, $"The annotation with the value '{value}' has no key.");
            }

            (spec.Annotations ??= [])[key] = value ?? "";
        }
    }
}
