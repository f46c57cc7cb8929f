using System.Buffers.Text;
using System.Text;

namespace MultiCluster.HAProxy.Runtime.Statistics;

/// <summary>The names of one row; they point into its line.</summary>
public readonly ref struct StatNames
{
    public ReadOnlySpan<byte> Proxy { get; init; }

    /// <summary><c>FRONTEND</c>, <c>BACKEND</c> or the server's name.</summary>
    public ReadOnlySpan<byte> Service { get; init; }

    public ReadOnlySpan<byte> Status { get; init; }

    /// <summary><c>http</c> or <c>tcp</c>.</summary>
    public ReadOnlySpan<byte> Mode { get; init; }

    /// <summary>It takes new requests, as far as HAProxy knows.</summary>
    public bool IsUp => Status.StartsWith("UP"u8) || Status.SequenceEqual("no check"u8);
}

/// <summary>
/// Reads the rows of <c>show stat</c> without making anything of them: there are as many as servers. Columns are found by their names in the
/// title line, since every version adds some: one that nobody knows is passed over, and one that is missing has no numbers.
/// </summary>
public sealed class StatTable
{
    private const int Ignored = -1;
    private const int ProxyName = -2;
    private const int ServiceName = -3;
    private const int StatusText = -4;
    private const int ModeText = -5;

    private readonly int[] _targets;
    private readonly bool[] _has = new bool[StatColumns.All];

    private StatTable(string[] titles)
    {
        _targets = [.. titles.Select(TargetOf)];
        foreach (var target in _targets.Where(static target => target >= 0))
            _has[target] = true;
        // What comes after the last column that is read is not looked at.
        var last = Array.FindLastIndex(_targets, static target => target != Ignored);
        Array.Resize(ref _targets, last + 1);
    }

    /// <returns>Null for what is no title line.</returns>
    public static StatTable? Of(ReadOnlySpan<byte> title)
    {
        if (!title.StartsWith("# "u8))
            return null;
        var table = new StatTable(Encoding.UTF8.GetString(title[2..]).TrimEnd('\r').Split(','));
        return table._targets.Contains(ProxyName) && table._targets.Contains(ServiceName) ? table : null;
    }

    public bool Has(StatColumn column) => _has[(int)column];

    /// <param name="values">Filled; <see cref="StatColumns.None"/> where there is no number.</param>
    public StatNames Read(ReadOnlySpan<byte> line, Span<long> values)
    {
        ReadOnlySpan<byte> proxy = default, service = default, status = default, mode = default;
        values.Fill(StatColumns.None);
        foreach (var target in _targets)
        {
            var end = End(line);
            var field = end < 0 ? line : line[..end];
            switch (target)
            {
                case >= 0:
                    if (Utf8Parser.TryParse(field, out long value, out var used) && used == field.Length)
                        values[target] = value;
                    break;
                case ProxyName:
                    proxy = field;
                    break;
                case ServiceName:
                    service = field;
                    break;
                case StatusText:
                    status = field;
                    break;
                case ModeText:
                    mode = field;
                    break;
            }

            if (end < 0)
                break;
            line = line[(end + 1)..];
        }

        return new StatNames { Proxy = proxy, Service = service, Status = status, Mode = mode };
    }

    /// <summary>Texts are quoted when they hold a comma or a quote (RFC 4180); of names none may.</summary>
    /// <returns>Of the first field; negative for the last one.</returns>
    private static int End(ReadOnlySpan<byte> line)
    {
        var start = 0;
        for (var quoted = line.StartsWith("\""u8); quoted; quoted = start < line.Length && line[start] == (byte)'"')
        {
            var next = line[(start + 1)..].IndexOf((byte)'"');
            if (next < 0)
                return -1;
            start += next + 2;
        }

        var comma = line[start..].IndexOf((byte)',');
        return comma < 0 ? -1 : start + comma;
    }

    private static int TargetOf(string title) => title switch
    {
        "pxname" => ProxyName,
        "svname" => ServiceName,
        "status" => StatusText,
        "mode" => ModeText,
        _ => StatColumns.Find(title),
    };
}
