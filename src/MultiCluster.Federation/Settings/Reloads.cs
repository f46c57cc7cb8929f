using System.Collections.Frozen;
using MultiCluster.Federation.Annotations;

namespace MultiCluster.Federation.Settings;

/// <summary>A setting of proxies as a whole: HAProxy takes it from its configuration alone, so that another value is one reload.</summary>
/// <param name="Name">With its prefix.</param>
/// <param name="Versions">Of HAProxy that need the reload: "all", or "before" and one.</param>
/// <param name="Setting">The key of the configuration file that says the same; null: there is none.</param>
/// <param name="Why">For people.</param>
public sealed record ReloadEntry(string Name, string Versions, string? Setting, string Why);

/// <summary>The settings that need a reload. All others count at run time.</summary>
public static class Reloads
{
    public static IReadOnlyList<ReloadEntry> All { get; } = AnnotationIndex.ReadReloads();

    public static FrozenSet<string> Names { get; } = All.Select(static entry => entry.Name).ToFrozenSet(StringComparer.Ordinal);
}
