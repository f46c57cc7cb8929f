using System.Text.Json;
using Microsoft.Extensions.Logging;
using MultiCluster.Hocon;
using MultiCluster.Host.Configuration;

namespace MultiCluster.EndToEnd.Tests.Configuration;

public sealed class HostConfigurationTests
{
    private const string Member = "members.aws.manifests = some/folder\n";
    private const string Tls = "cluster.tls { certificate = a.crt, key = a.key, authority = ca.crt }\n";
    private const string Otlp = "metrics.otlp.endpoint = \"http://127.0.0.1:4317\"\n";

    private const string Log = "haproxy.log-receiver.output = stdout\n";
    private const string Acme = "acme { enabled = true, terms-agreed = true }\n";

    /// <summary>There, and with what may be a MAC key.</summary>
    private static readonly string SomeFile = Written(Path.Combine(AppContext.BaseDirectory, "some-mac-key"), "c2VjcmV0");

    /// <summary>Every key of the reference with another valid value; a new key has to be added here, and be read.</summary>
    private static readonly Dictionary<string, string> OtherValues = new(StringComparer.Ordinal)
    {
        ["role"] = "proxy",
        ["cluster.name"] = "other",
        ["cluster.node"] = "other",
        ["cluster.listen"] = "\"127.0.0.1:9999\"",
        ["cluster.advertise"] = "\"controller.example:9999\"",
        ["cluster.leases"] = "kubernetes",
        ["cluster.kubernetes.kubeconfig"] = "other.kubeconfig",
        ["cluster.kubernetes.context"] = "other",
        ["cluster.kubernetes.namespace"] = "other",
        ["cluster.lease-ttl"] = "7s",
        ["cluster.shards"] = "16",
        ["cluster.tls.certificate"] = "other.crt",
        ["cluster.tls.key"] = "other.key",
        ["cluster.tls.authority"] = "other-ca.crt",
        ["cluster.state-directory"] = "/srv/controller",
        ["persistence.store"] = "none",
        ["persistence.sqlite.file"] = "other.db",
        ["persistence.postgresql.connection"] = "\"Host=db.example\"",
        ["persistence.history"] = "7d",
        ["persistence.key-file"] = "other.keys",
        ["proxy.name"] = "other",
        ["proxy.region"] = "eu-west-1",
        ["proxy.zone"] = "eu-west-1a",
        ["discovery.enabled"] = "true",
        ["discovery.namespace"] = "other",
        ["discovery.exec-commands"] = "[aws]",
        ["federation.mode"] = "annotated",
        ["federation.stale-after"] = "7s",
        ["federation.fresh-after"] = "7s",
        ["federation.removal-grace"] = "7s",
        ["haproxy.health-checks.interval"] = "7s",
        ["haproxy.health-checks.fall"] = "7",
        ["haproxy.health-checks.rise"] = "7",
        ["haproxy.health-checks.max-servers"] = "7",
        ["haproxy.health-checks.addresses"] = "[10.0.0.5]",
        ["haproxy.ca-file"] = "other-authorities.pem",
        ["haproxy.bandwidth-limits"] = "true",
        ["haproxy.waf.endpoints"] = "[\"127.0.0.1:12345\"]",
        ["haproxy.waf.kind"] = "coraza",
        ["haproxy.waf.arguments"] = "\"method path\"",
        ["haproxy.waf.timeouts.connect"] = "7s",
        ["haproxy.waf.timeouts.hello"] = "7s",
        ["haproxy.waf.timeouts.idle"] = "7s",
        ["haproxy.waf.timeouts.processing"] = "7s",
        ["haproxy.waf.timeouts.server"] = "7s",
        ["haproxy.session-key"] = "anotherkey",
        ["proxy.controllers"] = "[\"127.0.0.1:9999\"]",
        ["members.<name>.manifests"] = "other/folder",
        ["members.<name>.kubeconfig"] = "other.kubeconfig",
        ["members.<name>.context"] = "admin",
        ["members.<name>.namespaces"] = "[web]",
        ["members.<name>.in-cluster"] = "true",
        ["members.<name>.home"] = "true",
        ["members.<name>.region"] = "eu-west-1",
        ["members.<name>.zone"] = "eu-west-1a",
        ["members.<name>.state"] = "drain",
        ["members.<name>.endpoints.mode"] = "auto",
        ["members.<name>.endpoints.tls"] = "true",
        ["members.<name>.endpoints.verify-tls"] = "true",
        ["members.<name>.endpoints.proxy-protocol"] = "true",
        ["members.<name>.endpoints.service-addresses"] = "true",
        ["ingress.controller-name"] = "example.org/controller",
        ["ingress.watch-without-class"] = "true",
        ["endpoints.allow-loopback"] = "true",
        ["endpoints.prefer-family"] = "ipv6",
        ["endpoints.damp-flapping"] = "false",
        ["endpoints.pod-labels"] = "[group]",
        ["haproxy.binary"] = "/opt/haproxy",
        ["haproxy.state-directory"] = "/srv/state",
        ["haproxy.listen.http"] = "[\"*:8080\"]",
        ["haproxy.listen.https"] = "[\"*:8443\"]",
        ["haproxy.threads"] = "3",
        ["haproxy.max-connections"] = "1000",
        ["haproxy.pool-size"] = "16",
        ["haproxy.access-log"] = "\"stdout format raw local0\"",
        ["haproxy.log-receiver.output"] = "stdout",
        ["haproxy.log-receiver.request-headers"] = "[X-Shop]",
        ["haproxy.log-receiver.response-headers"] = "[X-Pod]",
        ["haproxy.log-receiver.redact"] = "[token]",
        ["haproxy.user"] = "haproxy",
        ["haproxy.group"] = "haproxy",
        ["haproxy.timeouts.connect"] = "7s",
        ["haproxy.timeouts.client"] = "7s",
        ["haproxy.timeouts.server"] = "7s",
        ["haproxy.timeouts.http-request"] = "7s",
        ["haproxy.timeouts.keep-alive"] = "7s",
        ["haproxy.timeouts.queue"] = "7s",
        ["haproxy.timeouts.tunnel"] = "7s",
        ["haproxy.tls.min-version"] = "\"1.3\"",
        ["haproxy.tls.strict-sni"] = "true",
        ["haproxy.tls.default-certificate"] = "\"ingress/certificate\"",
        ["haproxy.timeouts.hard-stop-after"] = "7s",
        ["haproxy.settings.class-parameters"] = "\"ingress\"",
        ["haproxy.settings.config-map"] = "\"ingress/settings\"",
        ["haproxy.settings.https-redirect-with-tls"] = "false",
        ["haproxy.settings.prefix"] = "\"haproxy-ingress.github.io/\"",
        ["haproxy.header-config-maps"] = "[\"shop/headers\"]",
        ["haproxy.tcp-services.config-maps"] = "[\"ingress/tcp\"]",
        ["haproxy.tcp-services.listen"] = "[\"127.0.0.1\"]",
        ["haproxy.tcp-services.first-port"] = "7",
        ["haproxy.tcp-services.last-port"] = "7",
        ["haproxy.start-file-delay"] = "700ms",
        ["haproxy.verify-interval"] = "7s",
        ["startup.member-timeout"] = "7s",
        ["status.addresses"] = "[\"192.0.2.1\"]",
        ["acme.enabled"] = "true",
        ["acme.directory"] = "\"https://acme.example/directory\"",
        ["acme.emails"] = "[\"ops@example.org\"]",
        ["acme.ca-file"] = $"\"{SomeFile}\"",
        ["acme.preferred-chain"] = "Other",
        ["acme.expiring"] = "7d",
        ["acme.tls-acme"] = "true",
        ["acme.state-directory"] = "/srv/acme",
        ["acme.external-account.key-id"] = "other",
        ["admin.listen"] = "\"127.0.0.1:9999\"",
        ["admin.hosts"] = "[admin.example]",
        ["admin.tokens-file"] = "other.tokens",
        ["admin.tls.certificate"] = "other.crt",
        ["admin.tls.key"] = "other.key",
        ["admin.tls.client-authority"] = "other-ca.crt",
        ["metrics.listen"] = "\"127.0.0.1:9999\"",
        ["metrics.endpoints"] = "false",
        ["metrics.endpoint-limit"] = "7",
        ["metrics.otlp.endpoint"] = "\"http://127.0.0.1:4317\"",
        ["metrics.otlp.protocol"] = "http",
        ["metrics.otlp.interval"] = "7s",
        ["log.level"] = "debug",
        ["log.format"] = "json",
    };

