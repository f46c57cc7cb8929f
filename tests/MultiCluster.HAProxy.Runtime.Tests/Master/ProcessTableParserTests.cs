using MultiCluster.HAProxy.Runtime.Master;
using MultiCluster.HAProxy.Runtime.Tests.Support;

namespace MultiCluster.HAProxy.Runtime.Tests.Master;

public sealed class ProcessTableParserTests
{
    [Theory, MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void The_current_worker_serves(string version)
    {
        var table = ProcessTableParser.Parse(Recorded.Reply(version, "proc")).Value!;
        Assert.Equal((3, 0), (table.Master.Reloads, table.Master.FailedReloads));
        Assert.StartsWith(version, table.Master.Version, StringComparison.Ordinal);
        Assert.Equal(Assert.Single(table.Workers), table.Serving);
        Assert.Empty(table.Leaving);
    }

    [Theory, MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void After_a_failed_reload_the_worker_goes_on_serving_wherever_it_is_listed(string version)
    {
        var before = ProcessTableParser.Parse(Recorded.Reply(version, "proc")).Value!;
        var table = ProcessTableParser.Parse(Recorded.Reply(version, "proc-failed")).Value!;
        Assert.Equal((4, 1), (table.Master.Reloads, table.Master.FailedReloads));
        Assert.Equal(before.Serving!.Pid, table.Serving!.Pid);
        Assert.Empty(table.Leaving);
    }

    [Fact]
    public void Old_workers_are_leaving()
    {
        var table = ProcessTableParser.Parse("""
            #<PID>          <type>          <reloads>       <uptime>        <version>
            1162            master          5 [failed: 0]   0d00h02m07s     2.6.12
            # workers
            1271            worker          1               0d00h00m00s     2.6.12
            # old workers
            1233            worker          3               0d00h00m43s     2.4.0
            # programs
            1244            foo             0               0d00h00m00s     -
            """).Value!;
        Assert.Equal(new WorkerRow(1271, 1, "2.6.12"), table.Serving);
        Assert.Equal([new WorkerRow(1233, 3, "2.4.0")], table.Leaving);
    }

    [Fact]
    public void While_the_first_worker_is_still_loading_none_serves() =>
        Assert.Null(ProcessTableParser.Parse("1162  master  0 [failed: 0]  0d00h02m07s  3.2.0\n# workers").Value!.Serving);

    [Theory]
    [InlineData("")]
    [InlineData("Unknown command")]
    [InlineData("1162  master  many [failed: 0]  0d00h02m07s  3.2.0")]
    [InlineData("1162  master  1 [failed: 0]  0d00h02m07s  3.2.0\n# workers\nnonsense")]
    public void Anything_else_is_an_error(string reply) => Assert.False(ProcessTableParser.Parse(reply).IsOk);
}
