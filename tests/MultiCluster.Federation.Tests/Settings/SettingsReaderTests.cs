using System.Runtime.CompilerServices;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Tests.Settings;

public sealed class SettingsReaderTests
{
    private const string H = "haproxy.org/";
    private const string J = "haproxy-ingress.github.io/";
    private static readonly SettingsSource Source = new(new ObjectKey("ingress", "settings"), H);

    [Theory]
    [InlineData("timeout-client=5s", null)]
    [InlineData("timeout-server=5s", null)]
    [InlineData("rate-limit-requests=5", null)]
    [InlineData("http-server-close=on", null)]
    [InlineData("ssl-redirect=false", null)]
    [InlineData("dontlognull=true", null)]
    [InlineData("timeout-client=soon", "is \"soon\"; write a number and us, ms, s, m, h or d, such as 500ms or 30s (without a unit: ms), up to 24d")]
    [InlineData("timeout-client=0", "is no time; write 1ms or more")]
    [InlineData("timeout-clint=5s", "is no setting that we know; did you mean timeout-client?")]
    [InlineData("auth-secret=users", "names a Secret, which counts at an Ingress or Service only; write it there")]
    [InlineData("global-config-snippet=maxconn 5", "is refused: HAProxy runs a fixed program here; its settings are those of haproxy in the configuration file.")]
    [InlineData("syslog-server=address:127.0.0.1, facility: local0, level: notice", null)]
    [InlineData("syslog-server=address:stdout, format: raw, facility:daemon", null)]
    [InlineData("syslog-server=127.0.0.1", "holds a line that is none such as address:127.0.0.1, port:514, facility:local0, level:info; write such ones")]
    public void What_is_wrong_is_told_with_the_ConfigMap_the_key_and_the_fix(string line, string? problem)
    {
        var at = line.IndexOf('=', StringComparison.Ordinal);
        var told = SettingsReader.Problems(Source, Map((line[..at], line[(at + 1)..]))).ToList();
        Assert.Equal(problem is null ? [] : [$"ConfigMap ingress/settings, {line[..at]}: {problem}"], told);
    }

    [Fact]
    public void The_last_good_value_stays()
    {
        var before = SettingsReader.Keep(Of(("timeout-client", "5s"), ("timeout-server", "6s")), EquatableMap.Empty);
        var now = SettingsReader.Keep(Of(("timeout-client", "soon"), ("nbthread", "none")), before);
        Assert.Equal(EquatableMap.From([new(H + "timeout-client", "5s")]), now);
    }

    /// <summary>HAProxy would refuse its whole program for any of these.</summary>
    [Theory]
    [InlineData("tls-alpn", "h2, h3", "none of h2, http/1.1 and http/1.0")]
    [InlineData("ssl-ciphers", "FOO-BAR", "holds no cipher that is known")]
    [InlineData("ssl-cipher-suites", "TLS_FOO", "holds what is none of TLS_AES_128_GCM_SHA256")]
    [InlineData("ssl-options", "no-tlsv12 ssl-max-ver TLSv1.2 ssl-min-ver TLSv1.3", "leaves no versions of TLS")]
    [InlineData("ssl-options", "no-tlsv12 ssl-min-ver TLSv1.1", "a gap between them")]
    [InlineData("ssl-options", "no-tlsv10 verify", "holds what is none of")]
    [InlineData("ssl-headers-prefix", "X.SSL", "no beginning of headers' names")]
    [InlineData("ssl-headers-prefix", "-x", "of which the first is a letter")]
    [InlineData("ssl-headers-prefix", "X SSL\nuser root", "write a name")]
    public void Words_about_TLS_that_HAProxy_would_not_take_count_for_nothing(string key, string value, string problem)
    {
        var source = Source with { Prefix = J };
        Assert.StartsWith($"ConfigMap ingress/settings, {key}: ", Assert.Single(SettingsReader.Problems(source, Map((key, value)))), StringComparison.Ordinal);
        Assert.Contains(problem, SettingsReader.ProblemOf(J + key, value), StringComparison.Ordinal);
        var said = EquatableMap.From([new(J + key, value)]);
        Assert.Equal(EquatableMap.Empty, SettingsReader.Keep(said, EquatableMap.Empty));
        Assert.Equal(ProcessSettings.Of(EquatableMap.Empty), ProcessSettings.Of(said));
    }

