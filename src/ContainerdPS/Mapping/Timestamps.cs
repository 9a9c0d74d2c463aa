using Google.Protobuf.WellKnownTypes;

namespace ContainerdPS.Mapping;

/// <summary>Times of the wire as users read them: in local time.</summary>
internal static class Timestamps
{
    public static DateTimeOffset ToLocal(Timestamp? timestamp) => timestamp is null ? default : timestamp.ToDateTimeOffset().ToLocalTime();

    /// <summary>Go's zero time, the year 1, stands for no time at all.</summary>
    public static DateTimeOffset? ToLocalOrNull(Timestamp? timestamp) =>
        timestamp is null || timestamp.Seconds <= 0 ? null : timestamp.ToDateTimeOffset().ToLocalTime();
}
