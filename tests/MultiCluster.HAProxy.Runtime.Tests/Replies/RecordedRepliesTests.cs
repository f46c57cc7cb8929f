using MultiCluster.HAProxy.Runtime.Replies;
using MultiCluster.HAProxy.Runtime.Tests.Support;

namespace MultiCluster.HAProxy.Runtime.Tests.Replies;

/// <summary>What each version printed for one state; the state is the same, so is the expectation.</summary>
public sealed class RecordedRepliesTests
{
    [Theory, MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void Worker_info(string version)
    {
        var info = WorkerInfo.Parse(Recorded.Reply(version, "info")).Value!;
        Assert.StartsWith(version, info.Version, StringComparison.Ordinal);
        Assert.True(info.Pid > 1);
        Assert.True(info.Uptime > TimeSpan.Zero);
        Assert.Equal((100, "vm", "", false), (info.MaxConnections, info.Node, info.Description, info.IsStopping));
    }

    [Theory, MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void Maps(string version) => Assert.Equal(
        [new MapFile(0, "/etc/haproxy/m.map", 0, 1, 4), new MapFile(1, "/etc/haproxy/m2.map", 0, 0, 1)],
        MapFiles.Parse(Recorded.Reply(version, "maps")).Value!);

    [Theory, MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void Map_entries(string version) => Assert.Equal(
        [new("a.example/été/", "be1|C"), new("b\u0001c", "value with spaces"), new("dup", "one"), new("dup", "two")],
        MapEntries.Parse(Recorded.Reply(version, "entries")).Unnumbered());

    [Theory, MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void Servers_of_all_backends(string version) => Assert.Equal(
        [
            new("s1", 1, "p1", "2001:db8::1", 80, OperationalState.Stopped, AdministrativeState.ForcedMaintenance, 1, false),
            new("s1", 2, "p2", "10.0.0.1", 8080, OperationalState.Running, AdministrativeState.None, 1, true),
            new("s2", 1, "st1", "127.0.0.1", 9, OperationalState.Running, AdministrativeState.ForcedDrain, 3, false),
            new ServerState(
                "s2", 2, "st6", "::1", 9, OperationalState.Stopped, AdministrativeState.ForcedMaintenance | AdministrativeState.ConfiguredMaintenance, 1, false, 8),
        ],
        ServerStates.Parse(Recorded.Reply(version, "servers")).Value!);

    /// <summary>Lines of a server that was added with a check to nowhere, as 2.6 to 3.4 tell them.</summary>
    [Theory]
    [InlineData("5 s 2 x 127.0.0.1 0 0 1 1 0 8 2 0 6 0 0 0 - 7099 - 0 0 - - 0", true, false)]
    [InlineData("5 s 2 x 127.0.0.1 0 8 1 1 1 8 2 0 6 0 0 0 - 7099 - 0 0 - - 0", true, false)]
    [InlineData("5 s 2 x 127.0.0.1 0 1 1 1 0 6 3 0 14 0 0 0 - 7001 - 0 0 - - 0", false, false)]
    [InlineData("5 s 2 x 127.0.0.1 2 0 1 1 0 6 3 4 6 0 0 0 - 7001 - 0 0 - - 0", false, false)]
    [InlineData("5 s 2 x 127.0.0.1 2 0 1 1 0 1 0 2 2 0 0 0 - 7001 - 0 0 - - 0", false, true)]
    [InlineData("5 s 1 p 127.0.0.1 2 8 1 1 1 1 0 2 0 0 0 0 - 7001 - 0 0 - - 0", false, false)]
    public void A_failed_check_and_one_that_is_off_are_told_apart(string line, bool isDown, bool isOff)
    {
        var server = Assert.Single(ServerStates.Parse($"1\n# titles\n{line}\n").Value!);
        Assert.Equal((isDown, isOff), (server.IsDown, server.HasChecksOff));
    }

    /// <summary>As 2.6 to 3.4 tell of a server with <c>disabled</c> in its configuration: at the start, and once it was made ready.</summary>
    [Theory]
    [InlineData(5, true)]
    [InlineData(4, false)]
    public void A_server_that_was_disabled_and_made_ready_is_not_in_maintenance(int administrative, bool isInMaintenance)
    {
        var server = Assert.Single(ServerStates.Parse($"1\n# titles\n5 s 1 p 127.0.0.1 2 {administrative} 1 1 1 1 0 2 0 0 0 0 - 7001 - 0 0 - - 0\n").Value!);
        Assert.Equal((isInMaintenance, true), (server.IsInMaintenance, server.WasDisabled));
    }

    [Theory, MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void Servers_of_one_backend_and_of_none(string version)
    {
        Assert.Equal(["p1", "p2"], ServerStates.Parse(Recorded.Reply(version, "backend")).Value!.Select(server => server.Name));
        Assert.Contains("Can't find backend.", ServerStates.Parse(Recorded.Reply(version, "nobackend")).Error, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void Certificates_with_an_open_transaction(string version)
    {
        var certificates = CertificateNames.Parse(Recorded.Reply(version, "certs")).Value!;
        Assert.Equal(["/etc/haproxy/certs/a.pem", "/etc/haproxy/certs/b.pem"], certificates.Names);
        Assert.Equal("/etc/haproxy/certs/b.pem", certificates.Transaction);
    }

    [Theory, MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void Certificate_lists(string version)
    {
        Assert.Equal(["/etc/haproxy/crt.list"], NameLists.ParseCertificateLists(Recorded.Reply(version, "lists")).Value!);
        var entries = CertificateListEntries.Parse(Recorded.Reply(version, "list")).Value!;
        Assert.Equal(
            [("/etc/haproxy/certs/a.pem", 1, "alpn h2"), ("/etc/haproxy/certs/b.pem", 3, "alpn h2,http/1.1 verify none")],
            entries.Select(entry => (entry.Certificate, entry.Line, entry.Options)));
        Assert.Equal(["b.example", "*.c.example", "!x.c.example"], entries[1].Filters);
    }

    [Theory, MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void Backends(string version) =>
        Assert.Equal(["s1", "s2"], NameLists.ParseBackends(Recorded.Reply(version, "backends")).Value!);

    [Theory, MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void Statistics(string version)
    {
        var rows = StatRows.Parse(Recorded.Reply(version, "stat")).Value!;
        Assert.Equal(
            ["fe/FRONTEND OPEN", "s1/p1 MAINT", "s1/p2 no check", "s1/BACKEND UP", "s2/st1 DRAIN", "s2/st6 MAINT", "s2/BACKEND DOWN"],
            rows.Select(row => $"{row.Proxy}/{row.Service} {row.Status}"));
        Assert.All(rows, row => Assert.Equal((0, 0), (row.Sessions, row.ConnectErrors)));
    }
}