    /// <summary>Keys that change nothing but that something else is allowed, and what is not without them.</summary>
    private static readonly Dictionary<string, string> Wanted = new(StringComparer.Ordinal)
    {
        ["acme.terms-agreed"] = "acme.enabled = true\n",
        ["acme.external-account.mac-key-file"] = Acme + "acme.external-account.key-id = some\n",
    };

    /// <summary>What else a key needs to be right.</summary>
    private static readonly Dictionary<string, string> Companions = new(StringComparer.Ordinal)
    {
        ["role"] = "proxy.controllers = [\"127.0.0.1:9071\"]\n",
        ["cluster.advertise"] = "cluster.listen = \"127.0.0.1:9071\"\n",
        ["admin.tls.certificate"] = "admin.tls { certificate = a.crt, key = a.key }\n",
        ["admin.tls.client-authority"] = "admin.tls { certificate = a.crt, key = a.key }\n",
        ["admin.tls.key"] = "admin.tls { certificate = a.crt, key = a.key }\n",
        ["haproxy.log-receiver.request-headers"] = Log,
        ["haproxy.log-receiver.response-headers"] = Log,
        ["haproxy.log-receiver.redact"] = Log,
        ["haproxy.settings.config-map"] = "members.aws.home = true\n",
        ["haproxy.tls.default-certificate"] = "members.aws.home = true\n",
        ["haproxy.settings.prefix"] = "members.aws.home = true\nhaproxy.settings.config-map = \"ingress/settings\"\n",
        ["acme.enabled"] = "acme.terms-agreed = true\n",
        ["acme.directory"] = Acme,
        ["acme.emails"] = Acme,
        ["acme.ca-file"] = Acme,
        ["acme.preferred-chain"] = Acme,
        ["acme.expiring"] = Acme,
        ["acme.tls-acme"] = Acme,
        ["acme.state-directory"] = Acme,
        ["acme.external-account.key-id"] = $"{Acme}acme.external-account.mac-key-file = \"{SomeFile}\"\n",
        ["metrics.otlp.protocol"] = Otlp,
        ["metrics.otlp.interval"] = Otlp,
        ["cluster.tls.certificate"] = Tls,
        ["cluster.tls.key"] = Tls,
        ["cluster.tls.authority"] = Tls,
    };

