namespace MultiCluster.HAProxy.Runtime.Replies;

/// <summary><c>show servers state [BACKEND]</c>, format version 1.</summary>
public static class ServerStates
{
    private const int FieldCount = 25;
    private static readonly (int Backend, int Id, int Name, int Address, int Operational, int Administrative, int Weight, int Check, int Agent, int Port, int Tls) Column =
        (1, 2, 3, 4, 5, 6, 7, 13, 14, 18, 20);

    public static Outcome<IReadOnlyList<ServerState>> Parse(string reply)
    {
        var servers = new List<ServerState>();
        var isFirst = true;
        Span<Range> fields = stackalloc Range[FieldCount + 1];
        foreach (var range in reply.AsSpan().Split('\n'))
        {
            var line = reply.AsSpan(range);
            if (isFirst && !line.SequenceEqual("1"))
                return new Failure($"Not a listing of servers: {ReplyText.Excerpt(reply)}");
            if (!isFirst && !line.IsEmpty && line[0] != '#')
            {
                if (ParseLine(line, fields) is not { } server)
                    return new Failure($"Not a server: {ReplyText.Excerpt(line.ToString())}");
                servers.Add(server);
            }

            isFirst = false;
        }

        return new Outcome<IReadOnlyList<ServerState>>(servers);
    }

    private static ServerState? ParseLine(ReadOnlySpan<char> line, Span<Range> fields)
    {
        if (line.Split(fields, ' ', StringSplitOptions.RemoveEmptyEntries) < FieldCount)
            return null;
        return ReplyText.Number(line[fields[Column.Id]]) is { } id && ReplyText.Number(line[fields[Column.Operational]]) is { } operational &&
            ReplyText.Number(line[fields[Column.Administrative]]) is { } administrative &&
            ReplyText.Number(line[fields[Column.Weight]]) is { } weight && ReplyText.Number(line[fields[Column.Port]]) is { } port &&
            ReplyText.Number(line[fields[Column.Check]]) is { } check && ReplyText.Number(line[fields[Column.Agent]]) is { } agent
            ? new ServerState(
                line[fields[Column.Backend]].ToString(), id, line[fields[Column.Name]].ToString(), line[fields[Column.Address]].ToString(), port,
                (OperationalState)operational, (AdministrativeState)administrative, weight, line[fields[Column.Tls]].SequenceEqual("1"), check, agent)
            : null;
    }
}
