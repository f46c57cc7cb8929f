using MultiCluster.Controller.Proxies;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Settings;
using MultiCluster.HAProxy.Program;
using MultiCluster.Model.Collections;

namespace MultiCluster.Controller.Tests.Proxies;

/// <summary>Which settings are text of the program, so that another value is a reload: these, and no other.</summary>
public sealed class SettingsOverlayTests
{
    private static readonly ProgramOptions Options = new()
    {
        Binds = [new BindOptions("*:80", Tls: false), new BindOptions("*:443", Tls: true)], AccessLog = "stdout format raw local0", Firewall = new FirewallOptions { Endpoints = ["10.0.0.1:12345"] },
    };

    private static readonly ProgramPaths Paths = new("/s", "/s/worker.sock");

    private static readonly Dictionary<string, (string Of, string Value)> Values = new(StringComparer.Ordinal)
    {
        ["syslog-server"] = ("", "address:10.0.0.1, facility:local1"),
        ["syslog-endpoint"] = ("", "10.0.0.1:514"),
        ["syslog-format"] = ("syslog-endpoint=10.0.0.1:514", "raw"),
        ["syslog-length"] = ("syslog-endpoint=10.0.0.1:514", "2048"),
        ["syslog-tag"] = ("", "ingress"),
        ["proxy-protocol"] = ("", "10.0.0.0/8,2001:db8::/32"),
        ["use-proxy-protocol"] = ("", "true"),
        ["http-connection-mode"] = ("", "http-server-close"),
        ["http-keep-alive"] = ("", "false"),
        ["forwardfor"] = ("", "ifmissing"),
        ["tls-alpn"] = ("", "http/1.1"),
        ["ssl-options"] = ("", "no-tls-tickets ssl-min-ver TLSv1.3"),
        ["ssl-ciphers"] = ("", "ECDHE-RSA-AES128-GCM-SHA256"),
        ["ssl-cipher-suites"] = ("", "TLS_AES_128_GCM_SHA256"),
        ["original-forwarded-for-hdr"] = ("", "X-Came"),
        ["ssl-dh-default-max-size"] = ("", "4096"),
        ["real-ip-hdr"] = ("", "X-Real-IP"),
        ["modsecurity-args"] = ("", "path"),
        ["modsecurity-endpoints"] = ("", "10.0.0.2:12345"),
        ["ssl-headers-prefix"] = ("", "X-Their"),
    };

    public static TheoryData<string, bool> Settings
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var family in AnnotationIndex.Families.Items.Where(static family => family.Name is "haproxy" or "haproxy-ingress"))
            {
                foreach (var entry in family.Entries)
                {
                    if (ValueOf(entry) is not null)
                        data.Add(family.Prefix + entry.Key, Reloads.Names.Contains(family.Prefix + entry.Key));
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Exactly_the_settings_of_the_table_change_the_program(string name, bool changes)
    {
        var prefix = name[..(name.IndexOf('/', StringComparison.Ordinal) + 1)];
        var beside = Values.GetValueOrDefault(name[prefix.Length..]).Of is { Length: > 0 } other ? other.Split('=') is var parts ? KeyValuePair.Create(prefix + parts[0], parts[1]) : default : default;
        KeyValuePair<string, string>[] before = beside.Key is null ? [] : [beside];
        var value = ValueOf(AnnotationIndex.Find(name)!.Value.Entry)!;
        Assert.Equal(changes, Identity(EquatableMap.From(before)) != Identity(EquatableMap.From([.. before, new(name, value)])));
    }

    [Fact]
    public void Every_setting_that_needs_a_reload_is_tried() =>
        Assert.Empty(Reloads.Names.Except(Settings.Select(static row => (string)row[0])));

    [Fact]
    public void A_proxys_own_limit_of_connections_is_not_exceeded()
    {
        var settings = EquatableMap.From([new("haproxy.org/maxconn", "5000")]);
        Assert.Equal(5000, Options.Over(settings).MaxConnections);
        Assert.Equal(400, (Options with { MaxConnections = 400 }).Over(settings).MaxConnections);
    }

    private static ProgramIdentity Identity(EquatableMap settings) => ProgramRenderer.Identity(Options.Over(settings), Paths, new ProxyFeatures(true));

    /// <summary>Other than what there is without the key; null where nothing comes to mind, which no key of the table may be.</summary>
    private static string? ValueOf(AnnotationEntry entry) => Values.TryGetValue(entry.Key, out var value) ? value.Value : entry.Value.Spec switch
    {
        "time:ms" => "77s",
        "bool" or "bool:on" => "true",
        "int:1.." => "123" is var number && entry.Key == "nbthread" ? "3" : number,
        _ => null,
    };
}
