using System.Net;
using System.Text.Json;
using MultiCluster.Cli;
using MultiCluster.Model.Admin;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>The operator's program in this process, over the real admin API of another or of this one.</summary>
internal static class Mcctl
{
    public static async Task<Printed> RunAsync(IPEndPoint admin, CancellationToken stop, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var context = new CliContext(output, error, static _ => new SocketsHttpHandler { UseProxy = false }, TimeProvider.System, $"http://{admin}");
        var code = await CommandFactory.RunAsync(args, context, stop);
        return new Printed(code, output.ToString(), error.ToString());
    }

    /// <summary>Of a command that has to succeed.</summary>
    public static async Task<T> JsonAsync<T>(IPEndPoint admin, params string[] args)
    {
        var printed = await RunAsync(admin, CancellationToken.None, [.. args, "-o", "json"]);
        Assert.True(printed.Code == 0, $"mcctl {string.Join(' ', args)}: {printed}");
        return (T)JsonSerializer.Deserialize(printed.Output, typeof(T), AdminJson.Default)!;
    }
}

public sealed record Printed(int Code, string Output, string Error);
