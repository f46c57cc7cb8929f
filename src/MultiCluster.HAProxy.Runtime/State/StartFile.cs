namespace MultiCluster.HAProxy.Runtime.State;

/// <summary>One file of what HAProxy starts from.</summary>
/// <param name="Path">Relative to the generation's directory, <c>maps/path.map</c>; no <c>..</c>.</param>
/// <param name="Write">Writes the content; not called when the file is taken over from the generation before.</param>
public sealed record StartFile(string Path, Action<Stream> Write)
{
    /// <summary>Mode 0600 instead of 0640.</summary>
    public bool IsSecret { get; init; }

    /// <summary>
    /// Names the content. A file that the generation before published under the same path with an equal, non-null stamp is
    /// linked instead of written again.
    /// </summary>
    public string? Stamp { get; init; }

    public static StartFile Of(string path, ReadOnlyMemory<byte> content) => new(path, stream => stream.Write(content.Span));

    public static StartFile Of(string path, string content) => Of(path, System.Text.Encoding.UTF8.GetBytes(content));
}

/// <param name="Directory">Of the generation; <c>current</c> points to it.</param>
/// <param name="Linked">Files taken over from the generation before.</param>
public sealed record Publication(string Directory, int Generation, int Written, int Linked);
