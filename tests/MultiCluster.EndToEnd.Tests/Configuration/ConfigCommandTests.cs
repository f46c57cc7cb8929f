using System.Diagnostics;
using System.Text.RegularExpressions;
using MultiCluster.Host.Configuration;

namespace MultiCluster.EndToEnd.Tests.Configuration;

/// <summary>What "multicluster config" says of a configuration.</summary>
public sealed partial class ConfigCommandTests
{
    private const string Good = "members.aws.manifests = \"/\"\nhaproxy.binary = \"/bin/sh\"\n";

    [Theory]
    [InlineData("haproxy.thread = 3", "it:3: unknown key \"haproxy.thread\"; did you mean \"haproxy.threads\"?")]
    [InlineData("haproxy.threads = many", "it:3: \"haproxy.threads\" must be a whole number, but is \"many\"")]
    [InlineData("haproxy.threads = -1", "it:3: \"haproxy.threads\" must be at least 0")]
    [InlineData("haproxy.session-key = [1]", "it:3: \"haproxy.session-key\" must be text, but is a list")]
    [InlineData("haproxy.ca-file = /nowhere/ca.crt", "it:3: \"haproxy.ca-file\" names a file that does not exist: /nowhere/ca.crt; make it, or name another one")]
    [InlineData("haproxy.ca-file = /dev/null", "it:3: \"haproxy.ca-file\" can't be used: haproxy.ca-file: /dev/null holds no certificate in PEM form")]
    [InlineData("haproxy.binary = no-such-program", "it:3: \"haproxy.binary\" is \"no-such-program\", which is no file and no program of the PATH: install HAProxy, or write where it is")]
    [InlineData("haproxy.binary = /nowhere/haproxy", "it:3: \"haproxy.binary\" is \"/nowhere/haproxy\", which is no file and no program of the PATH: install HAProxy, or write where it is")]
    [InlineData("admin.tokens-file = /nowhere/tokens", "it:3: \"admin.tokens-file\" names a file that does not exist: /nowhere/tokens; make it, or name another one")]
    [InlineData("admin.tokens-file = \"/\"", "it:3: \"admin.tokens-file\" can't be read: Access to the path '/' is denied. Let the user that runs multicluster read it")]
    [InlineData("cluster.tls { certificate = /nowhere/a, key = /dev/null, authority = /dev/null }", "it:3: \"cluster.tls.certificate\" names a file that does not exist: /nowhere/a; make it, or name another one")]
    [InlineData("cluster.tls { certificate = /dev/null, key = /dev/null, authority = /dev/null }", "it:3: \"cluster.tls.certificate\" can't be used: *")]
    [InlineData("admin.tls { certificate = /dev/null, key = /dev/null }", "it:3: \"admin.tls.certificate\" can't be used: *")]
    [InlineData("haproxy.pool-size = 0\nadmin.tokens-file = /nowhere/tokens", "it:3: \"haproxy.pool-size\" must be at least 1\nit:4: \"admin.tokens-file\" names *")]
    public void Problems_are_named_with_their_places(string lines, string expected)
    {
        using var file = new ConfigurationFile();
        File.WriteAllText(file.Path, Good + lines + "\n");
        var errors = string.Join('\n', ConfigurationCheck.Of(file.Path, static _ => null, role: null).Errors).Replace(file.Path, "it", StringComparison.Ordinal);
        Assert.Matches($"^{Regex.Escape(expected).Replace("\\*", ".*", StringComparison.Ordinal)}$", errors);
    }

    [Fact]
    public void A_controller_needs_nothing_of_HAProxy()
    {
        using var file = new ConfigurationFile();
        File.WriteAllText(file.Path, "members.aws.manifests = \"/\"\nhaproxy { binary = no-such-program, ca-file = /nowhere/ca.crt }\ncluster.listen = \"127.0.0.1:9071\"\n");
        Assert.Empty(ConfigurationCheck.Of(file.Path, static _ => null, Role.Controller).Errors);
        Assert.Equal(2, ConfigurationCheck.Of(file.Path, static _ => null, Role.All).Errors.Length);
    }

    /// <summary>As when it runs: the other members are served.</summary>
    [Fact]
    public void What_keeps_one_member_out_is_a_warning()
    {
        using var file = new ConfigurationFile();
        File.WriteAllText(file.Path, Good + "members.gcp.kubeconfig = /nowhere/config\nmembers.edge.manifests = /nowhere/folder\n");
        var found = ConfigurationCheck.Of(file.Path, static _ => null, role: null);
        Assert.Empty(found.Errors);
        Assert.Equal(["gcp.kubeconfig", "edge.manifests"], found.Warnings.Select(static warning => Regex.Match(warning.Message, "^\"members\\.([a-z.]+)\" ").Groups[1].Value));
        Assert.Equal([3, 4], found.Warnings.Select(static warning => warning.Line));
    }