    [Fact]
    public void The_reference_is_complete_but_for_the_members()
    {
        Assert.Equal("it: \"members\" is empty: name at least one member with manifests, kubeconfig or in-cluster", WithoutLine(ConfigurationFile.Errors("")));
        var options = ConfigurationFile.Read(Member);
        Assert.Equal("haproxy", options.HAProxyBinary);
        Assert.Equal(["*:80", "*:443"], options.Program.Binds.Select(static bind => bind.Address));
        Assert.Equal([false, true], options.Program.Binds.Select(static bind => bind.Tls));
        Assert.Equal(TimeSpan.FromMilliseconds(500), options.StartFileDelay);
        Assert.Equal(LogLevel.Information, options.LogLevel);
        Assert.Null(options.Program.AccessLog);
    }

    [Fact]
    public void The_defaults_of_the_program_are_those_of_the_reference()
    {
        var read = ConfigurationFile.Read(Member).Program;
        var built = new HAProxy.Program.ProgramOptions { Binds = read.Binds, OwnAddresses = read.OwnAddresses };
        Assert.Equal(built, read);
    }

    [Fact]
    public void Every_key_of_the_reference_has_an_effect()
    {
        var keys = Leaves(ReferenceRoot(), "").ToList();
        Assert.Equal(OtherValues.Keys.Concat(Wanted.Keys).Order(StringComparer.Ordinal), keys.Order(StringComparer.Ordinal));
        foreach (var (key, without) in Wanted)
            Assert.Contains(key, ConfigurationFile.Errors(Member + without), StringComparison.Ordinal);
        foreach (var (key, value) in OtherValues)
        {
            var (before, after) = key.StartsWith("members.", StringComparison.Ordinal) ? Members(key, value) : Others(key, value);
            var changed = Shown(ConfigurationFile.Read(after));
            Assert.True(Shown(ConfigurationFile.Read(before)) != changed, $"{key} = {value} changes nothing");
        }
    }

