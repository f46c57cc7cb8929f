using System.Globalization;

namespace MultiCluster.HAProxy.Runtime.Replies;

/// <param name="Key">Up to the first space: a key that holds one can't be told from its value.</param>
/// <param name="Number">HAProxy's number of the entry, which changes with every start.</param>
public readonly record struct MapEntry(string Key, string Value, ulong Number = 0);

/// <summary><c>show map FILE</c>: <c>0x7f61f5011200 key value with spaces</c>.</summary>
public static class MapEntries
{
    private const int LikelyLineLength = 64;

    /// <summary>In HAProxy's order: of two entries with one key the first one counts.</summary>
    public static Outcome<IReadOnlyList<MapEntry>> Parse(string reply)
    {
        var entries = new List<MapEntry>(reply.Length / LikelyLineLength);
        // Not EnumerateLines: keys may hold other characters that count as line ends there.
        foreach (var range in reply.AsSpan().Split('\n'))
        {
            var line = reply.AsSpan(range);
            if (line.IsEmpty)
                continue;
            if (!line.StartsWith("0x") || line.IndexOf(' ') is not (> 2 and var afterId) ||
                !ulong.TryParse(line[2..afterId], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
            {
                if (entries.Count == 0)
                    return new Failure($"Not a listing of map entries: {ReplyText.Excerpt(reply)}");
                // A payload line without a value, sent by somebody else, has swallowed the line after it.
                entries[^1] = entries[^1] with { Value = $"{entries[^1].Value}\n{line}" };
                continue;
            }

            var entry = line[(afterId + 1)..];
            var space = entry.IndexOf(' ');
            entries.Add(space < 0
                ? new MapEntry(entry.ToString(), "", number)
                : new MapEntry(entry[..space].ToString(), entry[(space + 1)..].ToString(), number));
        }

        return new Outcome<IReadOnlyList<MapEntry>>(entries);
    }
}
