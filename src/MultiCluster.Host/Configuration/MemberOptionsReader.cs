using MultiCluster.Controller.Members;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Hocon;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Host.Configuration;

/// <summary>Reads what concerns members and how they are federated.</summary>
/// <param name="probe">What is wrong with what a member is to be read from, as words after the key.</param>
internal sealed class MemberOptionsReader(HoconDocument document, List<HoconError> errors, Func<MemberOptions, string?> probe)
{
    public MemberOptions Member(string name)
    {
        var path = HoconPath.Join("members", name);
        var member = new MemberOptions(
            new MemberName(name), Text(path, "manifests"), Text(path, "kubeconfig"), Text(path, "context"), [.. document.GetStringList($"{path}.namespaces")])
        {
            InCluster = document.GetBoolean($"{path}.in-cluster"),
            IsHome = document.GetBoolean($"{path}.home"),
            Labels = Labels(path),
            State = Words.Of(document, errors, $"{path}.state", ("active", MemberState.Active), ("drain", MemberState.Drain), ("disabled", MemberState.Disabled)),
            Access = Access(path),
        };
        if (!DnsNames.IsLabel(name))
            errors.Add(document.Error(path, "is no member name: use lower-case letters, digits and '-', at most 63"));
        if (Convert.ToInt32(member.Manifests is not null) + Convert.ToInt32(member.KubeConfig is not null) + Convert.ToInt32(member.InCluster) != 1)
            errors.Add(document.Error(path, "needs exactly one of manifests (a folder), kubeconfig (a file) and in-cluster = true"));
        else if (probe(member) is { } problem)
            errors.Add(document.Error($"{path}.{KeyOf(member)}", problem));
        return member;
    }

    /// <param name="members">All that the document names.</param>
    public void CheckHome(IReadOnlyCollection<MemberOptions> members)
    {
        var homes = members.Where(static member => member.IsHome).ToList();
        foreach (var second in homes.Skip(1))
            errors.Add(document.Error($"{HoconPath.Join("members", second.Name.Value)}.home", $"is true, but {homes[0].Name} is the home cluster already; there is one"));
    }

    public MemberDiscoveryOptions Discovery(IReadOnlyCollection<MemberOptions> members)
    {
        var options = new MemberDiscoveryOptions(
            document.GetBoolean("discovery.enabled"), Text("discovery", "namespace"), [.. document.GetStringList("discovery.exec-commands")]);
        if (options.IsEnabled && !members.Any(static member => member is { IsHome: true, Manifests: null }))
            errors.Add(document.Error("discovery.enabled", "is true, but no member with an API server is the home cluster: set home = true for one"));
        if (options.Namespace is { } name && !DnsNames.IsLabel(name))
            errors.Add(document.Error("discovery.namespace", $"is \"{name}\", which is no namespace: use lower-case letters, digits and '-', at most 63; null means all"));
        return options;
    }

    public MemberTimes Times() => new()
    {
        StaleAfter = Positive("federation.stale-after"),
        FreshAfter = Positive("federation.fresh-after"),
        RemovalGrace = Positive("federation.removal-grace"),
    };

    public FederationMode Mode() => Words.Of(document, errors, "federation.mode", ("all", FederationMode.All), ("annotated", FederationMode.Annotated));

    private EndpointAccess Access(string path) => new(
        Words.Of(
            document, errors, $"{path}.endpoints.mode",
            ("pod-ip", EndpointMode.PodIP), ("node-port", EndpointMode.NodePort), ("load-balancer", EndpointMode.LoadBalancer), ("auto", EndpointMode.Auto)),
        new EndpointTransport(
            document.GetBoolean($"{path}.endpoints.tls"), document.GetBoolean($"{path}.endpoints.verify-tls"), document.GetBoolean($"{path}.endpoints.proxy-protocol")))
    {
        HasServiceAddresses = document.Has($"{path}.endpoints.service-addresses") ? document.GetBoolean($"{path}.endpoints.service-addresses") : document.GetBoolean($"{path}.in-cluster"),
    };

    private EquatableMap Labels(string path)
    {
        var labels = document.Keys($"{path}.labels").Select(key => KeyValuePair.Create(key, document.GetString($"{path}.labels.{HoconPath.Join(key)}"))).ToList();
        if (Text(path, "region") is { } region)
            labels.Add(KeyValuePair.Create(MemberTraits.RegionLabel, region));
        if (Text(path, "zone") is { } zone)
            labels.Add(KeyValuePair.Create(MemberTraits.ZoneLabel, zone));
        return EquatableMap.From((IEnumerable<KeyValuePair<string, string>>)labels);
    }

    private static string KeyOf(MemberOptions member) => member.Manifests is not null ? "manifests" : member.KubeConfig is not null ? "kubeconfig" : "in-cluster";

    private string? Text(string path, string key) => document.Has($"{path}.{key}") ? document.GetString($"{path}.{key}") : null;

    private TimeSpan Positive(string path)
    {
        var value = document.GetDuration(path);
        if (value < TimeSpan.FromMilliseconds(1) || value > TimeSpan.FromDays(1))
            errors.Add(document.Error(path, "must be between 1ms and 1d"));
        return value;
    }
}
