using System.Collections.Frozen;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;

namespace MultiCluster.Federation.Annotations;

/// <summary>A key with the controller that it is of.</summary>
public readonly record struct KnownAnnotation(AnnotationFamily Family, AnnotationEntry Entry)
{
    public string Name => Family.Prefix + Entry.Key;
}

/// <summary>
/// Every annotation that we or the controllers that we take the place of have. Data: nothing is applied from here, and the tables tell of
/// each key what becomes of it.
/// </summary>
public static class AnnotationIndex
{
    /// <summary>Read by both HAProxy controllers, for older objects.</summary>
    private const string OldPrefix = "ingress.kubernetes.io/";

    private static readonly Dictionary<string, string> Meanings = AnnotationTable.Policies("policies.tsv", Text("policies.tsv"));

    /// <summary>Of two that have a prefix in common, the one that documents it as its own comes first.</summary>
    public static EquatableArray<AnnotationFamily> Families { get; } =
    [
        Family("multicluster", "MultiCluster", isOpen: false, PolicyAnnotations.Prefix),
        Family("haproxy-ingress", "HAProxy Ingress (community)", isOpen: false, "haproxy-ingress.github.io/", OldPrefix),
        Family("haproxy", "HAProxy Kubernetes Ingress Controller (official)", isOpen: false, "haproxy.org/", "haproxy.com/", OldPrefix),
        // Named by administrators: none can be known, and none may be passed over in silence.
        Family("haproxy-custom", "HAProxy Kubernetes Ingress Controller (custom annotations)", isOpen: false, "backend.haproxy.org/", "frontend.haproxy.org/"),
        Family("nginx", "ingress-nginx", isOpen: false, "nginx.ingress.kubernetes.io/"),
        Family("kubernetes", "Kubernetes", isOpen: true, "kubernetes.io/"),
    ];

    /// <summary>By every name that there is; of two families that have it, of the first.</summary>
    private static readonly FrozenDictionary<string, KnownAnnotation> ByName = Names()
        .DistinctBy(static item => item.Key, StringComparer.Ordinal)
        .ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Policies => Meanings.Keys;

    public static string MeaningOf(string policy) => Meanings[policy];

    /// <summary>Those that read a name of this prefix; none for an annotation that is no controller's.</summary>
    public static IEnumerable<AnnotationFamily> FamiliesOf(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? [] : Families.Where(family => family.Prefixes.Contains(name[..(slash + 1)], StringComparer.Ordinal));
    }

    /// <summary>Of another controller than ours, known or not, or of ours as controllers have them: what makes policies of routes.</summary>
    public static bool IsOfController(string name) => IsOwnOfRoutes(name)
        || FamiliesOf(name).Any(static family => !family.IsOpen && !string.Equals(family.Prefix, PolicyAnnotations.Prefix, StringComparison.Ordinal));

    /// <summary>One of ours that says what is done to requests, not where they go.</summary>
    internal static bool IsOwnOfRoutes(string name) =>
        name.StartsWith(PolicyAnnotations.Prefix, StringComparison.Ordinal) && Find(name) is { Entry.Value.IsOwn: false };

    /// <summary>Names of those.</summary>
    internal static IReadOnlyList<string> OwnOfRoutes { get; } = [.. ByName.Keys.Where(IsOwnOfRoutes)];

    /// <param name="name">With its prefix.</param>
    public static KnownAnnotation? Find(string name) => ByName.TryGetValue(name, out var known) ? known : null;

    /// <summary>The name, with the same prefix, that was likely meant; null when none is near.</summary>
    public static string? Nearest(string name)
    {
        var keys = FamiliesOf(name)
            .SelectMany(static family => family.Entries)
            .Where(static entry => entry.Places != AnnotationPlaces.Global)
            .Select(static entry => entry.Key);
        var written = KeyOf(name);
        return Words.Nearest(written, keys) is { } nearest ? name[..^written.Length] + nearest : null;
    }

    internal static IReadOnlyList<ReloadEntry> ReadReloads() => AnnotationTable.Reloads("reloads.tsv", Text("reloads.tsv"));

    private static IEnumerable<KeyValuePair<string, KnownAnnotation>> Names() =>
        from family in Families
        from prefix in family.Prefixes
        from entry in family.Entries
        select KeyValuePair.Create(prefix + entry.Key, new KnownAnnotation(family, entry));

    private static string KeyOf(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static AnnotationFamily Family(string name, string title, bool isOpen, params string[] prefixes) =>
        new(name, title, prefixes.ToEquatableArray(), isOpen, AnnotationTable.Entries($"{name}.tsv", Text($"{name}.tsv"), Meanings));

    private static string Text(string file)
    {
        using var stream = typeof(AnnotationIndex).Assembly.GetManifestResourceStream($"Annotations/{file}")
            ?? throw new FormatException($"{file}: the table is not in the program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
