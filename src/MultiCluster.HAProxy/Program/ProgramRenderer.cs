using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MultiCluster.HAProxy.Policies;
using MultiCluster.HAProxy.Traffic;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Renders the fixed part of the configuration: how a request finds its backend, with no word about any Ingress. The
/// text depends on options and version only, so its identity tells whether a running HAProxy runs this program.
/// </summary>
public static class ProgramRenderer
{
    public const string NoRouteBackend = "no-endpoints";

    /// <summary>Holds no server but the table of requests under way by group.</summary>
    public const string LoadBackend = "under-way";

    /// <summary>Holds a server that is never used, for which HAProxy loads the authorities: servers added at run time take them from memory only.</summary>
    public const string AuthoritiesBackend = "authorities";

    /// <summary>A backend of the program itself, that no data leads to.</summary>
    public static bool IsOwn(string backend) =>
        backend is NoRouteBackend or AnswerBackend.Name or LoadBackend or LimitSection.ShortBackend or LimitSection.LongBackend or CertificateSection.ShownBackend or AccountSection.AcceptedBackend or TokenSection.AcceptedBackend or PassthroughSection.PassedBackend or PassthroughSection.InsideBackend or FirewallSection.Name;

    /// <summary>Binds a session to an endpoint. HAProxy's own name; clients see it with that of the session behind it.</summary>
    public const string ServerCookie = "mc-endpoint";

    /// <summary>Binds a session to a group; clients see it with the name of the session behind it.</summary>
    public const string GroupCookie = "mc-cluster";

    /// <summary>To be raised when keys or values of the maps change their meaning, or certificates their place.</summary>
    private const int DataLayout = 8;

    /// <summary>Closes the program's text in the configuration; blocks of backends follow.</summary>
    private const string EndOfProgram = "# End of the program; the rest is data.";

    /// <summary>Far more than a program has: a file without its end is not read to the last of its backends.</summary>
    private const int MaxLines = 4000;

    /// <summary>
    /// Twice the default, in bytes: a certificate chain and key, or a line of the certificate list, goes to the Runtime API as
    /// one command, which must fit (2.6 drops the connection else, 3.0 and 3.2 refuse).
    /// </summary>
    public const int BufferSize = 32_768;

    public static string SlotName(BackendProfile profile, int index) => string.Create(CultureInfo.InvariantCulture, $"{profile.Defaults}-{index}");

    /// <summary>Of routes without a policy.</summary>
    public static string SlotName(int index) => SlotName(default, index);

    /// <summary>Everything but the slots; the caller appends those with the servers they hold.</summary>
    public static string Render(ProgramOptions options, ProgramPaths paths, ProxyFeatures features) =>
        Body(options, paths, Identity(options, paths, features).ToString());

    /// <summary>The size of the pool is no part of it: slots are data, and what is there is counted.</summary>
    public static ProgramIdentity Identity(ProgramOptions options, ProgramPaths paths, ProxyFeatures features)
    {
        var backends = features.DynamicBackends ? "dynamic" : "slots";
        var layout = string.Create(CultureInfo.InvariantCulture, $"{DataLayout}\n{backends}\n{paths.Root}");
        return new ProgramIdentity(
            Digest($"{Body(options, paths, "")}\n{backends}\n{PolicyScript.Text}", 16), Digest(layout, 8), options.Binds.Any(static bind => bind.Tls));
    }

    /// <summary>
    /// The program in a configuration that was rendered before, perhaps from other options, so that newer data can be put behind
    /// it while HAProxy runs it.
    /// </summary>
    /// <returns>Null when that is not <paramref name="identity"/>'s.</returns>
    public static string? ProgramOf(TextReader configuration, ProgramIdentity identity)
    {
        var text = new StringBuilder(4096);
        var described = false;
        for (var left = MaxLines; left > 0 && configuration.ReadLine() is { } line; left--)
        {
            text.Append(line).Append('\n');
            described |= line.AsSpan().Trim().SequenceEqual($"description \"{identity}\"");
            if (string.Equals(line, EndOfProgram, StringComparison.Ordinal))
                return described ? text.ToString() : null;
        }

        return null;
    }

    /// <summary>Ports of TCP services that a program listens on.</summary>
    public static IReadOnlyList<TcpPort> TcpPortsOf(string program) =>
        [.. program.Split('\n').Select(static line => line.Split(' ')).Where(static words => words is ["frontend", _, ..]).Select(static words => TcpPort.Parse(words[1])).OfType<TcpPort>()];

    /// <summary>Whether a program passes TLS on by name.</summary>
    public static bool PassesTls(string program) => program.Contains($"\nfrontend {PassthroughSection.Frontend} ", StringComparison.Ordinal);

    private static string Digest(string text, int length) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..length];

    private static string Body(ProgramOptions options, ProgramPaths paths, string description)
    {
        var text = new StringBuilder(4096);
        GlobalSection.Append(text, options, paths, description);
        LogSection.AppendRing(text, options, paths);
        DefaultsSection.Append(text, options, paths);
        FrontendSection.Append(text, options, paths);
        TcpSection.Append(text, options, paths);
        text.Append(CultureInfo.InvariantCulture, $"""

            # A route whose backend has no endpoint in any member, or no Service at all. Mentioning the map of real names
            # here has HAProxy load it also without an access log.
            backend {NoRouteBackend} from base
                http-request set-var(txn.backend) be_name,map_str({paths.Full(ProgramPaths.BackendMap)})
                http-request set-var(txn.passed) str(),map_str({paths.Full(ProgramPaths.PassedMap)})
                http-request return status 503 content-type text/plain {ErrorPageSection.Body(503, AnswerBackend.NoEndpoints, paths)}

            # Requests under way by group, for policies that limit them.
            backend {LoadBackend} from base
                stick-table type string len 256 size 100k expire 10m store conn_cur

            """);
        AnswerBackend.Append(text, paths);
        LimitSection.AppendTables(text);
        if (PassthroughSection.Stands(options))
            PassthroughSection.Append(text, options, paths);
        CertificateSection.AppendTable(text);
        AccountSection.AppendTable(text);
        TokenSection.AppendTable(text);
        FirewallSection.AppendBackend(text, options);
        if (options.Authorities is { } authorities)
            Append(text, authorities, paths);
        text.Append(CultureInfo.InvariantCulture, $"\n{EndOfProgram}\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, EndpointAuthorities authorities, ProgramPaths paths)
    {
        var whose = authorities.IsConfigured ? $"Configured: {Digest(authorities.Pem, 16)}." : "The machine's own.";
        text.Append(CultureInfo.InvariantCulture, $"""

            # Never used: has HAProxy load who may sign certificates of endpoints. {whose}
            backend {AuthoritiesBackend} from base
                server authorities 127.0.0.1:1 disabled ssl verify required ca-file {paths.Full(ProgramPaths.Authorities)}

            """);
    }

    internal static string Milliseconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMilliseconds}ms");
}
