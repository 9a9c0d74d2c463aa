using System.Net.Http;
using ContainerdPS.Registry;

namespace ContainerdPS.Images.Push;

/// <summary>The errors of sending an image, in one voice whoever does it: which image, which part, what happened.</summary>
internal static class PushErrors
{
    /// <summary>A failure while something was done to the image as a whole.</summary>
    public static ContainerdException OfImage(PushRequest request, ContainerdException e) => RegistryErrors.ForImage($"'{request.Image.Name}' cannot be {request.Where}", Said(e));

    /// <summary>A failure while a blob was sent.</summary>
    public static ContainerdException OfPart(PushRequest request, PushPart part, ContainerdException e) =>
        RegistryErrors.ForImage($"The {part.Label} {part.Descriptor.Digest} of '{request.Image.Name}' cannot be {request.Where}", Said(e));

    /// <summary>Whether a failure says already what it is about.</summary>
    public static bool IsNamed(PushRequest request, ContainerdException e) => e.Message.Contains($"'{request.Image.Name}'", StringComparison.Ordinal);

    /// <summary>A failure of the connection in the words of sending: nothing is taken up by the next try, and nothing is sent twice.</summary>
    private static ContainerdException Said(ContainerdException e)
    {
        string host = e.ObjectId ?? "the registry";
        string? said = e.Reason switch
        {
            "RegistryStalled" => $"'{host}' took nothing and said nothing for too long. What it has by then is not sent again by the next try; -StallTimeout gives it longer.",
            "TransferInterrupted" => Broken(host),
            "RegistryUnreachable" when e.InnerException is HttpRequestException { HttpRequestError: not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError) } => Broken(host),
            _ => null,
        };
        return said is null ? e : new ContainerdException(e.Code, said, e) { Reason = e.Reason == "RegistryUnreachable" ? "TransferInterrupted" : e.Reason, ObjectKind = e.ObjectKind, ObjectId = e.ObjectId };
    }

    private static string Broken(string host) => $"The connection to '{host}' broke again and again. What it has by then is not sent again by the next try.";
}
