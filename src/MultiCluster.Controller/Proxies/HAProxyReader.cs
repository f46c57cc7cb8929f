using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.HAProxy.Runtime.Replies;
using MultiCluster.HAProxy.Runtime.Sockets;

namespace MultiCluster.Controller.Proxies;

/// <param name="Info">Of the worker that was read.</param>
/// <param name="Data">Empty when its program keeps data elsewhere than ours.</param>
public sealed record Reading(WorkerInfo Info, ActualData Data)
{
    /// <summary>Null when its program is none of ours.</summary>
    public ProgramIdentity? Identity { get; } = ProgramIdentity.Parse(Info.Description);
}

/// <summary>Reads all that HAProxy holds, in one pipelined batch: the truth at adoption, after a doubt, and now and then.</summary>
internal static class HAProxyReader
{
    public static async Task<Outcome<Reading>> ReadAsync(RuntimeClient client, ProxySettings settings, CancellationToken cancellationToken)
    {
        var info = WorkerInfo.Parse(await client.ExecuteAsync(Query("show info"), cancellationToken));
        if (!info.IsOk)
            return new Failure(info.Error);
        var identity = ProgramIdentity.Parse(info.Value.Description);
        if (identity?.Layout != settings.Identity.Layout)
            return new Reading(info.Value, new ActualData { TakesCertificates = false });

        var hasTls = identity.HasTls && settings.HasTls;
        var paths = settings.Paths;
        var data = new ActualData { TakesCertificates = hasTls };
        var replies = await client.ExecuteAsync(Queries(paths, hasTls), cancellationToken);
        var problem = TakeBackends(replies[0], data) ?? TakeServers(replies[1], data) ?? TakeMaps(replies.AsSpan(2, RouteMaps.All.Count), data);
        problem ??= TakeCertificates(hasTls ? replies[^5] : "", replies[^3], paths, data) ?? TakeTrust(replies[^2], TrustKind.Authorities, paths, data) ?? TakeTrust(replies[^1], TrustKind.Revocations, paths, data);
        if (hasTls)
            data.DefaultCertificate = FingerprintIn(replies[^4]);
        return problem is null ? new Reading(info.Value, data) : new Failure(problem);
    }

    /// <summary>The state of some backends only, since this is read all the time. One that has gone meanwhile is left out.</summary>
    public static async Task<Outcome<Dictionary<string, IReadOnlySet<string>>>> HealthAsync(
        RuntimeClient client, IReadOnlyList<string> backends, CancellationToken cancellationToken)
    {
        var replies = await client.ExecuteAsync([.. backends.Select(static name => Query($"show servers state {name}"))], cancellationToken);
        var down = new Dictionary<string, IReadOnlySet<string>>(backends.Count, StringComparer.Ordinal);
        for (var i = 0; i < replies.Length; i++)
        {
            var servers = ServerStates.Parse(replies[i]);
            if (servers.IsOk)
                down[backends[i]] = servers.Value!.Where(static server => server.IsDown).Select(static server => server.Name).ToHashSet(StringComparer.Ordinal);
        }

        return down;
    }

    /// <summary>Type 4 of the management guide: servers only.</summary>
    public static async Task<Outcome<ServerLoads>> CountAsync(RuntimeClient client, CancellationToken cancellationToken) =>
        ServerLoads.Parse(await client.ExecuteAsync(Query("show stat -1 4 -1"), cancellationToken));

    private static List<RuntimeCommand> Queries(ProgramPaths paths, bool hasTls)
    {
        List<RuntimeCommand> queries = [Query("show backend"), Query("show servers state")];
        queries.AddRange(RouteMaps.All.Select(map => Query($"show map {paths.Full(RouteMaps.File(map))}")));
        if (hasTls)
            queries.AddRange([Query($"show ssl crt-list -n {paths.Full(ProgramPaths.CertificateList)}"), Query($"show ssl cert {paths.Full(ProgramPaths.DefaultCertificate)}")]);
        queries.AddRange([Query("show ssl cert"), Query("show ssl ca-file"), Query("show ssl crl-file")]);
        return queries;
    }

    private static RuntimeCommand Query(string line) => new(line, null, ReplyRule.Data);

    private static string? TakeBackends(string reply, ActualData data)
    {
        var backends = NameLists.ParseBackends(reply);
        if (!backends.IsOk)
            return backends.Error;
        foreach (var name in backends.Value!)
            data.AddBackend(name);
        return null;
    }

    /// <summary>The one that loads the authorities is part of the program, not of the data.</summary>
    private static string? TakeServers(string reply, ActualData data)
    {
        var servers = ServerStates.Parse(reply);
        if (!servers.IsOk)
            return servers.Error;
        foreach (var server in servers.Value!.Where(static server => server.Backend != ProgramRenderer.AuthoritiesBackend && !ProgramRenderer.IsOwn(server.Backend)))
            data.SetServer(server.Backend, server.Name, new ActualServer(server.Address, server.Port, server.IsInMaintenance, server.IsDraining, server.IsDown, server.HasChecksOff) { AsksAgent = server.AsksAgent, WasDisabled = server.WasDisabled });
        return null;
    }

    private static string? TakeMaps(ReadOnlySpan<string> replies, ActualData data)
    {
        for (var i = 0; i < replies.Length; i++)
        {
            var entries = MapEntries.Parse(replies[i]);
            if (!entries.IsOk)
                return entries.Error;
            foreach (var entry in entries.Value!)
                data.TakeMapEntry(RouteMaps.All[i], entry.Number, entry.Key, entry.Value);
        }

        return null;
    }

    private static string? TakeCertificates(string listReply, string certificateReply, ProgramPaths paths, ActualData data)
    {
        var listed = CertificateListEntries.Parse(listReply);
        var loaded = CertificateNames.Parse(certificateReply);
        if (!listed.IsOk || !loaded.IsOk)
            return listed.Error ?? loaded.Error;
        foreach (var entry in listed.Value!)
            Take(entry.Certificate, data.ListedCertificates, paths);
        foreach (var name in loaded.Value!.Names)
            Take(name, data.LoadedCertificates, paths);
        data.CertificateTransaction = loaded.Value.Transaction;
        return null;
    }

    /// <summary>Others than those of clients' certificates are part of the program.</summary>
    private static string? TakeTrust(string reply, TrustKind kind, ProgramPaths paths, ActualData data)
    {
        var names = TrustNames.Parse(reply);
        if (!names.IsOk)
            return names.Error;
        foreach (var name in names.Value.Names.Where(name => name.StartsWith(paths.Full(""), StringComparison.Ordinal)).Select(name => name[paths.Full("").Length..]))
        {
            if (TrustFile.KindOf(name) == kind)
                data.LoadedTrust.Add(name);
        }

        if (names.Value.Transaction is { } open)
            data.TrustTransactions[open] = kind;
        return null;
    }

    /// <summary>Of the leaf, as HAProxy tells it; null where it tells none.</summary>
    private static string? FingerprintIn(string reply)
    {
        const string Label = "SHA1 FingerPrint:";
        return reply.Split('\n').FirstOrDefault(static line => line.StartsWith(Label, StringComparison.Ordinal))?[Label.Length..].Trim();
    }

    /// <summary>The default certificate's file is part of the program: it is there always.</summary>
    private static void Take(string fullName, HashSet<string> names, ProgramPaths paths)
    {
        if (fullName.StartsWith(paths.Root + "/", StringComparison.Ordinal) && fullName[(paths.Root.Length + 1)..] is var name && name != ProgramPaths.DefaultCertificate)
            names.Add(name);
    }
}
