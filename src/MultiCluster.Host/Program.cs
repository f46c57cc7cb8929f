using System.CommandLine;
using MultiCluster.Hocon;
using MultiCluster.Host;
using MultiCluster.Host.Configuration;

// Of the command line or the configuration; what else keeps it from running is 1.
const int WrongUse = 2;
var config = new Option<string>("--config", "-c")
{
    Description = "Configuration file (HOCON); hocon/reference.conf documents every key.",
    Required = true,
};
var role = new Option<string>("--role")
{
    Description = "What this process does; goes before \"role\" of the configuration.",
};
role.AcceptOnlyFromAmong("all", "controller", "proxy");
var run = new Command("run", "Read the member clusters and program HAProxy until stopped.") { config, role };
run.SetAction((parsed, stop) => RunAsync(parsed.GetValue(config)!, parsed.GetValue(role), stop));
var root = new RootCommand("MultiCluster: one ingress for many Kubernetes clusters.") { run, ConfigCommand.Create() };
var usage = root.Parse(args);
if (usage.Errors.Count > 0)
{
    foreach (var error in usage.Errors)
        await Console.Error.WriteLineAsync($"error: {error.Message}");
    await Console.Error.WriteLineAsync($"see: multicluster {(args is ["config", ..] ? "config" : "run")} --help");
    return WrongUse;
}

return await usage.InvokeAsync();

static async Task<int> RunAsync(string path, string? role, CancellationToken stop)
{
    HostOptions Load(Func<MemberOptions, string?>? probe) =>
        HostConfiguration.Load(path, Environment.GetEnvironmentVariable, probe, role is null ? null : Enum.Parse<Role>(role, ignoreCase: true));
    HostOptions options;
    try
    {
        options = Load(probe: null);
    }
    catch (HoconException invalid)
    {
        await Console.Error.WriteLineAsync(invalid.Message);
        return WrongUse;
    }

    var (host, error) = await ControllerHost.StartAsync(options, TimeProvider.System, transcript: null, stop, () => Load(static _ => null));
    if (host is null)
    {
        await Console.Error.WriteLineAsync(error);
        return 1;
    }

    await using (host)
        await host.WaitForShutdownAsync(stop);
    return 0;
}
