namespace MultiCluster.Actors;

/// <summary>The recipe of an actor; a restart uses it again, so the factory gives a new instance each time.</summary>
public sealed record Props
{
    /// <summary>Messages a <see cref="ActorContext.Stash"/> holds unless said otherwise.</summary>
    public const int DefaultStashCapacity = 1_000;

    private Props(Func<Actor> factory, string type)
    {
        Factory = factory;
        Type = type;
    }

    internal Func<Actor> Factory { get; }

    /// <summary>Name of the actor's class, as metrics and the hierarchy show it.</summary>
    public string Type { get; private init; }

    /// <summary>How this actor supervises its children.</summary>
    public OneForOneStrategy Supervisor { get; private init; } = OneForOneStrategy.Default;

    public MailboxOptions Mailbox { get; private init; } = MailboxOptions.Default;

    public int StashCapacity { get; private init; } = DefaultStashCapacity;

    public static Props Create<TActor>(Func<TActor> factory)
        where TActor : Actor
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new Props(factory, typeof(TActor).Name);
    }

    public Props WithSupervisor(OneForOneStrategy strategy) => this with { Supervisor = strategy };

    public Props WithMailbox(MailboxOptions options) => this with { Mailbox = options };

    public Props WithStash(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        return this with { StashCapacity = capacity };
    }
}
