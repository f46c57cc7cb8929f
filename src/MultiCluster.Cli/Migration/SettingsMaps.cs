using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Cli.Migration;

/// <summary>Which ConfigMaps are settings or TCP services of a controller: those that are named, else those with the names that its installation gives them.</summary>
/// <param name="Settings">As PREFIX=NAMESPACE/NAME; empty: found by name.</param>
/// <param name="TcpServices">As NAMESPACE/NAME; empty: found by name.</param>
internal sealed record SettingsMaps(IReadOnlyList<SettingsSource> Settings, IReadOnlyList<ObjectKey> TcpServices)
{
    private static readonly (string End, string Prefix)[] Usual =
    [
        ("kubernetes-ingress", "haproxy.org/"),
        ("haproxy-ingress", "haproxy-ingress.github.io/"),
        ("ingress-nginx-controller", "nginx.ingress.kubernetes.io/"),
        ("nginx-configuration", "nginx.ingress.kubernetes.io/"),
    ];

    private static readonly string[] UsualOfTcp = ["kubernetes-ingress-tcp", "haproxy-ingress-tcp", "ingress-nginx-tcp", "tcp-services"];

    public EquatableArray<SettingsSource> SettingsOf(IEnumerable<Resource> objects) => Settings.Count > 0
        ? Settings.ToEquatableArray()
        : objects.OfType<ConfigMapResource>().Select(static map => map.Key).Distinct().Order()
            .SelectMany(static key => Usual.Where(usual => key.Name.EndsWith(usual.End, StringComparison.Ordinal)).Select(usual => new SettingsSource(key, usual.Prefix)))
            .ToEquatableArray();

    public EquatableArray<ObjectKey> TcpServicesOf(IEnumerable<Resource> objects) => TcpServices.Count > 0
        ? TcpServices.ToEquatableArray()
        : objects.OfType<ConfigMapResource>().Select(static map => map.Key).Distinct().Order()
            .Where(static key => Array.Exists(UsualOfTcp, usual => key.Name.EndsWith(usual, StringComparison.Ordinal)))
            .ToEquatableArray();

    /// <summary>Null for what is none.</summary>
    public static ObjectKey? KeyOf(string written) =>
        written.Split('/') is [var space, var name] && DnsNames.IsLabel(space) && DnsNames.IsSubdomain(name) ? new ObjectKey(space, name) : null;

    /// <inheritdoc cref="KeyOf"/>
    public static SettingsSource? SourceOf(string written)
    {
        if (written.Split('=') is not [var prefix, var key] || KeyOf(key) is not { } map)
            return null;
        var full = prefix.EndsWith('/') ? prefix : prefix + "/";
        return SettingsReader.Prefixes.Contains(full, StringComparer.Ordinal) ? new SettingsSource(map, full) : null;
    }
}
