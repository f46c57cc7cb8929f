using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;

namespace MultiCluster.EndToEnd.Tests.Deploy;

/// <summary>The units of deploy/systemd, as far as they can be judged without a systemd that runs them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class SystemdTests : IDisposable
{
    /// <summary>Of 10; a service without any sandbox has 9.6.</summary>
    private const double Exposure = 2.0;

    private const string Program = "/opt/multicluster/multicluster";

    private static readonly Dictionary<string, string[]> Sandbox = new(StringComparer.Ordinal)
    {
        ["NoNewPrivileges"] = ["yes"],
        ["PrivateDevices"] = ["yes"],
        ["PrivateTmp"] = ["yes"],
        ["ProtectSystem"] = ["strict"],
        ["ProtectHome"] = ["yes"],
        ["ProtectClock"] = ["yes"],
        ["ProtectControlGroups"] = ["yes"],
        ["ProtectHostname"] = ["yes"],
        ["ProtectKernelLogs"] = ["yes"],
        ["ProtectKernelModules"] = ["yes"],
        ["ProtectKernelTunables"] = ["yes"],
        ["KeyringMode"] = ["private"],
        ["LockPersonality"] = ["yes"],
        ["RestrictAddressFamilies"] = ["AF_UNIX AF_INET AF_INET6"],
        ["RestrictNamespaces"] = ["yes"],
        ["RestrictRealtime"] = ["yes"],
        ["RestrictSUIDSGID"] = ["yes"],
        ["SystemCallArchitectures"] = ["native"],
        ["SystemCallFilter"] = ["@system-service", "~@privileged"],
        ["SystemCallErrorNumber"] = ["EPERM"],
        ["UMask"] = ["0077"],
        ["StateDirectory"] = ["multicluster"],
        ["StateDirectoryMode"] = ["0700"],
        ["User"] = ["multicluster"],
        ["Restart"] = ["always"],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("mc-systemd-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("controller", "", "65536")]
    [InlineData("proxy", "CAP_NET_BIND_SERVICE", "1048576")]
    public void Each_directive_of_the_sandbox_says_what_it_should(string role, string capabilities, string descriptors)
    {
        var unit = SystemdUnit.Read(role);
        foreach (var (key, values) in Sandbox)
            Assert.Equal((key, string.Join('|', values)), (key, string.Join('|', unit.Values("Service", key))));
        Assert.Equal([capabilities], unit.Values("Service", "CapabilityBoundingSet"));
        Assert.Equal([capabilities], unit.Values("Service", "AmbientCapabilities"));
        Assert.Equal([descriptors], unit.Values("Service", "LimitNOFILE"));
        Assert.Equal([$"{Program} config check --role {role} --config /etc/multicluster/{role}.conf"], unit.Values("Service", "ExecStartPre"));
        Assert.Equal([$"{Program} run --role {role} --config /etc/multicluster/{role}.conf"], unit.Values("Service", "ExecStart"));
        Assert.Equal([$"-/etc/multicluster/{role}.env"], unit.Values("Service", "EnvironmentFile"));
        // A directive in a section where it does not belong is ignored by systemd, with a line in a log.
        string[] elsewhere = [.. unit.Directives.Where(static directive => directive.Section != "Service").Select(static directive => directive.Key)];
        Assert.Equal(["Description", "Wants", "After", "StartLimitIntervalSec", "WantedBy"], elsewhere);
    }

    /// <summary>HAProxy outlives its agent; a controller has nothing that should.</summary>
    [Fact]
    public void Only_the_agent_is_ended_of_a_proxy()
    {
        Assert.Equal(["process"], SystemdUnit.Read("proxy").Values("Service", "KillMode"));
        Assert.Empty(SystemdUnit.Read("controller").Values("Service", "KillMode"));
    }

    [SystemdTheory]
    [InlineData("controller")]
    [InlineData("proxy")]
    public async Task Systemd_has_nothing_against_a_unit(string role)
    {
        var (code, said) = await RunAsync("systemd-analyze", "verify", await InstalledAsync(role));
        Assert.Equal((0, ""), (code, said));
    }

    [SystemdTheory]
    [InlineData("controller")]
    [InlineData("proxy")]
    public async Task Its_exposure_is_bounded(string role)
    {
        var (_, said) = await RunAsync("systemd-analyze", "security", "--offline=true", "--no-pager", await InstalledAsync(role));
        var level = Level().Match(said);
        Assert.True(level.Success, said);
        Assert.True(double.Parse(level.Groups[1].Value, CultureInfo.InvariantCulture) <= Exposure, said);
    }

    [Fact]
    public async Task The_script_installs_a_role_and_replaces_the_program()
    {
        var published = Directory.CreateDirectory(Path.Combine(_folder, "published")).FullName;
        await WriteProgramAsync(Path.Combine(published, "multicluster"));
        Assert.Equal(0, (await InstallAsync("proxy", published)).Code);
        await File.WriteAllTextAsync(Root("etc/multicluster/proxy.env"), "A=b\n");
        await File.WriteAllTextAsync(Root("opt/multicluster/old.dll"), "of a version before");
        Assert.Equal(0, (await InstallAsync("proxy", published)).Code);
        Assert.Equal(["multicluster"], Directory.EnumerateFileSystemEntries(Root("opt/multicluster")).Select(Path.GetFileName));
        Assert.Equal(["multicluster"], Directory.EnumerateFileSystemEntries(Root("opt")).Select(Path.GetFileName));
        Assert.Equal("A=b\n", await File.ReadAllTextAsync(Root("etc/multicluster/proxy.env")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Root("etc/multicluster/proxy.env")));
        Assert.Equal(SystemdUnit.Read("proxy").Text, await File.ReadAllTextAsync(Root("etc/systemd/system/multicluster-proxy.service")));
        Assert.False(File.Exists(Root("etc/systemd/system/multicluster-controller.service")));
        Assert.StartsWith("u multicluster - ", (await File.ReadAllLinesAsync(Root("usr/lib/sysusers.d/multicluster.conf")))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_says_what_it_misses()
    {
        Assert.Contains("error: 'boss' is neither controller nor proxy", (await InstallAsync("boss", _folder)).Said, StringComparison.Ordinal);
        Assert.Contains("multicluster is no program: dotnet publish", (await InstallAsync("proxy", _folder)).Said, StringComparison.Ordinal);
    }

    /// <summary>With a program that exists, which systemd wants to see.</summary>
    private async Task<string> InstalledAsync(string role)
    {
        var program = Path.Combine(_folder, "multicluster");
        await WriteProgramAsync(program);
        var path = Path.Combine(_folder, $"multicluster-{role}.service");
        await File.WriteAllTextAsync(path, SystemdUnit.Read(role).Text.Replace($"={Program} ", $"={program} ", StringComparison.Ordinal));
        return path;
    }

    private static async Task WriteProgramAsync(string path)
    {
        await File.WriteAllTextAsync(path, "#!/bin/sh\nexit 0\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string Root(string path) => Path.Combine(_folder, "root", path);

    private Task<(int Code, string Said)> InstallAsync(string role, string published) => RunAsync(Path.Combine(SystemdUnit.Folder, "install.sh"), role, published);

    private async Task<(int Code, string Said)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["DESTDIR"] = Path.Combine(_folder, "root");
        start.Environment["SYSTEMD_COLORS"] = "0";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    [GeneratedRegex("Overall exposure level for [^:]+: ([0-9.]+) ")]
    private static partial Regex Level();
}

/// <summary>Where systemd's own judge is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SystemdTheoryAttribute : TheoryAttribute
{
    public SystemdTheoryAttribute()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static folder => File.Exists(Path.Combine(folder, "systemd-analyze"))))
            Skip = "systemd-analyze is not installed";
    }
}
