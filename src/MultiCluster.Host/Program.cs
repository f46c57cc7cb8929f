using System.CommandLine;
using MultiCluster.Hocon;
using MultiCluster.Host;
using MultiCluster.Host.Configuration;

var config = new Option<string>("--config", "-c")
{
    Description = "Configuration file (HOCON); hocon/reference.conf documents every key.",
    Required = true,
};
var run = new Command("run", "Read the member clusters and program HAProxy until stopped.") { config };
run.SetAction((parsed, stop) => RunAsync(parsed.GetValue(config)!, stop));
var root = new RootCommand("MultiCluster: one ingress for many Kubernetes clusters.") { run };
return await root.Parse(args).InvokeAsync();

static async Task<int> RunAsync(string path, CancellationToken stop)
{
    HostOptions options;
    try
    {
        options = HostConfiguration.Load(path, Environment.GetEnvironmentVariable);
    }
    catch (HoconException invalid)
    {
        await Console.Error.WriteLineAsync(invalid.Message);
        return 2;
    }

    var (host, error) = await ControllerHost.StartAsync(options, TimeProvider.System, transcript: null, stop);
    if (host is null)
    {
        await Console.Error.WriteLineAsync(error);
        return 1;
    }

    await using (host)
        await host.WaitForShutdownAsync(stop);
    return 0;
}
