namespace MultiCluster.HAProxy.Runtime.Replies;

/// <param name="File">As the configuration names it; <c>-1</c>-numbered maps without a file are left out.</param>
/// <param name="CurrentVersion">What requests see.</param>
/// <param name="NextVersion">Above <paramref name="CurrentVersion"/> while a transaction is open, or after one was given up.</param>
/// <param name="Entries">In the current version.</param>
public sealed record MapFile(int Id, string File, uint CurrentVersion, uint NextVersion, int Entries);

/// <summary>
/// <c>show map</c>: <c>0 (/etc/m.map) pattern loaded from file '/etc/m.map' used by map at file 'h.cfg' line 14. curr_ver=0
/// next_ver=0 entry_cnt=2</c>.
/// </summary>
public static class MapFiles
{
    public static Outcome<IReadOnlyList<MapFile>> Parse(string reply)
    {
        var maps = new List<MapFile>();
        foreach (var range in reply.AsSpan().Split('\n'))
        {
            var line = reply.AsSpan(range);
            if (line.IsEmpty || line[0] == '#')
                continue;
            if (ParseLine(line) is not { } map)
                return new Failure($"Not a listing of maps: {ReplyText.Excerpt(line.ToString())}");
            if (map.Id >= 0 && map.File.Length > 0)
                maps.Add(map);
        }

        return new Outcome<IReadOnlyList<MapFile>>(maps);
    }

    private static MapFile? ParseLine(ReadOnlySpan<char> line)
    {
        var open = line.IndexOf(" (");
        var close = line.IndexOf(") ");
        return open > 0 && close > open && ReplyText.Number(line[..open]) is { } id &&
            Counter(line, "curr_ver=") is { } current && Counter(line, "next_ver=") is { } next && Counter(line, "entry_cnt=") is { } entries
            ? new MapFile(id, line[(open + 2)..close].ToString(), current, next, (int)entries)
            : null;
    }

    private static uint? Counter(ReadOnlySpan<char> line, string name)
    {
        var start = line.LastIndexOf(name);
        if (start < 0)
            return null;
        var rest = line[(start + name.Length)..];
        var end = rest.IndexOf(' ');
        return uint.TryParse(end < 0 ? rest : rest[..end], out var value) ? value : null;
    }
}
