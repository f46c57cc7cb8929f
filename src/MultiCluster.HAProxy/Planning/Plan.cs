using System.Collections.Immutable;

namespace MultiCluster.HAProxy.Planning;

/// <summary>Why HAProxy has to be reloaded: there is no reload without one, and each is counted.</summary>
public enum ReloadReason
{
    /// <summary>The running HAProxy has another program: other ports, options or version of ours.</summary>
    ProgramChanged,

    /// <summary>The cluster's settings say something else of proxies as a whole.</summary>
    SettingsChanged,

    /// <summary>A TCP service needs a port that HAProxy does not listen on yet.</summary>
    PortAdded,

    /// <summary>The first Ingress wants TLS to be passed on: that takes a frontend of its own.</summary>
    PassthroughBegun,

    /// <summary>More Services than blank backends (HAProxy before 3.4): the pool was doubled.</summary>
    PoolExhausted,
}

/// <param name="Subject">The backend or map entry to look at again when the command fails.</param>
public sealed record PlannedCommand(RuntimeCommand Command, Effect Effect, Subject Subject);

/// <summary>The item that a command is about.</summary>
public readonly record struct Subject(SubjectKind Kind, string Name, Data.MapKey Entry)
{
    public static Subject Backend(string name) => new(SubjectKind.Backend, name, default);

    public static Subject Certificate(string file) => new(SubjectKind.Certificate, file, default);

    public static Subject Map(Data.MapKey entry) => new(SubjectKind.Map, "", entry);

    public static Subject Foreign(string what) => new(SubjectKind.Foreign, what, default);
}

public enum SubjectKind
{
    Map,
    Backend,
    Certificate,

    /// <summary>Something in HAProxy that is none of ours and that no command can name: it stays.</summary>
    Foreign,
}

/// <param name="Reason">HAProxy's words, or ours for what could not be sent.</param>
public sealed record RefusedSubject(Subject Subject, string Reason);

/// <summary>Commands in the order in which they keep every moment between them servable.</summary>
/// <param name="Inexpressible">Subjects that there is no command for; none of their commands is in the plan.</param>
public sealed record Plan(ImmutableArray<PlannedCommand> Commands, ImmutableArray<RefusedSubject> Inexpressible)
{
    public static readonly Plan Empty = new([], []);

    /// <summary>Backends with servers that are to be removed as soon as those are there that take their place.</summary>
    public ImmutableArray<string> Deferred { get; init; } = [];

    public bool IsEmpty => Commands.IsEmpty;
}
