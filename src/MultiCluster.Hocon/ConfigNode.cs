namespace MultiCluster.Hocon;

/// <summary>A resolved value with the place it was written at.</summary>
public abstract class ConfigNode
{
    private protected ConfigNode(HoconOrigin origin, int depth, long count)
    {
        Origin = origin;
        Depth = depth;
        Count = count;
        if (depth > Limits.Depth)
            throw new HoconException(origin, $"the value is nested deeper than {Limits.Depth} levels");
        if (count > Limits.Nodes)
            throw new HoconException(origin, $"the value grows to more than {Limits.Nodes} values through its substitutions");
    }

    public HoconOrigin Origin { get; }

    internal int Depth { get; }

    internal long Count { get; }

    internal abstract ConfigNode At(HoconOrigin origin);
}

public enum ScalarKind
{
    Null,
    Boolean,
    Number,
    String,
}

/// <summary>A simple value; a number keeps the text it was written with.</summary>
public sealed class ConfigScalar : ConfigNode
{
    public ConfigScalar(HoconOrigin origin, ScalarKind kind, string text)
        : base(origin, 1, 1)
    {
        Kind = kind;
        Text = text;
    }

    public ScalarKind Kind { get; }

    /// <summary>The value as text; <c>null</c> for the null value.</summary>
    public string Text { get; }

    public bool IsNull => Kind == ScalarKind.Null;

    internal override ConfigNode At(HoconOrigin origin) =>
        new ConfigScalar(origin with { Variable = origin.Variable ?? Origin.Variable }, Kind, Text);
}

public sealed class ConfigList : ConfigNode
{
    public ConfigList(HoconOrigin origin, IReadOnlyList<ConfigNode> items)
        : base(origin, 1 + items.Select(i => i.Depth).DefaultIfEmpty().Max(), 1 + items.Sum(i => i.Count))
        => Items = items;

    public IReadOnlyList<ConfigNode> Items { get; }

    internal override ConfigNode At(HoconOrigin origin) => new ConfigList(origin, Items);
}

/// <summary>Fields in the order in which they were first written.</summary>
public sealed class ConfigObject : ConfigNode
{
    private readonly OrderedDictionary<string, ConfigNode> fields;

    public ConfigObject(HoconOrigin origin, IEnumerable<KeyValuePair<string, ConfigNode>> fields)
        : this(origin, new OrderedDictionary<string, ConfigNode>(fields, StringComparer.Ordinal))
    {
    }

    private ConfigObject(HoconOrigin origin, OrderedDictionary<string, ConfigNode> fields)
        : base(origin, 1 + fields.Values.Select(f => f.Depth).DefaultIfEmpty().Max(), 1 + fields.Values.Sum(f => f.Count))
        => this.fields = fields;

    public IReadOnlyDictionary<string, ConfigNode> Fields => fields;

    public ConfigNode? Find(string key) => fields.GetValueOrDefault(key);

    internal override ConfigNode At(HoconOrigin origin) => new ConfigObject(origin, fields);
}
