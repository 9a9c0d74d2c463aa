using System.Collections;
using System.Globalization;
using System.Management.Automation;
using ContainerdPS.Pipeline;

namespace ContainerdPS.Transformation;

/// <summary>Turns the ids and addresses of open sessions into the sessions, for -Session.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SessionTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var sessions = new List<ContainerdSession>();
        Collect(inputData, sessions);
        return sessions.ToArray();
    }

    private static void Collect(object? input, List<ContainerdSession> sessions)
    {
        switch (input is PSObject wrapped ? wrapped.BaseObject : input)
        {
            case ContainerdSession session:
                sessions.Add(session);
                break;
            case string text:
                sessions.Add(Find(text));
                break;
            case IEnumerable items:
                foreach (object? item in items)
                {
                    Collect(item, sessions);
                }

                break;
            case IFormattable number:
                sessions.Add(Find(number.ToString(null, CultureInfo.InvariantCulture)));
                break;
            default:
                throw new ArgumentTransformationMetadataException("-Session takes a session object, its id, or its address. Connect-Containerd opens one, Get-ContainerdSession lists them.");
        }
    }

    private static ContainerdSession Find(string text)
    {
        foreach (ContainerdSession session in RunspaceSessions.Current.All)
        {
            if (session.Address == text || session.Id.ToString(CultureInfo.InvariantCulture) == text)
            {
                return session;
            }
        }

        throw new ArgumentTransformationMetadataException($"No open session has the id or address '{text}'. Get-ContainerdSession lists the open ones; Connect-Containerd opens another.");
    }
}
