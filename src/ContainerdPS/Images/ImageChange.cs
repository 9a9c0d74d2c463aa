using ContainerdPS.Mapping;
using ContainerdPS.Oci;
using ContainerdPS.Oci.Image;
using ContainerdPS.Services;
using ContainerdPS.Wire.ImagesV1;

namespace ContainerdPS.Images;

/// <summary>Gives images further names, and changes what names refer to.</summary>
internal static class ImageChange
{
    /// <summary>The full form of a name for an image: a whole name, or <c>:TAG</c> for another tag beside the image's own.</summary>
    public static string FullName(string image, string name)
    {
        if (!name.StartsWith(':'))
        {
            return ImageReference.Parse(name).ToString();
        }

        return ImageReference.TryParse(image, out ImageReference? own) && own is not null
            ? ImageReference.Parse(own.Name + name).ToString()
            : throw new ContainerdException(
                ContainerdErrorCode.InvalidArgument,
                $"The tag '{name}' needs an image with a repository to stand beside, and '{image}' has none. Give the whole name.") { Reason = "InvalidImageName" };
    }

    /// <summary>Gives an image another name. One that has it already is left alone; one that is another image's is moved only when forced.</summary>
    public static async Task<Image> AddNameAsync(
        NamespaceClient client, Image image, string name, IReadOnlyDictionary<string, string> labels, bool force, CancellationToken cancellationToken)
    {
        DigestName.Require(name, image.Target.Digest);
        var record = new Image { Name = name, Target = image.Target };
        record.Labels.Add(image.Labels);
        Set(record, labels);
        try
        {
            return await client.Images.CreateAsync(record, cancellationToken).ConfigureAwait(false);
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.AlreadyExists)
        {
            Image found = await client.Images.GetAsync(name, cancellationToken).ConfigureAwait(false);
            if (found.Target.Digest == image.Target.Digest)
            {
                return labels.Count == 0 ? found : await LabelAsync(client, name, labels, cancellationToken).ConfigureAwait(false);
            }

            return force
                ? await client.Images.UpdateAsync(record, ["target", "labels"], cancellationToken).ConfigureAwait(false)
                : throw Taken(client, found);
        }
    }

    /// <summary>Refuses a name that <see cref="AddNameAsync"/> would refuse, as things are.</summary>
    /// <param name="client">Where.</param>
    /// <param name="name">The full name.</param>
    /// <param name="digest">What is to have it; null where that is not known yet.</param>
    /// <param name="force">Whether it may be taken.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RefuseTakenAsync(NamespaceClient client, string name, string? digest, bool force, CancellationToken cancellationToken)
    {
        if (force)
        {
            return;
        }

        try
        {
            Image found = await client.Images.GetAsync(name, cancellationToken).ConfigureAwait(false);
            if (found.Target.Digest != digest)
            {
                throw Taken(client, found);
            }
        }
        catch (ContainerdException e) when (e.Code == ContainerdErrorCode.NotFound)
        {
            // It is free.
        }
    }

    /// <summary>Sets labels, and removes those whose value is empty; others stay.</summary>
    public static Task<Image> LabelAsync(NamespaceClient client, string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        ApplyAsync(client, name, labels, null, cancellationToken);

    /// <summary>Changes labels and the target of a name, and nothing else.</summary>
    public static Task<Image> ApplyAsync(
        NamespaceClient client, string name, IReadOnlyDictionary<string, string> labels, OciDescriptor? target, CancellationToken cancellationToken)
    {
        var record = new Image { Name = name };
        record.Labels.Add(labels.ToDictionary());
        List<string> mask = [.. labels.Keys.Select(static key => "labels." + key)];
        if (target is not null)
        {
            DigestName.Require(name, target.Digest);
            record.Target = DescriptorMapping.ToWire(target);
            mask.Add("target");
        }

        return mask.Count == 0 ? client.Images.GetAsync(name, cancellationToken) : client.Images.UpdateAsync(record, mask, cancellationToken);
    }

    /// <summary>Said where a name may not be taken from the image that has it.</summary>
    public static ContainerdException Taken(NamespaceClient client, Image image) => new(
        ContainerdErrorCode.AlreadyExists,
        $"The name '{image.Name}' in namespace '{client.Namespace}' on '{client.Session.Address}' is another image's, {image.Target.Digest}. Choose another name, or add -Force to take it from that.")
    {
        Reason = "ImageAlreadyExists",
        ObjectKind = ObjectKinds.Image,
        ObjectId = image.Name,
    };

    private static void Set(Image record, IReadOnlyDictionary<string, string> labels)
    {
        foreach ((string key, string value) in labels)
        {
            if (value.Length == 0)
            {
                record.Labels.Remove(key);
            }
            else
            {
                record.Labels[key] = value;
            }
        }
    }
}
