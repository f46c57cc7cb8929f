using Microsoft.Extensions.Logging;
using MultiCluster.Controller.Metrics.Access;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Runtime.Processes;
using MultiCluster.HAProxy.Runtime.Sockets;
using MultiCluster.HAProxy.Runtime.State;

namespace MultiCluster.Controller.Proxies;

/// <param name="State">Locked: we are the only agent of this HAProxy.</param>
/// <param name="DefaultCertificatePem">Served to names that no Secret covers.</param>
public sealed record ProxySettings(
    string Name,
    HAProxyBinary Binary,
    ProgramOptions Options,
    StateDirectory State,
    string DefaultCertificatePem,
    TimeSpan StartFileDelay,
    TimeSpan VerifyInterval,
    IRuntimeTranscript? Transcript,
    ILoggerFactory Loggers)
{
    public ProxyFeatures Features { get; } = ProxyFeatures.Of(new ProxyVersion(Binary.Version.Major, Binary.Version.Minor));

    public ProgramPaths Paths { get; } = new(State.InCurrent("").TrimEnd('/'), System.IO.Path.Combine(State.Path, "worker.sock"));

    public string MasterSocket { get; } = System.IO.Path.Combine(State.Path, "master.sock");

    public string LogFile { get; } = System.IO.Path.Combine(State.Path, "haproxy.log");

    /// <summary>For scripts that have to stop what outlives us.</summary>
    public string MasterPidFile { get; } = System.IO.Path.Combine(State.Path, "master.pid");

    /// <summary>Of the program that HAProxy should run.</summary>
    public ProgramIdentity Identity => ProgramRenderer.Identity(Options, Paths, Features);

    /// <summary>Called whenever HAProxy has been started or adopted.</summary>
    public Action Opened { get; init; } = static () => { };

    /// <summary>Called with the name and the version of the table that HAProxy holds, whenever that is another.</summary>
    public Action<string, long> Applied { get; init; } = static (_, _) => { };

    /// <summary>What others may look at while the instance works.</summary>
    public LiveProxy Live { get; } = new();

    /// <summary>What the access log counts; it outlives the instances.</summary>
    public AccessBook Accesses { get; } = new();

    public bool HasTls => Options.Binds.Any(static bind => bind.Tls);
}
