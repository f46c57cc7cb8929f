using MultiCluster.Federation.Settings;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>The word on the default certificate is an Ingress of the Secret's namespace that has nothing else, so that the Secret is followed as any other.</summary>
public sealed partial class MemberView
{
    /// <summary>Name of that Ingress.</summary>
    public const string DefaultCertificateName = "multicluster-default-certificate";

    private readonly ObjectKey? _configuredDefault;
    private ObjectKey? _defaultCertificate;

    /// <summary>What the ConfigMap of settings says counts before the configuration; a value that is no good changes nothing.</summary>
    private void MakeDefaultCertificate()
    {
        // What was configured must not be served for a moment only.
        if (_settings is not null && !_configMaps.IsSettled)
            return;
        var secret = _configuredDefault;
        if (_settings is { } source && Settings?.Find(DefaultCertificateSetting.Name) is { } written)
        {
            if (DefaultCertificateSetting.Read(written, source.ConfigMap.Namespace) is not { } named)
                return;
            secret = named;
        }

        ObjectKey? key = secret is { } wanted ? new ObjectKey(wanted.Namespace, DefaultCertificateName) : null;
        if (_defaultCertificate is { } before && before != key)
            SetIngress(before, () => _ingresses.SetMade(before, null));
        _defaultCertificate = key;
        _ingresses.Reserved = key;
        if (key is not { } made)
            return;
        var ingress = new IngressResource(new ObjectMeta(made)) { Tls = [new IngressTls([], secret!.Value.Name)] };
        if (!ingress.Equals(_ingresses.Made.GetValueOrDefault(made)))
            SetIngress(made, () => _ingresses.SetMade(made, ingress));
    }

    /// <summary>An Ingress of ours has that name; who has one of another class waits for nothing of us.</summary>
    private bool HidesIngress(IngressResource ingress) =>
        IsDefaultCertificate(ingress) && _ingresses.Find(ingress.Key) is { } hidden && _classes.Judge(hidden) != ClassVerdict.Foreign;

    private bool IsDefaultCertificate(IngressResource ingress) =>
        _defaultCertificate is { } key && ReferenceEquals(_ingresses.Made.GetValueOrDefault(key), ingress);
}
