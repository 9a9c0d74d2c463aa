using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ContainerdPS.Services;

/// <summary>Messages in an Any as containerd has them: by their full name alone, without a host in front.</summary>
internal static class PackedAny
{
    public static Any Of(IMessage message) => new() { TypeUrl = message.Descriptor.FullName, Value = message.ToByteString() };

    /// <summary>The message in it; null when it is of another type.</summary>
    public static T? As<T>(Any any)
        where T : class, IMessage<T>, new()
    {
        var message = new T();
        if (any.TypeUrl != message.Descriptor.FullName)
        {
            return null;
        }

        message.MergeFrom(any.Value);
        return message;
    }
}