    [Theory]
    [InlineData("tls-alpn", " h2, http/1.1,h2 ", "h2,http/1.1")]
    [InlineData("ssl-options", "no-sslv3 no-tlsv10 no-tlsv11 no-tls-tickets", "no-tls-tickets ssl-min-ver TLSv1.2")]
    [InlineData("ssl-options", "no-sslv3", "ssl-min-ver TLSv1.2")]
    [InlineData("ssl-options", "no-tlsv13", "ssl-max-ver TLSv1.2")]
    [InlineData("ssl-options", "ssl-max-ver TLSv1.1", "ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.1")]
    [InlineData("ssl-options", "force-tlsv12  prefer-client-ciphers", "prefer-client-ciphers ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.2")]
    public void Words_about_TLS_are_written_anew(string key, string value, string text)
    {
        var said = ProcessSettings.Of(EquatableMap.From([new(J + key, value)]));
        Assert.Equal(text, said.Alpn ?? said.TlsOptions);
    }

    /// <summary>Such a value becomes text of a configuration, so that none of these may be in what is taken of it.</summary>
    [Theory]
    [InlineData("%[src]")]
    [InlineData("a\nhttp-request deny")]
    [InlineData("a b \"c\"")]
    [InlineData("a;b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a'b")]
    [InlineData("stdout format raw local0\n    log x")]
    [InlineData("10.0.0.0/8 or ALWAYS_TRUE")]
    [InlineData("no-sslv3 ssl-min-ver")]
    [InlineData("\u00e4")]
    [InlineData("")]
    public void Nothing_hostile_comes_out_of_a_setting(string value)
    {
        foreach (var name in Reloads.Names)
            Assert.Equal(ProcessSettings.Of(EquatableMap.Empty), ProcessSettings.Of(EquatableMap.From([new(name, value)])));
        var log = ProcessSettings.Of(EquatableMap.From([new(H + "syslog-server", $"address:{value}, facility:local0"), new("haproxy-ingress.github.io/syslog-endpoint", value)]));
        Assert.Null(log.Logs);
    }

    [Fact]
    public void The_table_of_reloads_names_settings_of_controllers()
    {
        Assert.All(Reloads.OfSettings, static entry =>
        {
            Assert.True(AnnotationIndex.Find(entry.Name)?.Entry.Places.HasFlag(AnnotationPlaces.Global), entry.Name);
            Assert.EndsWith(".", entry.Why, StringComparison.Ordinal);
        });
        Assert.All(Reloads.OfSettings, static entry => Assert.NotEqual(AnnotationStatus.Refused, AnnotationIndex.Find(entry.Name)!.Value.Entry.Status));
    }

    [Fact]
    public void The_readme_has_the_settings_that_need_a_reload()
    {
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "src", "MultiCluster.Federation", "README.md"));
        var table = string.Concat(Reloads.OfSettings.Select(static entry => $"| `{entry.Name}` | {(entry.Setting is { } setting ? $"`{setting}`" : "-")} |\n"));
        Assert.True(text.Contains("| --- | --- |\n" + table, StringComparison.Ordinal) && Reloads.OfSettings.All(static entry => entry.Versions.Before is null), $"README.md of MultiCluster.Federation should say\n{table}");
    }

    private static string Here([CallerFilePath] string file = "") => file;

    private static EquatableMap Of(params (string Key, string Value)[] data) => SettingsReader.Read(Source, Map(data));

    private static EquatableMap Map(params (string Key, string Value)[] data) => EquatableMap.From(data.Select(static item => KeyValuePair.Create(item.Key, item.Value)));
}
