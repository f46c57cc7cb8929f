using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Renders the fixed part of the configuration: how a request finds its backend, with no word about any Ingress. The
/// text depends on options and version only, so its hash tells whether a running HAProxy runs this program.
/// </summary>
public static class ProgramRenderer
{
    public const string NoRouteBackend = "no-endpoints";
    public const string SlotDefaults = "slot";
    public const string SlotPrefix = "slot-";

    /// <summary>Prefix of the global <c>description</c>, followed by the program's hash; read back through <c>show info</c>.</summary>
    public const string DescriptionPrefix = "multicluster program ";

    /// <summary>
    /// Twice the default, in bytes: a certificate chain and key, or a line of the certificate list, goes to the Runtime API as
    /// one command, which must fit (2.6 drops the connection else, 3.0 and 3.2 refuse).
    /// </summary>
    public const int BufferSize = 32_768;

    public static string SlotName(int index) => string.Create(CultureInfo.InvariantCulture, $"{SlotPrefix}{index}");

    /// <summary>Everything but the slots; the caller appends those with the servers they hold.</summary>
    public static string Render(ProgramOptions options, ProgramPaths paths, ProxyFeatures features) =>
        Body(options, paths, Hash(options, paths, features));

    /// <summary>Identity of the program, pool size included.</summary>
    public static string Hash(ProgramOptions options, ProgramPaths paths, ProxyFeatures features)
    {
        var pool = features.DynamicBackends ? "dynamic" : options.PoolSize.ToString(CultureInfo.InvariantCulture);
        var text = $"{Body(options, paths, "")}\n{pool}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    private static string Body(ProgramOptions options, ProgramPaths paths, string hash)
    {
        var text = new StringBuilder(4096);
        GlobalSection.Append(text, options, paths, hash);
        DefaultsSection.Append(text, options);
        FrontendSection.Append(text, options, paths);
        text.Append(CultureInfo.InvariantCulture, $"""

            # A route whose backend has no endpoint in any member, or no Service at all. Mentioning the map of real names
            # here has HAProxy load it also without an access log.
            backend {NoRouteBackend} from base
                http-request set-var(txn.backend) be_name,map_str({paths.Full(ProgramPaths.BackendMap)})
                http-request return status 503 content-type text/plain string "no endpoints\n"

            """);
        return text.ToString();
    }

    internal static string Milliseconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMilliseconds}ms");
}
