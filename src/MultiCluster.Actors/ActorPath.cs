namespace MultiCluster.Actors;

/// <summary>The place of an actor in its system's tree: <c>/user/members/aws</c>.</summary>
public sealed record ActorPath
{
    private readonly string _text;

    private ActorPath(ActorPath? parent, string name)
    {
        Parent = parent;
        Name = name;
        _text = $"{parent?._text}/{name}";
    }

    public ActorPath? Parent { get; }

    public string Name { get; }

    public bool Equals(ActorPath? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    public override string ToString() => _text;

    internal static ActorPath Root(string name) => new(null, name);

    internal ActorPath Child(string name) => new(this, name);

    /// <summary>Why <paramref name="name"/> can't name an actor, or null.</summary>
    internal static string? Fault(string name)
    {
        if (name.Length == 0)
            return "it is empty";
        if (name[0] == '$')
            return "names that begin with '$' are given by the system";
        foreach (var c in name)
        {
            if (c == '/' || char.IsControl(c) || char.IsWhiteSpace(c))
                return "it holds '/', white space or a control character";
        }
        return null;
    }
}
