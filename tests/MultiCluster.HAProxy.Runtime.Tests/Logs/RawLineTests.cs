using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Tests.Policies;
using MultiCluster.Model.Policies;
using MultiCluster.TestKit.HAProxyVersions;
using HAProxyBinary = MultiCluster.TestKit.HAProxyVersions.HAProxyBinary;

namespace MultiCluster.HAProxy.Runtime.Tests.Logs;

/// <summary>Lines of the access log as every version writes them, whatever clients send.</summary>
public sealed class RawLineTests
{
    private const int Words = 32;

    private static readonly RoutePolicy Captures = new()
    {
        Capture = new RequestCapture([new(CapturedKind.LastValue, "x-shop"), new(CapturedKind.Cookie, "Cart"), new(CapturedKind.Sample, "src")], 64),
    };

    private static readonly LogReceiverOptions Log = new()
    {
        Output = new LogOutput.Stdout(),
        RequestHeaders = [.. Enumerable.Range(0, LogReceiverOptions.MaxHeaders).Select(static i => $"x-{i}")],
        ResponseHeaders = ["x-pod"],
    };

    private static readonly Dictionary<string, RoutePolicy> Policies = new(StringComparer.Ordinal)
    {
        ["Captured"] = Captures,
        ["Denied"] = Captures with { Sources = new SourceRules(true, ["192.0.2.0/24"], []) },
        ["Other"] = new RoutePolicy { ForwardedPrefix = "/shop" },
        ["Unlogged"] = Captures with { Unlogged = true },
    };

    public static IEnumerable<object[]> Worlds => PolicyWorlds.All;

