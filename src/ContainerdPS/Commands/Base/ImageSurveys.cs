using ContainerdPS.Images;
using ContainerdPS.Services;

namespace ContainerdPS.Commands;

/// <summary>The surveys of one command: one a session and namespace.</summary>
internal sealed class ImageSurveys
{
    private readonly Dictionary<(ContainerdSession Session, string Namespace), ImageSurvey> surveys = [];

    public ImageSurvey Of(NamespaceClient client)
    {
        if (!surveys.TryGetValue((client.Session, client.Namespace), out ImageSurvey? survey))
        {
            survey = new ImageSurvey(client);
            surveys.Add((client.Session, client.Namespace), survey);
        }

        return survey;
    }
}
