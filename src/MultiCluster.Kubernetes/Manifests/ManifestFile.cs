using System.Collections.Immutable;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Manifests;

internal readonly record struct ObjectId(ResourceKind Kind, ObjectKey Key)
{
    public override string ToString() => $"{Kind} {Key}";
}

/// <summary>One state of one file, as parsed.</summary>
/// <param name="IsMalformed">The text is no YAML or JSON: its objects are unknown, not absent.</param>
/// <param name="Hash">Of the bytes.</param>
internal sealed record ManifestFile(
    ImmutableDictionary<ObjectId, Resource> Objects,
    ImmutableArray<FolderProblem> Problems,
    bool IsMalformed,
    bool EndsWithNewline,
    UInt128 Hash)
{
    public bool IsEmpty => Objects.IsEmpty && !IsMalformed;

    /// <summary>
    /// Whether this looks like a part of a text, as a program leaves it that was killed or writes in several goes. A guess,
    /// for contents whose writer has closed them: a part may well look whole.
    /// </summary>
    public bool LooksHalfWritten(ManifestFile? before)
    {
        if (IsMalformed)
            return true;
        if (before is null || before.Objects.IsEmpty)
            return false;
        return (before.EndsWithNewline && !EndsWithNewline)
            || before.Objects.Keys.Any(id => !Objects.ContainsKey(id))
            || Faults() > before.Faults();
    }

    private int Faults() => Problems.Length + Objects.Values.Count(static resource => resource.DecodeError is not null);
}
