using MultiCluster.Federation.Settings;
using MultiCluster.Hocon;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Host.Configuration;

/// <summary>Reads the settings for all Ingresses and proxies.</summary>
internal sealed class SettingsOptionsReader(HoconDocument document, List<HoconError> errors)
{
    private const string Path = "haproxy.settings";
    private const string Map = $"{Path}.config-map";

    /// <summary>Where settings are kept in the home cluster; null: nowhere.</summary>
    public SettingsSource? Source(IReadOnlyCollection<MemberOptions> members)
    {
        var prefix = document.GetString($"{Path}.prefix");
        if (!SettingsReader.Prefixes.Contains(prefix, StringComparer.Ordinal))
            errors.Add(document.Error($"{Path}.prefix", $"is \"{prefix}\"; write one of {string.Join(", ", SettingsReader.Prefixes)}"));
        if (!document.Has(Map))
            return null;
        if (KeyOf(document.GetString(Map)) is not { } key)
        {
            errors.Add(document.Error(Map, $"is \"{document.GetString(Map)}\"; write NAMESPACE/NAME"));
            return null;
        }

        if (!members.Any(static member => member.IsHome))
            errors.Add(document.Error(Map, "is set, but no member is the home cluster, where it is looked for: set home = true for one"));
        return new SettingsSource(key, prefix);
    }

    /// <summary>By full names.</summary>
    public EquatableMap Values()
    {
        var values = document.Keys($"{Path}.values").Select(key => KeyValuePair.Create(key, document.GetString($"{Path}.values.{HoconPath.Join(key)}"))).ToList();
        foreach (var (name, value) in values)
        {
            if (SettingsReader.ProblemOf(name, value) is { } problem)
                errors.Add(document.Error($"{Path}.values.{HoconPath.Join(name)}", problem));
        }

        return EquatableMap.From((IEnumerable<KeyValuePair<string, string>>)values);
    }

    public bool RedirectsToHttps() => document.GetBoolean($"{Path}.https-redirect-with-tls");

    private static ObjectKey? KeyOf(string text) =>
        text.Split('/') is [var space, var name] && DnsNames.IsLabel(space) && DnsNames.IsSubdomain(name) ? new ObjectKey(space, name) : null;
}
