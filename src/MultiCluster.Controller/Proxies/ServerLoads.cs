using MultiCluster.HAProxy.Runtime;
using MultiCluster.HAProxy.Runtime.Replies;

namespace MultiCluster.Controller.Proxies;

/// <summary>Sessions under way by HAProxy's backend and server.</summary>
internal sealed class ServerLoads(IReadOnlyDictionary<(string Backend, string Server), long> sessions)
{
    public static readonly ServerLoads None = new(new Dictionary<(string, string), long>());

    public static Outcome<ServerLoads> Parse(string reply)
    {
        var rows = StatRows.Parse(reply);
        if (!rows.IsOk)
            return new Failure(rows.Error);
        var sessions = new Dictionary<(string, string), long>();
        foreach (var row in rows.Value!)
            sessions[(row.Proxy, row.Service)] = row.Sessions;
        return new ServerLoads(sessions);
    }

    public long Of(string backend, string server) => sessions.GetValueOrDefault((backend, server));

    /// <summary>A server is of the member that its name begins with, also one that only finishes what it has.</summary>
    public SortedDictionary<string, long> ByMember()
    {
        var members = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var ((_, server), count) in sessions)
        {
            var colon = server.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                members[server[..colon]] = members.GetValueOrDefault(server[..colon]) + count;
        }

        return members;
    }
}
