using MultiCluster.Federation.Annotations;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Settings;

/// <summary>What counts for an Ingress that does not say otherwise.</summary>
/// <param name="Annotations">By full names; keys that other controllers take from their ConfigMap alone are among them.</param>
/// <param name="RedirectsToHttps">Hosts of spec.tls redirect to https.</param>
public sealed record IngressDefaults(EquatableMap Annotations, bool RedirectsToHttps)
{
    public static readonly IngressDefaults None = new(EquatableMap.Empty, false);

    /// <summary>Names of those that the parameters of the IngressClass say.</summary>
    public EquatableMap OfClass { get; private init; } = EquatableMap.Empty;

    /// <summary>And those that all Ingresses have.</summary>
    internal EquatableMap OfAll => OfClass.Count == 0 ? Annotations : EquatableMap.From(Annotations.Where(item => OfClass.Find(item.Key) is null));

    /// <summary>There is a firewall for applications that proxies can ask.</summary>
    public bool HasFirewall { get; init; }

    /// <inheritdoc cref="Settings.CheckNetworks"/>
    public EquatableArray<string> CheckNetworks { get; init; } = [];

    /// <summary>Proxies hold answers back.</summary>
    public bool LimitsBandwidth { get; init; }

    /// <summary>Follows the name of a key where it is told.</summary>
    internal string LabelOf(string name) => OfClass.Find(name) is null ? OfSettings : OfParameters;

    /// <summary>It is named with <see cref="LabelOf"/>.</summary>
    internal static bool IsOfDefaults(string field) => field.EndsWith(OfSettings, StringComparison.Ordinal) || field.EndsWith(OfParameters, StringComparison.Ordinal);

    internal const string OfSettings = " of the settings for all Ingresses";
    internal const string OfParameters = " of the parameters of the IngressClass";

    public bool IsEmpty => Annotations.Count == 0 && !RedirectsToHttps;

    /// <summary>The settings that members keep: of two members that have some those of the first. Empty when none has.</summary>
    public static EquatableMap SettingsOf(IEnumerable<KeyValuePair<MemberName, MemberTraits>> members) =>
        members.Where(static item => !item.Value.IsRemoved && item.Value.Settings.Count > 0).OrderBy(static item => item.Key).Select(static item => item.Value.Settings).FirstOrDefault(EquatableMap.Empty);

    /// <summary>What the configuration says, and over it what a member's settings say.</summary>
    public IngressDefaults With(EquatableMap settings) => settings.Count == 0
        ? this
        : this with
        {
            Annotations = EquatableMap.From(Annotations.Concat(Only(settings))),
            HasFirewall = HasFirewall || settings.Find(FirewallWords.EndpointsKey) is not null,
        };

    /// <summary>And over these what the parameters of the class say.</summary>
    public IngressDefaults WithClass(EquatableMap parameters) => parameters.Count == 0 ? this : With(parameters) with { OfClass = parameters };

    /// <summary>Those settings that say something of routes, and not of proxies alone.</summary>
    public static EquatableMap Only(EquatableMap settings) =>
        EquatableMap.From(settings.Where(static item => AnnotationIndex.Find(item.Key) is { } known && !known.Entry.Value.IsSecret && !Reloads.Names.Contains(item.Key)));
}
