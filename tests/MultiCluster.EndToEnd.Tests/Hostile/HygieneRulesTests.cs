using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using MultiCluster.EndToEnd.Tests.Conformance;
using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.TestKit;
using MultiCluster.TestKit.HAProxyVersions;

namespace MultiCluster.EndToEnd.Tests.Hostile;

/// <summary>
/// No HAProxy that we know lets a control character through to the rules, so these run with the program's own text, but with host and
/// path taken from header fields that may hold anything.
/// </summary>
[Collection(WorldsDefinition.Name)]
public sealed partial class HygieneRulesTests(Worlds worlds)
{
    [Theory]
    [MemberData(nameof(HAProxyBinaries.All), MemberType = typeof(HAProxyBinaries))]
    public async Task Control_characters_are_refused_whatever_HAProxy_lets_through(HAProxyBinary binary)
    {
        var world = await HygieneTable.WorldAsync(worlds, binary);
        await world.Product.UntilStartFileAsync();
        var address = Loopback.NewAddress();
        var endpoint = new IPEndPoint(address, Loopback.FreePort(address));
        var file = Path.Combine(world.Product.Setting.Folder, "rules.cfg");
        var program = await File.ReadAllTextAsync(Path.Combine(world.Product.Setting.StateDirectory, "current", "haproxy.cfg"));
        await File.WriteAllTextAsync(file, OnTrial(program, endpoint));
        using var process = Process.Start(new ProcessStartInfo(binary.Path, ["-db", "-q", "-f", file]))!;
        try
        {
            using var client = new ProxyClient(endpoint, endpoint);
            await AssertRefusedAsync(client);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task AssertRefusedAsync(ProxyClient client)
    {
        var wrong = new List<string>();
        // The first is plain, the second takes the careful way.
        foreach (var host in new[] { HygieneTable.Host, "HYGIENE.TEST" })
        {
            var exact = await UntilRouteAsync(client, host, "/exact");
            var admin = await UntilRouteAsync(client, host, "/admin/ab");
            Assert.NotEqual(exact, admin);
            // HAProxy 3.2 and later decode no NUL at all.
            foreach (var c in HygieneTable.ControlCharacters.Where(static c => c != '\0'))
            {
                foreach (var path in new[] { $"/exact/{c}", $"/admin/a{c}b", $"/admin/{c}/b" })
                {
                    var answer = await AskAsync(client, host, path);
                    if (answer.Status != HttpStatusCode.BadRequest)
                        wrong.Add($"{(int)c:x2} in {path} of {host} -> 400; it is {answer}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static async Task<string> UntilRouteAsync(ProxyClient client, string host, string path)
    {
        Answer? answer = null;
        await Await.NothingMissingAsync(async () =>
        {
            try
            {
                answer = await AskAsync(client, host, path);
                return answer.Status == HttpStatusCode.OK ? null : $"a route of {path}; it is {answer}";
            }
            catch (HttpRequestException failure)
            {
                return failure.Message;
            }
        });
        return answer!.Body;
    }

    private static Task<Answer> AskAsync(ProxyClient client, string host, string path) => client.SendAsync(HttpMethod.Get, "http://rules.test/", headers =>
    {
        headers.Host = host;
        headers.Add("x-base", Escaped(host + path));
        headers.Add("x-path", Escaped(path));
    });

    private static string Escaped(string text) => string.Concat(Encoding.Latin1.GetBytes(text).Select(static octet => $"%{octet:x2}"));

    /// <summary>The program without data, on one address, that tells the backend of a route instead of asking it.</summary>
    private static string OnTrial(string program, IPEndPoint endpoint)
    {
        var text = program[..program.IndexOf("# End of the program", StringComparison.Ordinal)];
        text = Replaced(text, StatsSocket(), "");
        text = Replaced(text, Binds(), $"    bind {endpoint}\n");
        text = Replaced(text, Base(), "$1req.hdr(x-base),url_dec$2");
        text = Replaced(text, RequestPath(), "set-var(txn.path) req.hdr(x-path),url_dec if !routed\n");
        return Replaced(text, Forwarded(), "    http-request return status 200 content-type text/plain lf-string %[var(txn.route),field(1,|)] if routed\n$0");
    }

    private static string Replaced(string text, Regex pattern, string replacement)
    {
        Assert.Matches(pattern, text);
        return pattern.Replace(text, replacement);
    }

    [GeneratedRegex(@"^    stats socket .*\n", RegexOptions.Multiline, 1000)]
    private static partial Regex StatsSocket();

    [GeneratedRegex(@"(^    bind .*\n)+", RegexOptions.Multiline, 1000)]
    private static partial Regex Binds();

    [GeneratedRegex(@"(acl plain |set-var\(txn\.route\) )base([ ,])", RegexOptions.None, 1000)]
    private static partial Regex Base();

    [GeneratedRegex(@"set-var\(txn\.path\) path if !routed\n", RegexOptions.None, 1000)]
    private static partial Regex RequestPath();

    /// <summary>The first rule behind the search for a route.</summary>
    [GeneratedRegex(@"^    http-request set-header x-forwarded-proto %\[ssl_fc", RegexOptions.Multiline, 1000)]
    private static partial Regex Forwarded();
}
