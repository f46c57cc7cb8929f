using System.Text;
using System.Text.Json;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.HAProxy.Runtime.State;
using DiskFile = MultiCluster.HAProxy.Runtime.State.StartFile;
using StartFile = MultiCluster.HAProxy.Program.StartFile;

namespace MultiCluster.Controller.Proxies;

/// <summary>Puts rendered start files on disk.</summary>
internal static class StartFileWriter
{
    /// <summary>Keeps the writer's own arrays off the large object heap: filling that is what starts full collections.</summary>
    private const int BufferedChars = 8 * 1024;

    public static Outcome<Publication> Publish(StateDirectory state, StartFile file) =>
        state.Publish([.. file.Parts.Select(ToDisk)]);

    /// <summary>What the start file on disk says of itself; null when there is none or another program wrote it.</summary>
    public static StartFileMetadata? ReadMetadata(StateDirectory state)
    {
        var path = state.InCurrent(ProgramPaths.Metadata);
        if (!state.HasCurrent || !File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<StartFileMetadata>(File.ReadAllBytes(path));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DiskFile ToDisk(StartFilePart part) => new(part.Path, stream => Write(stream, part))
    {
        IsSecret = part.Path.StartsWith("certs/", StringComparison.Ordinal),
        Stamp = part.Sealed ? part.Path : null,
    };

    private static void Write(Stream stream, StartFilePart part)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferedChars, leaveOpen: true);
        foreach (var chunk in part.Chunks)
            writer.Write(chunk.Span);
    }
}
