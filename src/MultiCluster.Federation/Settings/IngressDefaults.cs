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

    public bool IsEmpty => Annotations.Count == 0 && !RedirectsToHttps;

    /// <summary>The settings that members keep: of two members that have some those of the first. Empty when none has.</summary>
    public static EquatableMap SettingsOf(IEnumerable<KeyValuePair<MemberName, MemberTraits>> members) =>
        members.Where(static item => !item.Value.IsRemoved && item.Value.Settings.Count > 0).OrderBy(static item => item.Key).Select(static item => item.Value.Settings).FirstOrDefault(EquatableMap.Empty);

    /// <summary>What the configuration says, and over it what a member's settings say.</summary>
    public IngressDefaults With(EquatableMap settings) => settings.Count == 0
        ? this
        : this with { Annotations = EquatableMap.From(Annotations.Concat(Only(settings))) };

    /// <summary>Those settings that say something of routes, and not of proxies alone.</summary>
    public static EquatableMap Only(EquatableMap settings) =>
        EquatableMap.From(settings.Where(static item => AnnotationIndex.Find(item.Key) is { } known && !known.Entry.Value.IsSecret && !Reloads.Names.Contains(item.Key)));
}
