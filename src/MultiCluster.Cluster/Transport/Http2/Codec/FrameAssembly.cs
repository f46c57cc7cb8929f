namespace MultiCluster.Cluster.Transport.Http2.Codec;

/// <summary>The receiving half of <see cref="FrameParts"/>, for one stream.</summary>
internal sealed class FrameAssembly
{
    /// <summary>A sender puts no more entries into a message than fill this many.</summary>
    private const int MostParts = 1024;

    private Wire.Frame? _begun;
    private int _parts;

    /// <returns>A whole message, or nothing yet, or what is wrong with the order of parts.</returns>
    public (Wire.Frame? Whole, string? Fault) Add(Wire.Frame frame)
    {
        if (_begun is { } begun)
        {
            if (frame.Number != begun.Number || frame.MessageCase != begun.MessageCase || ++_parts > MostParts)
                return (null, $"message {begun.Number} came in parts and was not finished");
            FrameParts.EntriesOf(begun)!.AddRange(FrameParts.EntriesOf(frame)!);
            if (frame.More)
                return (null, null);
            _begun = null;
            return (begun, null);
        }
        if (!frame.More)
            return (frame, null);
        if (FrameParts.EntriesOf(frame) is null)
            return (null, $"message {frame.Number} came in parts and can't be divided");
        (_begun, _parts) = (frame, 1);
        return (null, null);
    }
}
