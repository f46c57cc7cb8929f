using System.Globalization;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Names of the start file's parts. HAProxy knows maps and certificates by the path it read them from, so the paths run
/// through the link to the current generation and never change.
/// </summary>
/// <param name="Root">Absolute directory whose content is the current start file.</param>
/// <param name="WorkerSocket">Absolute path of the worker's Runtime API socket.</param>
public sealed record ProgramPaths(string Root, string WorkerSocket)
{
    public const string Config = "haproxy.cfg";
    public const string RouteMap = "maps/routes.map";
    public const string DefaultMap = "maps/defaults.map";
    public const string BackendMap = "maps/backends.map";
    public const string ShareMap = "maps/shares.map";
    public const string NextMap = "maps/next.map";
    public const string BoundMap = "maps/bound.map";
    public const string TokenMap = "maps/tokens.map";
    public const string TrustMap = "maps/trust.map";
    public const string PassedMap = "maps/passed.map";
    public const string PolicyMap = "maps/policies.map";
    public const string SourceMap = "maps/sources.map";
    public const string Script = "policies.lua";
    public const string CertificateList = "crt-list.txt";
    public const string DefaultCertificate = "certs/default.pem";
    public const string Authorities = "certs/authorities.pem";
    public const string Firewall = "firewall.spoe";
    public const string Metadata = "meta.json";

    public static string PatternMap(int bucket) => string.Create(CultureInfo.InvariantCulture, $"maps/patterns-{bucket:x}.map");

    /// <summary>Where the agent tells whether a password has a hash; beside the worker's.</summary>
    public string PasswordSocket => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(WorkerSocket) ?? "/", "pass.sock");

    /// <summary>Where the agent takes copies of requests; beside the worker's.</summary>
    public string MirrorSocket => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(WorkerSocket) ?? "/", "copy.sock");

    /// <summary>Where HAProxy listens for what it asks itself; beside the worker's.</summary>
    public string AskSocket => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(WorkerSocket) ?? "/", "ask.sock");

    /// <summary>Where the agent takes lines of the access log; beside the worker's.</summary>
    public string LogSocket => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(WorkerSocket) ?? "/", "log.sock");

    public string Full(string relative) => $"{Root}/{relative}";
}