    [Theory, MemberData(nameof(Worlds))]
    public async Task A_route_that_captures_hands_over_its_rule_and_the_headers_as_they_came(HAProxyBinary binary, bool atRunTime)
    {
        await using var world = await PolicyWorld.StartAsync(binary, atRunTime, Policies, Log);
        await using var lines = new LineCollector(world.Paths.LogSocket);
        foreach (var (policy, status) in new[] { ("Captured", "200"), ("Denied", "403") })
        {
            await world.AskAsync(policy, Ask.With("/a", "X-Shop: one", "x-shop: two, three", "cookie: Cart=7"));
            var line = await lines.NextAsync();
            Assert.Equal((Words, status), (line.Length, line[9]));
            Assert.Equal($"web/{policy}", line[21]);
            Assert.Equal(Captures.Capture, CaptureData.Parse(line[30]));
            var headers = Decoded(line[31]);
            Assert.Contains("x-shop: one\r\nx-shop: two, three\r\ncookie: Cart=7\r\n", headers, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory, MemberData(nameof(Worlds))]
    public async Task Other_routes_hand_over_nothing_of_it(HAProxyBinary binary, bool atRunTime)
    {
        await using var world = await PolicyWorld.StartAsync(binary, atRunTime, Policies, Log);
        await using var lines = new LineCollector(world.Paths.LogSocket);
        // Of the first no line is written, so that the next is the second's.
        await world.AskAsync("Unlogged", Ask.With("/", "x-shop: one"));
        await world.AskAsync("Other", Ask.With("/", "x-shop: one"));
        await Ask.With("/", "x-shop: one").SendAsync(world, "plain.example");
        foreach (var ingress in new[] { "web/Other", "web/plain" })
        {
            var line = await lines.NextAsync();
            Assert.Equal((Words, ingress), (line.Length, line[21]));
            Assert.Equal(["-", "-"], line[30..]);
        }
    }

    public static TheoryData<HAProxyBinary, string> Hostile
    {
        get
        {
            var data = new TheoryData<HAProxyBinary, string>();
            foreach (var binary in HAProxyBinaries.List)
            {
                foreach (var value in new[] { "", "-", "\"}\\", "a b, c=d", "%[src] %ci", "\x01\x1b[2J\x7f", "ümläut ☃", "${HOME} $(id)", new string('x', 2500) })
                    data.Add(binary, value);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Hostile))]
    public async Task What_a_header_says_stays_in_its_word(HAProxyBinary binary, string value)
    {
        await using var world = await PolicyWorld.StartAsync(binary, atRunTime: false, Policies, Log);
        await using var lines = new LineCollector(world.Paths.LogSocket);
        var answer = await world.AskAsync("Captured", Ask.With("/?q=1", $"user-agent: {value}", $"x-0: {value}", $"x-shop: {value}"));
        Assert.Equal(200, answer.Status);
        var line = await lines.NextAsync();
        Assert.Equal(Words, line.Length);
        Assert.Contains($"x-shop: {value}".TrimEnd(), Decoded(line[31]), StringComparison.Ordinal);
        var asked = line[28].Split(',');
        Assert.Equal(8 + LogReceiverOptions.MaxHeaders, asked.Length);
        var bytes = Encoding.UTF8.GetBytes(value);
        Assert.Equal(bytes.Take(512), Convert.FromBase64String(asked[5]));
        Assert.Equal(bytes.Take(256), Convert.FromBase64String(asked[8]["x-0=".Length..]));
    }

    /// <summary>All that may be long is, so that a line is as long as one can be.</summary>
    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task The_longest_line_comes_whole_and_the_next_one_too(HAProxyBinary binary)
    {
        await using var world = await PolicyWorld.StartAsync(binary, atRunTime: false, Policies, Log);
        await using var lines = new LineCollector(world.Paths.LogSocket);
        var headers = Enumerable.Range(0, LogReceiverOptions.MaxHeaders).Select(static i => $"x-{i}: {new string('v', 700)}");
        var answer = await world.AskAsync("Captured", new Ask($"/{new string('p', 4200)}?{new string('q', 4200)}", Headers: [.. headers, $"user-agent: {new string('u', 700)}", $"referer: {new string('r', 1200)}"]));
        Assert.Equal(200, answer.Status);
        await world.AskAsync("Captured", new Ask("/next"));
        var line = await lines.NextAsync();
        Assert.Equal(Words, line.Length);
        // As LogSection leaves room with so many named headers.
        Assert.Equal(9417, Decoded(line[31]).Length);
        var asked = line[28].Split(',');
        Assert.Equal([2048, 2048, 512, 1024], new[] { 3, 4, 5, 6 }.Select(i => Decoded(asked[i]).Length));
        Assert.All(asked[8..], static item => Assert.Equal(256, Decoded(item[(item.IndexOf('=', StringComparison.Ordinal) + 1)..]).Length));
        Assert.Equal("/next", Decoded((await lines.NextAsync())[28].Split(',')[3]));
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task What_is_no_request_has_a_line_of_as_many_words(HAProxyBinary binary)
    {
        await using var world = await PolicyWorld.StartAsync(binary, atRunTime: false, Policies, Log);
        await using var lines = new LineCollector(world.Paths.LogSocket);
        foreach (var garbage in new[] { "\x16\x03\x01 h1 - 200\r\n\r\n", "G\"T / HTTP/1.1\r\n\r\n", $"GET /{new string('a', 65_536)} HTTP/1.1\r\n\r\n" })
        {
            using var client = new TcpClient();
            await client.ConnectAsync(world.Endpoint);
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"PROXY TCP4 10.1.2.3 127.0.0.1 40000 80\r\n{garbage}"));
            var line = await lines.NextAsync();
            // Since 3.2 a path that does not fit has a status of its own.
            Assert.True(line[9] is "400" or "414", line[9]);
            Assert.Equal(Words, line.Length);
            Assert.Equal(["-", "-", "-", "-"], line[28..]);
        }
    }

    [Theory, MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Lines_wait_while_nobody_takes_them_but_for_the_first(HAProxyBinary binary)
    {
        const int Away = 50;
        await using var world = await PolicyWorld.StartAsync(binary, atRunTime: false, Policies, Log);
        await using (var first = new LineCollector(world.Paths.LogSocket))
        {
            await world.AskAsync("Captured", new Ask("/before"));
            Assert.Equal("/before", Decoded((await first.NextAsync())[28].Split(',')[3]));
        }

        for (var i = 0; i < Away; i++)
            Assert.Equal(200, (await world.AskAsync("Captured", new Ask($"/away/{i}"))).Status);
        await using var second = new LineCollector(world.Paths.LogSocket);
        var paths = new List<string>();
        while (paths.Count == 0 || paths[^1] != $"/away/{Away - 1}")
            paths.Add(Decoded((await second.NextAsync())[28].Split(',')[3]));
        // What HAProxy wrote before it saw that nobody was there is lost.
        const int Lost = 4;
        Assert.InRange(paths.Count, Away - Lost, Away);
        Assert.Equal(Enumerable.Range(0, Away).Skip(Away - paths.Count).Select(static i => string.Create(CultureInfo.InvariantCulture, $"/away/{i}")), paths);
    }

    private static string Decoded(string word) => Encoding.UTF8.GetString(Convert.FromBase64String(word));
}
