using System.Net;
using MultiCluster.Federation.Settings;
using MultiCluster.HAProxy.Program;
using MultiCluster.Hocon;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;

namespace MultiCluster.Host.Configuration;

/// <summary>Reads the settings for all Ingresses and proxies.</summary>
internal sealed class SettingsOptionsReader(HoconDocument document, List<HoconError> errors)
{
    private const string Path = "haproxy.settings";
    private const string Tcp = "haproxy.tcp-services";
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

    /// <summary>The Secret of the default certificate; null: none.</summary>
    public ObjectKey? DefaultCertificate(IReadOnlyCollection<MemberOptions> members, EquatableMap values)
    {
        const string Key = "haproxy.tls.default-certificate";
        var set = values.Find(DefaultCertificateSetting.Name) is { } value ? DefaultCertificateSetting.Read(value, space: null) : null;
        if (!document.Has(Key))
            return set;
        if (KeyOf(document.GetString(Key)) is not { } key)
            errors.Add(document.Error(Key, $"is \"{document.GetString(Key)}\"; write NAMESPACE/NAME"));
        else if (!members.Any(static member => member.IsHome))
            errors.Add(document.Error(Key, "is set, but no member is the home cluster, where it is looked for: set home = true for one"));
        else
            return key;
        return null;
    }

    /// <summary>ConfigMaps of TCP services.</summary>
    public EquatableArray<ObjectKey> TcpServices() => Keys($"{Tcp}.config-maps");

    /// <summary>ConfigMaps of headers that annotations may name.</summary>
    public EquatableArray<ObjectKey> HeaderMaps() => Keys("haproxy.header-config-maps");

    /// <summary>Keys of the labels of pods that are read.</summary>
    public EquatableArray<string> PodLabels()
    {
        const string path = "endpoints.pod-labels";
        var keys = document.GetStringList(path);
        foreach (var key in keys.Where(static key => !PodLabel.IsKey(key)))
            errors.Add(document.Error(path, $"holds \"{key}\", which is no key of a label such as group or app.kubernetes.io/version"));
        return keys.Distinct(StringComparer.Ordinal).ToEquatableArray();
    }

    /// <summary>Where IngressClasses have their parameters; null: nowhere.</summary>
    public string? ParametersNamespace()
    {
        const string path = $"{Path}.class-parameters";
        if (!document.Has(path))
            return null;
        var space = document.GetString(path);
        if (!DnsNames.IsLabel(space))
            errors.Add(document.Error(path, $"is \"{space}\"; write the name of a namespace"));
        return space;
    }

    public ProgramOptions WithTcp(ProgramOptions program)
    {
        var listen = document.GetStringList($"{Tcp}.listen");
        foreach (var address in listen.Where(static address => address != "*" && !IPAddress.TryParse(address.Trim('[', ']'), out _)))
            errors.Add(document.Error($"{Tcp}.listen", $"holds \"{address}\", which is no address without a port such as \"*\", \"10.0.0.5\" or \"[::]\""));
        var range = new PortRange(document.GetInt($"{Tcp}.first-port"), document.GetInt($"{Tcp}.last-port"));
        if (range.First < 1 || range.Last > 65535)
            errors.Add(document.Error($"{Tcp}.first-port", "and last-port must be between 1 and 65535"));
        return program with { TcpListen = listen.ToEquatableArray(), TcpRange = range };
    }

    public bool RedirectsToHttps() => document.GetBoolean($"{Path}.https-redirect-with-tls");

    private EquatableArray<ObjectKey> Keys(string path)
    {
        var keys = new List<ObjectKey>();
        foreach (var text in document.GetStringList(path))
        {
            if (KeyOf(text) is { } key)
                keys.Add(key);
            else
                errors.Add(document.Error(path, $"holds \"{text}\"; write NAMESPACE/NAME"));
        }

        return keys.Distinct().ToEquatableArray();
    }

    private static ObjectKey? KeyOf(string text) =>
        text.Split('/') is [var space, var name] && DnsNames.IsLabel(space) && DnsNames.IsSubdomain(name) ? new ObjectKey(space, name) : null;
}