    [Fact]
    public void Every_key_of_the_reference_is_printed_once()
    {
        using var file = new ConfigurationFile();
        File.WriteAllText(file.Path, Good);
        var printed = EffectiveConfiguration.Print(HostConfiguration.Document(file.Path, static _ => null));
        var keys = printed.TrimEnd('\n').Split('\n').Select(static line => line[..line.IndexOf(" = ", StringComparison.Ordinal)]).ToList();
        Assert.Equal(keys.Count, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(HostConfigurationTests.KeysOfTheReference().Select(static key => key.Replace("<name>", "aws", StringComparison.Ordinal)).Except(keys, StringComparer.Ordinal));
    }

    [Fact]
    public void Values_have_their_origin_and_secrets_are_hidden()
    {
        const string Lines = """
            haproxy.session-key = hunter2hunter2
            persistence.postgresql.connection = ${?MC_DB}
            metrics.otlp.endpoint = "http://me:hunter2@collector:4317"
            haproxy.settings.values { "haproxy-ingress.github.io/stats-auth" = "me:hunter2" }
            cluster.tls { certificate = a.crt, key = a.key, authority = ca.crt }
            log.level = ${?MC_LEVEL}
            """;
        using var file = new ConfigurationFile();
        File.WriteAllText(file.Path, Good + Lines + "\n");
        var document = HostConfiguration.Document(file.Path, static name => name switch { "MC_DB" => "Host=db;Password='hunter2 hunter2'", "MC_LEVEL" => "debug", _ => null });
        var printed = EffectiveConfiguration.Print(document).Replace(file.Path, "it", StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", printed, StringComparison.Ordinal);
        foreach (var line in new[]
        {
            "haproxy.session-key = \"<hidden>\"  # it:3",
            "persistence.postgresql.connection = \"<hidden>\"  # it:4 (environment variable MC_DB)",
            "metrics.otlp.endpoint = \"http://me:<hidden>@collector:4317\"  # it:5",
            "haproxy.settings.values.\"haproxy-ingress.github.io/stats-auth\" = \"<hidden>\"  # it:6",
            "cluster.tls.key = \"a.key\"  # it:7",
            "log.level = \"debug\"  # it:8 (environment variable MC_LEVEL)",
            "members.aws.manifests = \"/\"  # it:1",
            "members.aws.context = null  # default",
            "members.aws.labels = {}  # default",
            "members.aws.endpoints.mode = \"pod-ip\"  # default",
            "haproxy.max-connections = 0  # default",
            "admin.tokens-file = null  # default",
        })
            Assert.Contains($"\n{line}\n", $"\n{printed}", StringComparison.Ordinal);
    }

    /// <summary>What is printed is a configuration that says the same.</summary>
    [Fact]
    public void What_is_printed_can_be_read_back()
    {
        using var file = new ConfigurationFile();
        File.WriteAllText(file.Path, Good + "haproxy.listen.http = [\"*:8080\"]\n");
        // But for what is hidden.
        var printed = EffectiveConfiguration.Print(HostConfiguration.Document(file.Path, static _ => null)).Replace("<hidden>", "multicluster", StringComparison.Ordinal);
        File.WriteAllText(file.Path, printed);
        Assert.Equal(WithoutPlaces(printed), WithoutPlaces(EffectiveConfiguration.Print(HostConfiguration.Document(file.Path, static _ => null)).Replace("<hidden>", "multicluster", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("check", "", 0, "it: good\n", "")]
    [InlineData("check", "log.level = loud\n", 1, "", "it:2: \"log.level\" must be one of trace, debug, info, warn, error, but is \"loud\"\n")]
    [InlineData("check", "members.gcp.manifests = /nowhere/folder\n", 0, "it: good\n", "warning: it:2: \"members.gcp.manifests\" names a folder that does not exist: /nowhere/folder\n")]
    [InlineData("print", "log.levl = info\n", 1, "", "it:2: unknown key \"log.levl\"; did you mean \"log.level\"?\n")]
    [InlineData("print", "log.level = warn\n", 0, "*log.level = \"warn\"  # it:2\n*", "")]
    public async Task The_program_answers_by_its_exit_code(string command, string line, int code, string output, string error)
    {
        using var file = new ConfigurationFile();
        await File.WriteAllTextAsync(file.Path, "members.aws.manifests = \"/\", haproxy.binary = \"/bin/sh\"\n" + line);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "multicluster.dll"), "config", command, "--config", file.Path]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.Equal(error, (await wrong).Replace(file.Path, "it", StringComparison.Ordinal));
        Assert.Matches($"^{Regex.Escape(output).Replace("\\*", "[\\s\\S]*", StringComparison.Ordinal)}$", (await said).Replace(file.Path, "it", StringComparison.Ordinal));
        Assert.Equal(code, process.ExitCode);
    }

    private static string WithoutPlaces(string printed) => Place().Replace(printed, "");

    [GeneratedRegex("  # .*$", RegexOptions.Multiline)]
    private static partial Regex Place();
}
