namespace MultiCluster.Persistence;

/// <summary>The persistence ids from <paramref name="From"/> up to, but without, <paramref name="Until"/>, in order of their characters.</summary>
public readonly record struct IdRange(string From, string Until)
{
    // Ids are of visible ASCII: a space sorts before, DEL behind whatever may follow.
    public static IdRange All { get; } = new("", "\u007f");

    public static IdRange Only(string persistenceId) => new(persistenceId, persistenceId + " ");

    public static IdRange WithPrefix(string prefix) => new(prefix, prefix + "\u007f");

    public bool Contains(string persistenceId) =>
        string.CompareOrdinal(persistenceId, From) >= 0 && string.CompareOrdinal(persistenceId, Until) < 0;
}
