namespace ContainerdPS.Services;

/// <summary>What users call the kinds of objects, as errors name them.</summary>
internal static class ObjectKinds
{
    public const string Blob = "blob";
    public const string Container = "container";
    public const string Image = "image";
    public const string Ingest = "ingest";
    public const string Lease = "lease";
    public const string Namespace = "namespace";
    public const string Process = "process";
    public const string Registry = "registry";
    public const string Snapshot = "snapshot";
    public const string Task = "task";
}
