using MultiCluster.Hocon.Resolution;

namespace MultiCluster.Hocon.Schema;

/// <summary>A key of the reference: its type, and what may stand below it.</summary>
internal sealed class SchemaNode(HoconType type)
{
    private readonly OrderedDictionary<string, SchemaNode> keys = new(StringComparer.Ordinal);

    public HoconType Type { get; } = type;

    public IEnumerable<KeyValuePair<string, SchemaNode>> Keys => keys;

    /// <summary>The key in angle brackets, brackets included, of a map whose keys the user chooses.</summary>
    public string? WildcardKey { get; private set; }

    public SchemaNode? Wildcard { get; private set; }

    /// <summary>Schema of a list's elements, taken from the first one; null for an empty default, which allows anything.</summary>
    public SchemaNode? Element { get; private set; }

    /// <summary>A default of <c>{}</c> says nothing about its keys, so any are allowed.</summary>
    public bool IsOpen => Type == HoconType.Object && keys.Count == 0 && Wildcard is null;

    public static bool IsPlaceholder(string key) => key is ['<', _, .., '>'];

    public SchemaNode? Find(string key) => keys.GetValueOrDefault(key) ?? (IsPlaceholder(key) ? null : Wildcard);

    /// <param name="value">The resolved default; null when it is an optional substitution of something undefined.</param>
    /// <param name="literal">The same as written, which also has keys that resolve to nothing.</param>
    public static SchemaNode Build(ConfigNode? value, ObjectCell? literal)
    {
        var node = new SchemaNode(value is null ? HoconType.Optional : HoconTypes.Of(value));
        if (value is ConfigList { Items: [var first, ..] })
            node.Element = Build(first, null);
        if (value is not ConfigObject o)
            return node;
        foreach (var key in o.Fields.Keys.Union(literal?.Keys ?? [], StringComparer.Ordinal))
            node.Add(key, Build(o.Find(key), literal?.Find(key)?.OfType<ObjectCell>().LastOrDefault()));
        return node;
    }

    private void Add(string key, SchemaNode child)
    {
        if (!IsPlaceholder(key))
        {
            keys.Add(key, child);
            return;
        }
        if (Wildcard is not null)
            throw new InvalidOperationException($"the reference has two placeholders, {WildcardKey} and {key}, in one object");
        WildcardKey = key;
        Wildcard = child;
    }
}
