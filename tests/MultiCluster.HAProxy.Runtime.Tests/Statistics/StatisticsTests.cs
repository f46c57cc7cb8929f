using System.Text;
using MultiCluster.HAProxy.Runtime.Replies;
using MultiCluster.HAProxy.Runtime.Statistics;
using MultiCluster.HAProxy.Runtime.Tests.Support;

namespace MultiCluster.HAProxy.Runtime.Tests.Statistics;

public sealed class StatisticsTests
{
    private const string Whole = "Pid: 7\nUptime_sec: 3\n\n# pxname,svname,stot\nweb,BACKEND,12\n\n";

    [Theory]
    [MemberData(nameof(Recorded.Versions), MemberType = typeof(Recorded))]
    public void Every_version_is_read_as_by_the_parser_of_strings(string version)
    {
        var sink = new Sink();
        var text = $"Pid: 7\n\n{Recorded.Reply(version, "stat").TrimEnd('\n')}\n\n";
        Assert.Equal(0, new StatisticsClient.Dump(sink).Take(Encoding.UTF8.GetBytes(text)));
        var expected = StatRows.Parse(Recorded.Reply(version, "stat")).Value!.Select(static row =>
            $"{row.Proxy}/{row.Service} {row.Status} {row.Sessions} {row.TotalSessions} {row.BytesIn} {row.BytesOut} {row.ConnectErrors} {row.ResponseErrors} {row.Retries} {row.Redispatches} {row.Responses2xx} {row.Responses5xx}");
        Assert.Equal(expected, sink.Rows);
        foreach (var column in Enum.GetValues<StatColumn>())
            Assert.True(sink.Table!.Has(column), $"{version} has no {StatColumns.NameOf(column)}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Lines_come_whole_however_they_are_cut(int size)
    {
        var sink = new Sink();
        var dump = new StatisticsClient.Dump(sink);
        var bytes = Encoding.UTF8.GetBytes(Whole);
        var (start, problem) = (0, "");
        for (var end = Math.Min(size, bytes.Length); ; end = Math.Min(end + size, bytes.Length))
        {
            start = end - dump.Take(bytes.AsSpan(start, end - start));
            problem = dump.Problem;
            if (end == bytes.Length)
                break;
            Assert.NotNull(problem);
        }

        Assert.Null(problem);
        Assert.Equal(["Pid: 7", "Uptime_sec: 3"], sink.Info);
        Assert.Single(sink.Rows);
    }

    [Theory]
    [InlineData("", "HAProxy closed the connection before it had told all")]
    [InlineData("Pid: 7\n", "HAProxy closed the connection before it had told all")]
    [InlineData("Pid: 7\n\n# pxname,svname\nweb,BACKEND\n", "HAProxy closed the connection before it had told all")]
    [InlineData("Pid: 7\n\nPermission denied\n\n", "HAProxy's answer to \"show stat\" is no table")]
    [InlineData("Unknown command\n\n\n", "HAProxy's answer to \"show stat\" is no table")]
    public async Task What_is_no_whole_answer_is_said_to_be_none(string answer, string problem)
    {
        await using var server = new FakeSocketServer(async peer =>
        {
            await peer.ReadUntilAsync("\n");
            await peer.SayAsync(answer);
        });
        Assert.Equal(problem, await new StatisticsClient(server.Path, TimeProvider.System).ReadAsync(new Sink(), CancellationToken.None));
    }

    [Fact]
    public async Task Nothing_is_read_while_changes_are_on_their_way()
    {
        var busy = 3;
        await using var server = new FakeSocketServer(async peer =>
        {
            await peer.ReadUntilAsync("\n");
            await peer.SayAsync(Whole);
        });
        var client = new StatisticsClient(server.Path, TimeProvider.System, () => busy-- > 0);
        Assert.Null(await client.ReadAsync(new Sink(), CancellationToken.None));
        Assert.True(busy < 0);
    }

    [Fact]
    public async Task A_socket_that_is_not_there_is_said_to_be_so() =>
        Assert.StartsWith("HAProxy's worker socket /nowhere/s.sock can't be read: ", await new StatisticsClient("/nowhere/s.sock", TimeProvider.System).ReadAsync(new Sink(), CancellationToken.None), StringComparison.Ordinal);

    private sealed class Sink : IStatisticsSink
    {
        private readonly long[] _values = new long[StatColumns.All];

        public List<string> Info { get; } = [];

        public List<string> Rows { get; } = [];

        public StatTable? Table { get; private set; }

        public void OnInfo(ReadOnlySpan<byte> line) => Info.Add(Encoding.UTF8.GetString(line));

        public void OnTable(StatTable table) => Table = table;

        public void OnRow(ReadOnlySpan<byte> line)
        {
            var names = Table!.Read(line, _values);
            var numbers = string.Join(' ', new[]
            {
                StatColumn.Sessions, StatColumn.TotalSessions, StatColumn.BytesIn, StatColumn.BytesOut, StatColumn.ConnectionErrors, StatColumn.ResponseErrors,
                StatColumn.Retries, StatColumn.Redispatches, StatColumn.Responses2xx, StatColumn.Responses5xx,
            }.Select(column => Math.Max(0, _values[(int)column])));
            Rows.Add($"{Encoding.UTF8.GetString(names.Proxy)}/{Encoding.UTF8.GetString(names.Service)} {Encoding.UTF8.GetString(names.Status)} {numbers}");
        }
    }
}
