namespace FakeRegistry;

/// <summary>A request as it arrived.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path and query.</param>
/// <param name="Authorization">What it showed of who it is; empty for nothing.</param>
/// <param name="Headers">All its headers.</param>
public sealed record SeenRequest(string Method, string Path, string Authorization, IReadOnlyDictionary<string, string> Headers);
