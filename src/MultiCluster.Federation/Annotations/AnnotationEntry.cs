using MultiCluster.Model.Collections;

namespace MultiCluster.Federation.Annotations;

/// <summary>Where a controller reads a key.</summary>
[Flags]
public enum AnnotationPlaces
{
    None = 0,
    Ingress = 1,
    Service = 2,

    /// <summary>The parameters of an IngressClass.</summary>
    Class = 4,

    /// <summary>The controller's own ConfigMap.</summary>
    Global = 8,
}

/// <summary>What a value is for, where a controller tells.</summary>
public enum AnnotationScope
{
    Unsaid,
    Global,
    Host,
    Path,
    Backend,
    Frontend,
    Tcp,
}

/// <summary>What this program makes of a key today.</summary>
public enum AnnotationStatus
{
    /// <summary>It is applied.</summary>
    Supported,

    /// <summary>Not applied as written; its purpose is served in another way, which the note tells.</summary>
    Differs,

    /// <summary>Accepted whatever its value: there is nothing to do here, and nobody could miss it; the note tells why.</summary>
    Needless,

    /// <summary>Not applied yet.</summary>
    Planned,

    /// <summary>Never applied; the note tells why and what to use.</summary>
    Refused,
}

/// <summary>What whoever writes a value may bring about.</summary>
public enum AnnotationRisk
{
    Low,

    /// <summary>It can run code, reach what the writer could not, or pretend to be somebody else.</summary>
    High,
}

/// <summary>One key of one controller: a line of its table.</summary>
/// <param name="Key">Without a prefix.</param>
/// <param name="Default">As that controller has it; null: none.</param>
/// <param name="Done">Values that ask for what happens without the key too, so that they are applied whatever the status is.</param>
/// <param name="Policy">Our name of what it is about, the same for all controllers.</param>
/// <param name="AliasOf">The key of the same table that took its place.</param>
/// <param name="Note">How it differs, why it is refused, what does it today.</param>
public sealed record AnnotationEntry(
    string Key,
    AnnotationPlaces Places,
    AnnotationScope Scope,
    ValueKind Value,
    string? Default,
    EquatableArray<string> Done,
    string Policy,
    string? AliasOf,
    AnnotationStatus Status,
    AnnotationRisk Risk,
    string? Note);

/// <summary>The keys of one controller.</summary>
/// <param name="Title">For people.</param>
/// <param name="Prefixes">The first is the usual one.</param>
/// <param name="IsOpen">Others have keys of this prefix as well, so that an unknown one says nothing.</param>
/// <param name="Entries">In order of keys.</param>
public sealed record AnnotationFamily(
    string Name, string Title, EquatableArray<string> Prefixes, bool IsOpen, EquatableArray<AnnotationEntry> Entries)
{
    public string Prefix => Prefixes[0];
}
