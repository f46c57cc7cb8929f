using System.Collections.Frozen;
using System.Globalization;
using MultiCluster.Federation.Annotations;

namespace MultiCluster.Federation.Settings;

/// <summary>Who brings a reload about.</summary>
public enum ReloadCause
{
    /// <summary>Whoever writes the settings of all, which are about proxies as a whole.</summary>
    Settings,

    /// <summary>Whoever writes an Ingress or a Service.</summary>
    Objects,
}

/// <summary>The versions of HAProxy that need a reload.</summary>
/// <param name="Before">The first that needs none; null: all need it.</param>
public readonly record struct ReloadVersions(Version? Before)
{
    private const string All = "all";
    private const string BeforeWord = "before ";

    /// <summary>Null for what is neither "all" nor "before" and a version.</summary>
    public static ReloadVersions? Parse(string text) => text == All ? new ReloadVersions(null)
        : text.StartsWith(BeforeWord, StringComparison.Ordinal) && Version.TryParse(text.AsSpan(BeforeWord.Length), out var version) ? new ReloadVersions(version)
        : null;

    public bool Has(int major, int minor) => Before is null || new Version(major, minor) < Before;

    public override string ToString() => Before is null ? All : string.Create(CultureInfo.InvariantCulture, $"{BeforeWord}{Before}");
}

/// <summary>A key that HAProxy can't be told of at run time, in every case, so that it is a reload.</summary>
/// <param name="Name">With its prefix; without one: what objects say without an annotation.</param>
/// <param name="Setting">The key of the configuration file that says the same; null: there is none.</param>
/// <param name="Why">For people.</param>
public sealed record ReloadEntry(string Name, ReloadCause By, ReloadVersions Versions, string? Setting, string Why);

/// <summary>What needs a reload. All else counts at run time.</summary>
public static class Reloads
{
    public static IReadOnlyList<ReloadEntry> All { get; } = AnnotationIndex.ReadReloads();

    /// <summary>The settings among them.</summary>
    public static IReadOnlyList<ReloadEntry> OfSettings { get; } = [.. All.Where(static entry => entry.By == ReloadCause.Settings)];

    /// <summary>Annotations, and the rest of objects.</summary>
    public static IReadOnlyList<ReloadEntry> OfObjects { get; } = [.. All.Where(static entry => entry.By == ReloadCause.Objects)];

    /// <summary>Of the settings.</summary>
    public static FrozenSet<string> Names { get; } = OfSettings.Select(static entry => entry.Name).ToFrozenSet(StringComparer.Ordinal);
}
