using System.Text;
using System.Text.Json;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.HAProxy.Runtime.State;
using DiskFile = MultiCluster.HAProxy.Runtime.State.StartFile;
using StartFile = MultiCluster.HAProxy.Program.StartFile;

namespace MultiCluster.Controller.Proxies;

/// <summary>Puts rendered start files on disk, and reads back what the next agent needs of them.</summary>
internal static class StartFileWriter
{
    /// <summary>Keeps the writer's own arrays off the large object heap: filling that is what starts full collections.</summary>
    private const int BufferedChars = 8 * 1024;

    public static Outcome<Publication> Publish(StateDirectory state, StartFile file) => state.Publish(ToDisk(file));

    public static Outcome<Publication> Stage(StateDirectory state, StartFile file) => state.Stage(ToDisk(file));

    /// <summary>What the start file on disk says of itself; null when there is none or another program wrote it.</summary>
    public static StartFileMetadata? ReadMetadata(StateDirectory state)
    {
        try
        {
            return state.HasCurrent ? JsonSerializer.Deserialize<StartFileMetadata>(File.ReadAllBytes(state.InCurrent(ProgramPaths.Metadata))) : null;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The text of the program that HAProxy runs; null when the start file on disk is of another one.</summary>
    public static string? ReadProgram(StateDirectory state, ProgramIdentity running)
    {
        try
        {
            using var reader = new StreamReader(state.CurrentConfigPath);
            return ProgramRenderer.ProgramOf(reader, running);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static DiskFile[] ToDisk(StartFile file) => [.. file.Parts.Select(ToDisk)];

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
