using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>Names of backends and servers: real ones wherever HAProxy lets us choose.</summary>
public static class BackendNames
{
    /// <summary>Real name, such as <c>web/cart:http@aws,gcp</c>.</summary>
    public static string RealName(BackendKey key) => key.ToString();

    /// <summary>False for a key that no Kubernetes API server would let through; nothing of it reaches HAProxy.</summary>
    public static bool IsUsable(BackendKey key) => SafeText.IsValue(RealName(key)) && SafeText.IsName(Dynamic(key));

    /// <summary>Reads what <see cref="RealName"/> wrote; null for anything else (a map edited by hand).</summary>
    public static BackendKey? Parse(string text)
    {
        var at = text.LastIndexOf('@');
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var colon = at < 0 ? -1 : text.LastIndexOf(':', at);
        if (slash <= 0 || colon <= slash || at <= colon || at == text.Length - 1)
            return null;
        var port = text[(colon + 1)..at];
        var reference = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? PortRef.Numbered(number)
            : PortRef.Named(port);
        var members = text[(at + 1)..].Split(',').Select(static m => new MemberName(m)).ToEquatableArray();
        return new BackendKey(new BackendRef(new ObjectKey(text[..slash], text[(slash + 1)..colon]), reference), members);
    }

    /// <summary>
    /// Name of a backend made with <c>add backend</c>: readable, and unique through a digest, since '_' stands for what
    /// HAProxy does not take in a name.
    /// </summary>
    public static string Dynamic(BackendKey key)
    {
        var real = RealName(key);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(real)))[..8];
        return $"{key.Ref.Service.Namespace}_{key.Ref.Service.Name}_{key.Ref.Port}_{digest}";
    }

    /// <summary>Such as <c>aws:cart-7d9f:10.0.0.7:8080</c>. The name holds the address, so an equal name is an equal server.</summary>
    public static string Server(MemberName member, BackendEndpoint endpoint, int port)
    {
        var pod = endpoint.Pod.Length == 0 || !DnsNames.IsSubdomain(endpoint.Pod) ? "-" : endpoint.Pod;
        return string.Create(CultureInfo.InvariantCulture, $"{member}:{pod}:{endpoint.Address}:{port}");
    }
}
