using System.Collections.Immutable;

namespace MultiCluster.HAProxy.Program;

/// <summary>One file of the start file.</summary>
/// <param name="Path">Relative.</param>
/// <param name="Chunks">Text in pieces that other versions share, so that a change re-renders one piece.</param>
/// <param name="Sealed">The name determines the content: a version that was written before can be linked.</param>
public sealed record StartFilePart(string Path, ImmutableArray<ReadOnlyMemory<char>> Chunks, bool Sealed = false)
{
    public StartFilePart(string path, string text)
        : this(path, [text.AsMemory()])
    {
    }

    public override string ToString() => $"{Path} ({Chunks.Sum(static chunk => chunk.Length)} characters)";
}

/// <summary>Program and all data: from it HAProxy starts complete and alone.</summary>
/// <param name="Version">Version of the data in it.</param>
public sealed record StartFile(long Version, ImmutableArray<StartFilePart> Parts);

/// <summary>Written beside the start file for the next agent.</summary>
/// <param name="PoolSize">Number of slots.</param>
public sealed record StartFileMetadata(int PoolSize, long Version);
