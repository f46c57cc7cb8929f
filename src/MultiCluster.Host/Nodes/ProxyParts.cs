using Microsoft.Extensions.Logging;
using MultiCluster.Controller.Proxies;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.HAProxy.Runtime.State;
using MultiCluster.Host.Configuration;
using HostOptions = MultiCluster.Host.Configuration.HostOptions;

namespace MultiCluster.Host.Nodes;

/// <summary>What is needed to drive the HAProxy beside this process.</summary>
internal sealed class ProxyParts : IDisposable
{
    private readonly StateDirectory _state;

    private ProxyParts(ProxySettings settings, StateDirectory state)
    {
        Settings = settings;
        _state = state;
    }

    public ProxySettings Settings { get; }

    public static async Task<Outcome<ProxyParts>> OpenAsync(
        HostOptions options, TimeProvider time, IRuntimeTranscript? transcript, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var binary = await HAProxyBinary.InspectAsync(options.HAProxyBinary, time, cancellationToken);
        if (!binary.IsOk)
            return new Failure(binary.Error);
        if (SocketProblem(options.StateDirectory) is { } tooLong)
            return new Failure($"haproxy.state-directory: {tooLong}");
        var state = StateDirectory.Open(options.StateDirectory, loggers.CreateLogger<StateDirectory>());
        if (!state.IsOk)
            return new Failure(state.Error);
        var (certificate, problem) = DefaultCertificate.LoadOrCreate(state.Value.Path, time, loggers.CreateLogger<ProxyParts>());
        var authorities = SystemAuthorities.Load(options.CaFile, loggers.CreateLogger<ProxyParts>());
        if ((problem ?? authorities.Error) is { } trouble)
        {
            state.Value.Dispose();
            return new Failure(trouble);
        }

        var settings = new ProxySettings(
            options.Proxy.Name,
            binary.Value,
            DescriptorLimit.Fit(options.Program, loggers.CreateLogger<ProxyParts>()) with { Authorities = authorities.Authorities },
            state.Value,
            certificate!,
            options.StartFileDelay,
            options.VerifyInterval,
            transcript,
            loggers);
        return new ProxyParts(settings, state.Value);
    }

    public void Dispose() => _state.Dispose();

    /// <summary>HAProxy's sockets lie there, and a path of theirs that is too long shows only when it starts.</summary>
    public static string? SocketProblem(string stateDirectory) =>
        UnixSocketPath.Problem(Path.Combine(Path.GetFullPath(stateDirectory), "worker.sock"));
}
