using System.Buffers.Text;
using System.Text;

namespace MultiCluster.Controller.Metrics.Traffic;

/// <summary>A frontend's row, by the names and numbers that HAProxy has.</summary>
internal sealed record FrontendFacts(byte[] Labels, long[] Values);

/// <summary>What a worker says of itself in <c>show info</c>.</summary>
internal sealed class WorkerFacts
{
    private readonly Dictionary<byte[], string> _fields = Utf8Names.Map<string>();

    public void Clear() => _fields.Clear();

    public void Take(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf(": "u8);
        if (colon > 0)
            _fields.GetAlternateLookup<ReadOnlySpan<byte>>()[line[..colon]] = Encoding.UTF8.GetString(line[(colon + 2)..]);
    }

    public string Text(ReadOnlySpan<byte> name) => _fields.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var text) ? text : "";

    /// <returns>Null for what this version does not say.</returns>
    public long? Number(ReadOnlySpan<byte> name) =>
        _fields.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var text)
        && Utf8Parser.TryParse(Encoding.UTF8.GetBytes(text), out long value, out var used) && used == text.Length ? value : null;
}
