using System.Globalization;
using System.Text;

namespace MultiCluster.HAProxy.Runtime.Replies;

/// <summary><c>show stat</c>: CSV with a title line; columns are found by name, since every version adds some.</summary>
public static class StatRows
{
    private const string TitleStart = "# ";

    public static Outcome<IReadOnlyList<StatRow>> Parse(string reply)
    {
        var lines = reply.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || !lines[0].StartsWith(TitleStart, StringComparison.Ordinal))
            return new Failure($"Not a table of statistics: {ReplyText.Excerpt(reply)}");

        var columns = Fields(lines[0][TitleStart.Length..])
            .Select((name, index) => (name, index))
            .Where(column => column.name.Length > 0 && column.name != "-")
            .ToDictionary(column => column.name, column => column.index, StringComparer.Ordinal);
        return new Outcome<IReadOnlyList<StatRow>>(lines.Skip(1).Select(line => Row(columns, Fields(line))).ToArray());
    }

    private static StatRow Row(Dictionary<string, int> columns, List<string> fields)
    {
        string Text(string name) => columns.TryGetValue(name, out var index) && index < fields.Count ? fields[index] : "";
        long Number(string name) => long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : 0;
        return new StatRow(
            Text("pxname"), Text("svname"), Text("status"), Number("qcur"), Number("scur"), Number("stot"), Number("bin"), Number("bout"),
            Number("econ"), Number("eresp"), Number("wretr"), Number("wredis"), Number("chkfail"), Number("hrsp_2xx"), Number("hrsp_3xx"),
            Number("hrsp_4xx"), Number("hrsp_5xx"), Number("idle_conn_cur"), Number("lastchg"));
    }

    // RFC 4180; texts such as last_chk are quoted when they hold a comma or quote.
    private static List<string> Fields(string line)
    {
        var fields = new List<string>(128);
        var field = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '"' && isQuoted && i + 1 < line.Length && line[i + 1] == '"')
                field.Append(line[++i]);
            else if (c == '"')
                isQuoted = !isQuoted;
            else if (c == ',' && !isQuoted)
                End();
            else
                field.Append(c);
        }

        End();
        return fields;

        void End()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }
}
