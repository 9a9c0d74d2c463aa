using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ContainerdPS.Processes;

/// <summary>A Linux signal, by name or number: numbers differ between systems, and the container's is Linux.</summary>
internal sealed record Signal(string Name, uint Number)
{
    /// <summary>The first real-time signal and the last, as the C library counts them.</summary>
    private const uint RealTimeMin = 34;
    private const uint RealTimeMax = 64;

    public static IReadOnlyList<Signal> All { get; } =
    [
        new("SIGHUP", 1), new("SIGINT", 2), new("SIGQUIT", 3), new("SIGILL", 4), new("SIGTRAP", 5), new("SIGABRT", 6), new("SIGBUS", 7),
        new("SIGFPE", 8), new("SIGKILL", 9), new("SIGUSR1", 10), new("SIGSEGV", 11), new("SIGUSR2", 12), new("SIGPIPE", 13), new("SIGALRM", 14),
        new("SIGTERM", 15), new("SIGSTKFLT", 16), new("SIGCHLD", 17), new("SIGCONT", 18), new("SIGSTOP", 19), new("SIGTSTP", 20),
        new("SIGTTIN", 21), new("SIGTTOU", 22), new("SIGURG", 23), new("SIGXCPU", 24), new("SIGXFSZ", 25), new("SIGVTALRM", 26),
        new("SIGPROF", 27), new("SIGWINCH", 28), new("SIGIO", 29), new("SIGPWR", 30), new("SIGSYS", 31),
    ];

    /// <summary>Reads TERM, SIGTERM, sigterm, 15, RTMIN+3 or SIGRTMAX-1.</summary>
    /// <exception cref="ContainerdException">InvalidArgument: there is no such signal.</exception>
    public static Signal Parse(string text) => TryParse(text, out Signal? signal)
        ? signal
        : throw new ContainerdException(
            ContainerdErrorCode.InvalidArgument,
            $"There is no signal '{text}'. Give a name (TERM, SIGTERM, HUP, KILL, USR1, RTMIN+3) or a number from 1 to {RealTimeMax}.") { Reason = "InvalidSignal" };

    public static bool TryParse(string text, [NotNullWhen(true)] out Signal? signal)
    {
        string wanted = text.Trim().ToUpperInvariant();
        if (uint.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
        {
            signal = All.FirstOrDefault(known => known.Number == number) ?? (number is >= RealTimeMin and <= RealTimeMax ? new Signal($"SIGRTMIN+{number - RealTimeMin}", number) : null);
            return signal is not null;
        }

        string name = wanted.StartsWith("SIG", StringComparison.Ordinal) ? wanted : "SIG" + wanted;
        signal = name switch
        {
            "SIGPOLL" => new Signal("SIGIO", 29),
            "SIGIOT" => new Signal("SIGABRT", 6),
            "SIGCLD" => new Signal("SIGCHLD", 17),
            _ => All.FirstOrDefault(known => known.Name == name) ?? RealTime(name),
        };
        return signal is not null;
    }

    public override string ToString() => Name;

    private static Signal? RealTime(string name)
    {
        bool fromMin = name.StartsWith("SIGRTMIN", StringComparison.Ordinal);
        if (!fromMin && !name.StartsWith("SIGRTMAX", StringComparison.Ordinal))
        {
            return null;
        }

        string offset = name["SIGRTMIN".Length..];
        uint distance = 0;
        bool valid = offset.Length == 0 || (offset[0] == (fromMin ? '+' : '-') && uint.TryParse(offset[1..], NumberStyles.None, CultureInfo.InvariantCulture, out distance));
        return valid && distance <= RealTimeMax - RealTimeMin ? new Signal(name, fromMin ? RealTimeMin + distance : RealTimeMax - distance) : null;
    }
}
