using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Processes;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>The HAProxy of a state directory, by what the product left there for operators.</summary>
internal static class HAProxyFiles
{
    private const int Address = 4, Port = 18;

    /// <summary>Null when none was started, or it is gone.</summary>
    public static async Task<ProcessIdentity?> MasterAsync(string stateDirectory)
    {
        var file = Path.Combine(stateDirectory, "master.pid");
        return File.Exists(file) ? ProcessIdentity.Of(int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture)) : null;
    }

    /// <summary>Every server that takes requests, as HAProxy itself says: "backend address:port", sorted.</summary>
    public static async Task<IReadOnlyList<string>> ServersAsync(string stateDirectory) => await ServersAsync(stateDirectory, onlyUsed: true);

    /// <summary>Every server that there is, also one that gets no requests any more.</summary>
    public static async Task<IReadOnlyList<string>> AllServersAsync(string stateDirectory) => await ServersAsync(stateDirectory, onlyUsed: false);

    /// <summary>
    /// Every server whose last check has passed: "address:port". Until its first has, the first that fails takes a server out, whatever
    /// "fall" says (HAProxy's manual, "rise": a server begins at the least health that counts as up).
    /// </summary>
    public static async Task<IReadOnlySet<string>> PassedCheckAsync(string stateDirectory)
    {
        const int CheckResult = 11;
        const string Passed = "3";
        return (await RowsAsync(stateDirectory)).Where(static fields => fields[CheckResult] == Passed).Select(static fields => $"{fields[Address]}:{fields[Port]}").ToHashSet();
    }

    /// <summary>A field of <c>show stat</c> of the server with this "address:port"; null when there is none.</summary>
    public static async Task<string?> StatisticAsync(string stateDirectory, string server, string field)
    {
        var lines = (await AskAsync(stateDirectory, "show stat\n")).Split('\n');
        var names = lines[0].Split(',');
        var (address, wanted) = (Array.IndexOf(names, "addr"), Array.IndexOf(names, field));
        return lines.Skip(1).Select(static line => line.Split(',')).FirstOrDefault(fields => fields.Length > address && fields[address] == server)?[wanted];
    }

    public static async Task StopAsync(string stateDirectory)
    {
        if (await MasterAsync(stateDirectory) is { } master)
            await new HAProxyProcess(TimeProvider.System).StopAsync(master, graceful: false, TimeSpan.FromSeconds(5), CancellationToken.None);
    }

    private static async Task<IReadOnlyList<string>> ServersAsync(string stateDirectory, bool onlyUsed)
    {
        const int Backend = 1, OperationalState = 5, AdministrativeState = 6;
        return [.. (await RowsAsync(stateDirectory))
            .Where(static fields => fields[Backend] != ProgramRenderer.AuthoritiesBackend && !ProgramRenderer.IsOwn(fields[Backend]))
            .Where(fields => !onlyUsed || (fields[OperationalState] != "0" && fields[AdministrativeState] == "0"))
            .Select(static fields => $"{fields[Backend]} {fields[Address]}:{fields[Port]}")
            .Order(StringComparer.Ordinal)];
    }

    private static async Task<IReadOnlyList<string[]>> RowsAsync(string stateDirectory) =>
        [.. (await AskAsync(stateDirectory, "show servers state\n")).Split('\n').Skip(2).Select(static line => line.Split(' ')).Where(static fields => fields.Length > Port)];

    private static async Task<string> AskAsync(string stateDirectory, string command)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(stateDirectory, "worker.sock")));
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
