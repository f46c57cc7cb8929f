using System.Diagnostics;
using System.Text.RegularExpressions;
using MultiCluster.Hocon;
using MultiCluster.Host.Configuration;

namespace MultiCluster.EndToEnd.Tests.Configuration;

public sealed class ConfigurationErrorTests
{
    private const string Member = "members.aws.manifests = some/folder\n";

    [Theory]
    [InlineData("haproxy.listen.http = [\"80\"]", "it:2: \"haproxy.listen.http\" holds \"80\", which is no address with a port such as \"*:80\"")]
    [InlineData("haproxy.listen.https = [\"*:443 ssl\"]", "it:2: \"haproxy.listen.https\" holds \"*:443 ssl\", which is no address with a port such as \"*:80\"")]
    [InlineData("admin.listen = \"9070\"", "it:2: \"admin.listen\" is \"9070\", which is no address with a port such as \"127.0.0.1:9070\" or \"*:9070\"")]
    [InlineData("admin.listen = \"127.0.0.1\"", "it:2: \"admin.listen\" is \"127.0.0.1\", which is no address with a port such as \"127.0.0.1:9070\" or \"*:9070\"")]
    [InlineData("admin.listen = \"controller-0:9070\"", "it:2: \"admin.listen\" is \"controller-0:9070\", which is no address with a port such as \"127.0.0.1:9070\" or \"*:9070\"")]
    [InlineData("log.level = loud", "it:2: \"log.level\" must be one of trace, debug, info, warn, error, but is \"loud\"")]
    [InlineData("log.format = xml", "it:2: \"log.format\" must be one of text, json, but is \"xml\"")]
    [InlineData("role = boss", "it:2: \"role\" must be one of all, controller, proxy, but is \"boss\"")]
    [InlineData("role = proxy", "reference.conf:*: \"proxy.controllers\" is empty: name at least one controller as host:port of its cluster.listen")]
    [InlineData("role = controller", "reference.conf:*: \"cluster.listen\" is needed by role controller: proxies connect there")]
    [InlineData("cluster.advertise = \"a:1\"", "it:2: \"cluster.advertise\" says where others reach this node, which listens nowhere: set cluster.listen")]
    [InlineData("cluster.tls.key = a.key", "it:2: \"cluster.tls\" needs certificate, key and authority, all three or none")]
    [InlineData("cluster.node = \"A b\"", "it:2: \"cluster\" can't be used: node name 'A b' must be 1 to 100 lower-case letters, digits, '-' or '.'")]
    [InlineData("persistence.store = postgresql", "reference.conf:*: \"persistence.postgresql.connection\" is needed for persistence.store = postgresql")]
    [InlineData("haproxy.pool-size = 0", "it:2: \"haproxy.pool-size\" must be at least 1")]
    [InlineData("haproxy.threads = -1", "it:2: \"haproxy.threads\" must be at least 0")]
    [InlineData("haproxy.verify-interval = 0s", "it:2: \"haproxy.verify-interval\" must be between 1ms and 1.00:00:00")]
    [InlineData("haproxy.timeouts.client = 30d", "it:2: \"haproxy.timeouts.client\" must be between 1ms and 24.00:00:00")]
    [InlineData("haproxy.user = \"a\\nb\"", "it:2: \"haproxy.user\" must be one line without control characters")]
    [InlineData("members.Aws.manifests = x", "it:2: \"members.Aws\" is no member name: use lower-case letters, digits and '-', at most 63")]
    [InlineData("members.gcp.context = x", "it:2: \"members.gcp\" needs exactly one of manifests (a folder), kubeconfig (a file) and in-cluster = true")]
    [InlineData("members.aws.kubeconfig = x", "it:1: \"members.aws\" needs exactly one of manifests (a folder), kubeconfig (a file) and in-cluster = true")]
    public void What_can_not_be_meant_is_said_with_its_place(string line, string error) =>
        Assert.Equal(error, Regex.Replace(ConfigurationFile.Errors(Member + line + "\n"), @"^(reference\.conf):\d+:", "$1:*:"));

