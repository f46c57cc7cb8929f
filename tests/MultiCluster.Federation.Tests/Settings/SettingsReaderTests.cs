using System.Runtime.CompilerServices;
using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Federation.Tests.Settings;

public sealed class SettingsReaderTests
{
    private const string H = "haproxy.org/";
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
        Assert.All(Reloads.All, static entry =>
        {
            Assert.True(AnnotationIndex.Find(entry.Name)?.Entry.Places.HasFlag(AnnotationPlaces.Global), entry.Name);
            Assert.EndsWith(".", entry.Why, StringComparison.Ordinal);
        });
        Assert.All(Reloads.All, static entry => Assert.NotEqual(AnnotationStatus.Refused, AnnotationIndex.Find(entry.Name)!.Value.Entry.Status));
    }

    [Fact]
    public void The_readme_has_the_settings_that_need_a_reload()
    {
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "src", "MultiCluster.Federation", "README.md"));
        var table = string.Concat(Reloads.All.Select(static entry => $"| `{entry.Name}` | {(entry.Setting is { } setting ? $"`{setting}`" : "-")} |\n"));
        Assert.True(text.Contains("| --- | --- |\n" + table, StringComparison.Ordinal) && Reloads.All.All(static entry => entry.Versions == "all"), $"README.md of MultiCluster.Federation should say\n{table}");
    }

    private static string Here([CallerFilePath] string file = "") => file;

    private static EquatableMap Of(params (string Key, string Value)[] data) => SettingsReader.Read(Source, Map(data));

    private static EquatableMap Map(params (string Key, string Value)[] data) => EquatableMap.From(data.Select(static item => KeyValuePair.Create(item.Key, item.Value)));
}
