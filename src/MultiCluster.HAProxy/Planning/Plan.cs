using System.Collections.Immutable;

namespace MultiCluster.HAProxy.Planning;

/// <summary>Why HAProxy has to be reloaded: there is no reload without one, and each is counted.</summary>
public enum ReloadReason
{
    /// <summary>The running HAProxy has another program: other ports, options or version of ours.</summary>
    ProgramChanged,

    /// <summary>More Services than blank backends (HAProxy before 3.4): the pool was doubled.</summary>
    PoolExhausted,

    /// <summary>What HAProxy holds could not be brought to what it should hold by commands.</summary>
    Unrepairable,
}

/// <param name="Subject">The backend or map entry to look at again when the command fails.</param>
public sealed record PlannedCommand(RuntimeCommand Command, Effect Effect, Subject Subject);

/// <summary>The item that a command is about.</summary>
public readonly record struct Subject(SubjectKind Kind, string Name, Data.MapKey Entry)
{
    public static Subject Backend(string name) => new(SubjectKind.Backend, name, default);

    public static Subject Certificate(string file) => new(SubjectKind.Certificate, file, default);

    public static Subject Map(Data.MapKey entry) => new(SubjectKind.Map, "", entry);
}

public enum SubjectKind
{
    Map,
    Backend,
    Certificate,
}

/// <summary>Commands in the order in which they keep every moment between them servable.</summary>
public sealed record Plan(ImmutableArray<PlannedCommand> Commands)
{
    public static readonly Plan Empty = new([]);

    public bool IsEmpty => Commands.IsEmpty;
}