    [Theory]
    [InlineData("203.0.113.300")]
    [InlineData("203.0.113")]
    [InlineData("0x7f.1")]
    [InlineData("0.0.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("[2001:db8::1]")]
    [InlineData("2001:db8::1%eth0")]
    [InlineData("fe80::1")]
    [InlineData("2001:db8:::1")]
    [InlineData("203.0.113.10:443")]
    [InlineData("https://lb.example")]
    [InlineData("lb_1.example")]
    [InlineData("lb.example.")]
    [InlineData("*.example")]
    [InlineData("")]
    public void A_published_address_is_one_that_an_API_server_takes(string address) => Assert.StartsWith(
        $"it:2: \"status.addresses\" holds \"{address}\", which is no IP address that others can reach and no DNS name; write one such as 203.0.113.10",
        ConfigurationFile.Errors($"{Member}status.addresses = [\"192.0.2.1\", \"{address}\"]\n"),
        StringComparison.Ordinal);

    [Fact]
    public void Published_addresses_are_canonical() => Assert.Equal(
        ["192.0.2.1", "2001:db8::1", "192.0.2.2", "127.0.0.1", "lb.example", "lb"],
        ConfigurationFile.Read($"{Member}status.addresses = [\"192.0.2.1\", \"2001:DB8:0:0::1\", \"::ffff:192.0.2.2\", \"127.0.0.1\", \"LB.example\", \"2001:db8::0:1\", lb]\n").StatusAddresses);

    [Theory]
    [InlineData("haproxy.thread = 3", "it:2: ", "haproxy.thread")]
    [InlineData("haproxy { timeouts { clent = 3s } }", "it:2: ", "haproxy.timeouts.clent")]
    [InlineData("members.aws.manifest = x", "it:2: ", "members.aws.manifest")]
    [InlineData("haproxy.threads = many", "it:2: ", "haproxy.threads")]
    [InlineData("haproxy.verify-interval = soon", "it:2: ", "haproxy.verify-interval")]
    [InlineData("haproxy.listen.http = 80", "it:2: ", "haproxy.listen.http")]
    [InlineData("ingress.watch-without-class = 7", "it:2: ", "ingress.watch-without-class")]
    [InlineData("haproxy { threads = 3", "it:", "")]
    public void Unknown_keys_wrong_types_and_faulty_syntax_are_said_with_their_place(string line, string place, string key)
    {
        var errors = ConfigurationFile.Errors(Member + line + "\n");
        Assert.StartsWith(place, errors, StringComparison.Ordinal);
        Assert.Contains(key, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_said_at_once()
    {
        var errors = ConfigurationFile.Errors("haproxy.pool-size = 0\nlog.level = loud\nmembers.aws.context = x\n");
        Assert.Equal(3, errors.Split('\n').Length);
    }

    /// <summary>It may come while the program runs, and the other members can't wait.</summary>
    [Fact]
    public void A_file_that_is_not_there_is_the_problem_of_its_member_and_no_error()
    {
        const string Text = "members {\n  aws.manifests = /nowhere/folder\n  gcp {\n    kubeconfig = /nowhere/config\n  }\n}\n";
        Assert.Equal(2, ConfigurationFile.Read(Text, looks: true).Members.Length);
        Assert.StartsWith(
            "it:7: \"members.az.in-cluster\" can't be used: not in a pod: ",
            ConfigurationFile.Errors($"{Text}members.az.in-cluster = true\n", looks: true),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_included_file_is_an_error_at_its_line()
    {
        var errors = ConfigurationFile.Errors(Member + "include \"none.conf\"\n");
        Assert.StartsWith("it:2: included file ", errors, StringComparison.Ordinal);
        ConfigurationFile.Read(Member + "include optional(\"none.conf\")\n");
    }

    [Theory]
    [InlineData("", "error: ")]
    [InlineData("run", "error: ")]
    [InlineData("run --config", "error: ")]
    [InlineData("run --config /nowhere/multicluster.conf", "/nowhere/multicluster.conf: ")]
    [InlineData("walk", "error: ")]
    public async Task Wrong_use_exits_with_2(string arguments, string said)
    {
        var start = new ProcessStartInfo("dotnet", $"\"{Path.Combine(AppContext.BaseDirectory, "multicluster.dll")}\" {arguments}") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.StartsWith(said, error, StringComparison.Ordinal);
        Assert.Equal(2, process.ExitCode);
    }

    [Fact]
    public void A_missing_file_is_said_by_name()
    {
        var failure = Assert.Throws<HoconException>(static () => HostConfiguration.Load("/nowhere/multicluster.conf", static _ => null));
        Assert.StartsWith("/nowhere/multicluster.conf: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxy_that_listens_nowhere_is_an_error() => Assert.Contains(
        "\"haproxy.listen\" names no address to listen on",
        ConfigurationFile.Errors(Member + "haproxy.listen { http = [], https = [] }\n"),
        StringComparison.Ordinal);
}
