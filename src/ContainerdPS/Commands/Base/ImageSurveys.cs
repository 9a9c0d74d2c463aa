using System.Collections.Concurrent;
using ContainerdPS.Images;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The surveys of one command: one a session and namespace. Work in flight asks for them from any thread.</summary>
internal sealed class ImageSurveys
{
    private readonly ConcurrentDictionary<(ContainerdSession Session, string Namespace), ImageSurvey> surveys = [];

    public ImageSurvey Of(NamespaceClient client) => surveys.GetOrAdd((client.Session, client.Namespace), static (_, client) => new ImageSurvey(client), client);
}