    [Fact]
    public void Relative_state_directories_are_made_absolute() =>
        Assert.Equal(Path.GetFullPath("state/here"), ConfigurationFile.Read(Member + "haproxy.state-directory = state/here").StateDirectory);

    [Fact]
    public void The_quickstart_configuration_loads()
    {
        var options = HostConfiguration.Load(Path.Combine(RepositoryRoot(), "hocon", "quickstart.conf"), static _ => null, static _ => null);
        Assert.Equal(["aws", "gcp"], options.Members.Select(static member => member.Name.Value).Order(StringComparer.Ordinal));
        Assert.Equal(["127.0.0.1:8080", "127.0.0.1:8443"], options.Program.Binds.Select(static bind => bind.Address));
        Assert.Equal("127.0.0.1:9070", options.Admin.Listen);
    }

    /// <summary>Members are read alone, so that a kubeconfig doesn't meet a folder.</summary>
    private static (string Before, string After) Members(string key, string value)
    {
        var name = key["members.<name>.".Length..];
        return name is "manifests" or "kubeconfig" or "in-cluster"
            ? (Member, $"members.aws.{name} = {value}\n")
            : ("members.aws.kubeconfig = some.kubeconfig\n", $"members.aws.kubeconfig = some.kubeconfig\nmembers.aws.{name} = {value}\n");
    }

    private static (string Before, string After) Others(string key, string value)
    {
        var before = (key == "discovery.enabled" ? "members.aws { kubeconfig = some.kubeconfig, home = true }\n" : Member) + Companions.GetValueOrDefault(key);
        return (before, $"{before}{key} = {value}\n");
    }

    private static string Written(string path, string text)
    {
        File.WriteAllText(path, text);
        return path;
    }

    private static string Shown(HostOptions options) => JsonSerializer.Serialize(options);

    internal static IEnumerable<string> KeysOfTheReference() => Leaves(ReferenceRoot(), "");

    private static ConfigObject ReferenceRoot() =>
        new HoconLoader(new DiskHoconFiles(), static _ => null).Load(Path.Combine(RepositoryRoot(), "hocon", "reference.conf")).Root;

    private static IEnumerable<string> Leaves(ConfigObject at, string prefix) => at.Fields.SelectMany(field => field.Value is ConfigObject nested
        ? Leaves(nested, $"{prefix}{field.Key}.")
        : [$"{prefix}{field.Key}"]);

    private static string WithoutLine(string error) => error.Replace("reference.conf:12:", "it:", StringComparison.Ordinal);

    private static string RepositoryRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "MultiCluster.sln")))
                return at.FullName;
        }

        throw new InvalidOperationException($"no MultiCluster.sln above {AppContext.BaseDirectory}");
    }
}
