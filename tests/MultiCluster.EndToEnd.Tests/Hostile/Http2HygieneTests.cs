using MultiCluster.EndToEnd.Tests.Conformance;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Hostile;

/// <summary>
/// Requests made to reach another route's backend, over HTTP/2 with TLS: refused, or at the route that the same request has over
/// HTTP/1, and never two requests at a pod for one that was sent.
/// </summary>
[Collection(WorldsDefinition.Name)]
public sealed class Http2HygieneTests(Worlds worlds)
{
    /// <summary>A request within a request, as smugglers put it where a careless proxy copies it to a pod's connection.</summary>
    private const string Smuggled = "GET /public/smuggled HTTP/1.1\r\nhost: hygiene.test\r\n\r\n";

    /// <summary>HAProxy of different minds: the authority's alphabet is its own business since 3.0.11.</summary>
    public static IEnumerable<object[]> Versions =>
        new[] { HAProxyBinaries.List[0], HAProxyBinaries.List[^1] }.Distinct().Select(static binary => new object[] { binary });

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_request_reaches_the_route_it_names_or_none(HAProxyBinary binary)
    {
        var world = await HygieneTable.WorldAsync(worlds, binary);
        var client = new Http2Client(world.Product.Setting.Https);
        using var arrivals = Arrivals.Watch(world.Pods);
        var wrong = new List<string>();
        foreach (var (host, target, status, service) in HygieneTable.Rows)
        {
            var answer = await client.SendAsync(Get(host, target));
            var isRight = status == 400 ? answer.IsRefused && answer.Status is null or 400 : answer.Status == status;
            var expected = service is null ? [] : new[] { new Arrival("GET", host, target, service) };
            var arrived = arrivals.Take();
            if (!isRight || answer.Echo?.Service != service || !arrived.SequenceEqual(expected))
                wrong.Add($":authority {host}, :path {target} -> {status} {service}; it is {answer}, and pods saw [{string.Join(", ", arrived)}]");
        }

        await AssertNothingElseArrivedAsync(world, arrivals, wrong);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_control_character_is_refused(HAProxyBinary binary)
    {
        var world = await HygieneTable.WorldAsync(worlds, binary);
        var client = new Http2Client(world.Product.Setting.Https);
        using var arrivals = Arrivals.Watch(world.Pods);
        var wrong = new List<string>();
        foreach (var c in HygieneTable.ControlCharacters.Append(' '))
        {
            await RefusedAsync($"{(int)c:x2} in :path", Get(HygieneTable.Host, $"/exact/{c}"));
            await RefusedAsync($"{(int)c:x2} in :authority", Get($"{HygieneTable.Host}{c}", "/admin"));
            await RefusedAsync($"{(int)c:x2} in :method", With(":method", $"GET{c}"));
            await RefusedAsync($"{(int)c:x2} in a name", [.. Get(HygieneTable.Host, "/admin"), ($"x{c}y", "z")]);
        }

        foreach (var c in "\0\r\n")
            await RefusedAsync($"{(int)c:x2} in a value", [.. Get(HygieneTable.Host, "/admin"), ("x", $"y{c}z")]);
        await AssertNothingElseArrivedAsync(world, arrivals, wrong);

        async Task RefusedAsync(string what, (string, string)[] fields)
        {
            var answer = await client.SendAsync(fields);
            if (!answer.IsRefused || arrivals.Take() is { Count: > 0 })
                wrong.Add($"{what} -> refused; it is {answer}");
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_malformed_request_is_refused_and_reaches_no_pod(HAProxyBinary binary)
    {
        var world = await HygieneTable.WorldAsync(worlds, binary);
        var client = new Http2Client(world.Product.Setting.Https);
        using var arrivals = Arrivals.Watch(world.Pods);
        var wrong = new List<string>();
        foreach (var (what, fields) in Malformed())
        {
            var answer = await client.SendAsync(fields);
            var arrived = arrivals.Take();
            if (!answer.IsRefused || arrived.Count > 0)
                wrong.Add($"{what} -> refused; it is {answer}, and pods saw [{string.Join(", ", arrived)}]");
        }

        await AssertNothingElseArrivedAsync(world, arrivals, wrong);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Connect_is_no_way_through(HAProxyBinary binary)
    {
        var world = await HygieneTable.WorldAsync(worlds, binary);
        var client = new Http2Client(world.Product.Setting.Https);
        using var arrivals = Arrivals.Watch(world.Pods);

        Assert.Equal(405, (await client.SendAsync([(":method", "CONNECT"), (":authority", "hygiene.test:443")])).Status);
        Assert.Null((await client.SendAsync(With(":method", "CONNECT"))).Status);
        // RFC 8441: a WebSocket's CONNECT names a path, and is a GET to the pod.
        Assert.Equal(400, (await client.SendAsync([.. Connect("/public/../admin"), (":protocol", "websocket")])).Status);
        Assert.Equal(404, (await client.SendAsync([.. Connect("/nowhere"), (":protocol", "websocket")])).Status);
        Assert.Empty(arrivals.Seen);
    }

    /// <summary>Which of two hosts counts, and which one the pod is told.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_host_that_chose_the_route_is_the_one_that_the_pod_sees(HAProxyBinary binary)
    {
        var world = await HygieneTable.WorldAsync(worlds, binary);
        var client = new Http2Client(world.Product.Setting.Https);
        using var arrivals = Arrivals.Watch(world.Pods);
        var wrong = new List<string>();
        const string Wild = "one.wild.hygiene.test";
        (string Host, (string, string)[] Fields)[] table =
        [
            (HygieneTable.Host, [.. Get(HygieneTable.Host, "/admin"), ("host", Wild)]),
            (Wild, [.. Get(Wild, "/admin"), ("host", HygieneTable.Host)]),
            (HygieneTable.Host, [.. Without(":authority"), ("host", HygieneTable.Host)]),
            (HygieneTable.Host, [.. Without(":authority"), ("host", HygieneTable.Host), ("host", Wild)]),
            (Wild, [.. Without(":authority"), ("host", Wild), ("host", HygieneTable.Host)]),
        ];
        foreach (var (host, fields) in table)
        {
            var answer = await client.SendAsync(fields);
            var expected = new Arrival("GET", host, "/admin", host == Wild ? "wild" : "admin");
            if (!answer.IsRefused && (answer.Status != 200 || answer.Echo?.Host != host))
                wrong.Add($"{Show(fields)} -> {host}; it is {answer}");
            if (!arrivals.Take().SequenceEqual(answer.IsRefused ? [] : [expected]))
                wrong.Add($"{Show(fields)} -> only {expected}");
        }

        await AssertNothingElseArrivedAsync(world, arrivals, wrong);
    }

    /// <summary>The request itself may come through, at its own route and once; what its body holds may not.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_body_is_never_taken_for_a_request(HAProxyBinary binary)
    {
        var world = await HygieneTable.WorldAsync(worlds, binary);
        var client = new Http2Client(world.Product.Setting.Https);
        using var arrivals = Arrivals.Watch(world.Pods);
        var wrong = new List<string>();
        (string, string)[] post = With(":method", "POST");
        (string Body, (string, string)[] Fields)[] table =
        [
            (Smuggled, post),
            (Smuggled, [.. post, ("content-length", "0")]),
            (Smuggled, [.. post, ("content-length", "5")]),
            (Smuggled, [.. post, ("content-length", "4000")]),
            (Smuggled, [.. post, ("content-length", "0"), ("content-length", $"{Smuggled.Length}")]),
            (Smuggled, [.. post, ("content-length", $"0, {Smuggled.Length}")]),
            (Smuggled, [.. post, ("content-length", "+0")]),
            (Smuggled, [.. post, ("content-length", "")]),
            ($"0\r\n\r\n{Smuggled}", [.. post, ("transfer-encoding", "chunked")]),
            ($"0\r\n\r\n{Smuggled}", [.. post, ("content-length", "0"), ("transfer-encoding", "chunked")]),
            ($"0\r\n\r\n{Smuggled}", post),
        ];
        // HAProxy passes the head on before it has seen the whole body, so it may come although the answer was a reset, and late.
        var own = new Arrival("POST", HygieneTable.Host, "/admin", "admin");
        var count = 0;
        foreach (var (body, fields) in table)
        {
            var answer = await client.SendAsync(fields, body);
            var arrived = arrivals.Take();
            count += arrived.Count;
            if (arrived.Any(item => item != own) || !(answer.IsRefused || answer.Echo?.Service == "admin"))
                wrong.Add($"{Show(fields)} -> refused, or only {own}; it is {answer}, and pods saw [{string.Join(", ", arrived)}]");
        }

        Assert.InRange(count, 1, table.Length);
        await AssertNothingElseArrivedAsync(world, arrivals, wrong);
    }

    private static IEnumerable<(string What, (string, string)[] Fields)> Malformed()
    {
        var good = Get(HygieneTable.Host, "/admin");
        // RFC 9113, 8.2.2: fields of a connection.
        foreach (var (name, value) in new[]
        {
            ("connection", "close"), ("connection", "x-forwarded-proto"), ("transfer-encoding", "chunked"), ("transfer-encoding", "identity"),
            ("te", "gzip"), ("keep-alive", "timeout=5"), ("proxy-connection", "close"), ("upgrade", "h2c"),
        })
            yield return ($"{name}: {value}", [.. good, (name, value)]);

        // 8.3: pseudo headers once, first, and only those of a request.
        foreach (var (name, value) in new[] { (":path", "/public"), (":path", "/admin"), (":authority", "one.wild.hygiene.test"), (":method", "GET"), (":scheme", "https") })
            yield return ($"a second {name}", [.. good, (name, value)]);
        yield return ("a pseudo header after others", [("x", "y"), .. good]);
        yield return ("an unknown pseudo header", [.. good, (":route", "public")]);
        yield return ("a response's pseudo header", [.. good, (":status", "200")]);
        foreach (var name in new[] { ":method", ":scheme", ":path" })
            yield return ($"no {name}", Without(name));
        yield return ("an empty :path", Get(HygieneTable.Host, ""));
        yield return ("an absolute :path", Get(HygieneTable.Host, "https://hygiene.test/admin"));
        yield return ("a fragment in :path", Get(HygieneTable.Host, "/admin#x"));

        // 8.2.1: names in lower case, of a token's characters.
        foreach (var name in new[] { "X-Up", "x:y", "" })
            yield return ($"a field named \"{name}\"", [.. good, (name, "z")]);
        yield return ("user information", Get("user@hygiene.test", "/admin"));
        yield return ("a request in a value", [.. good, ("x", $"y\r\n\r\n{Smuggled}")]);
        yield return ("a request in a name", [.. good, ($"x: y\r\n\r\n{Smuggled}", "z")]);
        yield return ("a request in :path", Get(HygieneTable.Host, $"/admin HTTP/1.1\r\nhost: hygiene.test\r\n\r\n{Smuggled}"));
        yield return ("a request in :method", With(":method", $"{Smuggled}GET"));
        yield return ("a request in :scheme", With(":scheme", $"https://hygiene.test/ HTTP/1.1\r\n\r\n{Smuggled}"));
        yield return ("a host in :scheme", With(":scheme", "https://one.wild.hygiene.test/?"));
    }

    private static (string Name, string Value)[] Get(string authority, string path) =>
        [(":method", "GET"), (":scheme", "https"), (":authority", authority), (":path", path)];

    private static (string Name, string Value)[] Connect(string path) =>
        [(":method", "CONNECT"), (":scheme", "https"), (":authority", HygieneTable.Host), (":path", path)];

    private static (string Name, string Value)[] With(string name, string value) =>
        [.. Get(HygieneTable.Host, "/admin").Select(field => field.Name == name ? (name, value) : field)];

    private static (string Name, string Value)[] Without(string name) =>
        [.. Get(HygieneTable.Host, "/admin").Where(field => field.Name != name)];

    private static string Show((string Name, string Value)[] fields) =>
        string.Join(", ", fields.Select(static field => $"{field.Name}={field.Value}"));

    /// <summary>What is left on a pod's connection comes before what follows on it: one more request to each, and nothing else may be seen.</summary>
    private static async Task AssertNothingElseArrivedAsync(World world, Arrivals arrivals, List<string> wrong)
    {
        foreach (var path in new[] { "/public", "/admin", "/exact" })
            Assert.Equal(path[1..], (await world.Product.Client.GetAsync($"http://{HygieneTable.Host}{path}")).Service);
        var strangers = arrivals.Take().Where(item => item.Target is not ("/public" or "/admin" or "/exact"));
        wrong.AddRange(strangers.Select(static item => $"a pod saw {item}, which nobody sent"));
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }
}
