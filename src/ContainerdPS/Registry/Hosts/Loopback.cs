using System.Net;

namespace ContainerdPS.Registry;

/// <summary>Tells hosts that are this machine, and takes the port off a host.</summary>
internal static class Loopback
{
    public static bool Is(string authority)
    {
        string name = NameOf(authority).Trim('[', ']');
        return name == "localhost" || (IPAddress.TryParse(name, out IPAddress? address) && IPAddress.IsLoopback(address));
    }

    /// <summary>The host without its port; an address of IPv6 keeps its brackets.</summary>
    public static string NameOf(string authority) => Colon(authority) is >= 0 and int colon ? authority[..colon] : authority;

    /// <summary>The port written; empty where none is.</summary>
    public static string PortOf(string authority) => Colon(authority) is >= 0 and int colon ? authority[(colon + 1)..] : string.Empty;

    private static int Colon(string authority) => authority.IndexOf(':', authority.IndexOf(']', StringComparison.Ordinal) + 1);
}
