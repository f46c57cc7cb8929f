namespace MultiCluster.Hocon.Resolution;

/// <summary>
/// One assignment to a key, not yet resolved. A key holds all its assignments, lowest priority first: later ones merge with
/// or hide earlier ones only on resolution, since a self-reference looks back at what it hides.
/// </summary>
internal abstract class Cell(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;
}

internal sealed class ScalarCell(HoconOrigin origin, ScalarKind kind, string text) : Cell(origin)
{
    public ConfigScalar Value { get; } = new(origin, kind, text);
}

internal sealed class ListCell(HoconOrigin origin, IReadOnlyList<IReadOnlyList<Cell>> items) : Cell(origin)
{
    public IReadOnlyList<IReadOnlyList<Cell>> Items { get; } = items;
}

/// <summary>A value that substitutions already produced, as a layer below or above literal ones.</summary>
internal sealed class ResolvedCell(ConfigNode value) : Cell(value.Origin)
{
    public ConfigNode Value { get; } = value;
}

internal sealed class ObjectCell(HoconOrigin origin) : Cell(origin)
{
    private readonly OrderedDictionary<string, List<Cell>> slots = new(StringComparer.Ordinal);

    public IEnumerable<string> Keys => slots.Keys;

    public IEnumerable<KeyValuePair<string, List<Cell>>> Slots => slots;

    public List<Cell>? Find(string key) => slots.GetValueOrDefault(key);

    /// <summary>Two object literals in a row are one object, whatever their fields hold.</summary>
    public void Add(string key, Cell cell)
    {
        if (!slots.TryGetValue(key, out var cells))
            slots.Add(key, cells = []);
        if (cells is [.., ObjectCell earlier] && cell is ObjectCell later)
            earlier.Add(later);
        else
            cells.Add(cell);
    }

    public void Add(ObjectCell other)
    {
        foreach (var (key, cells) in other.slots)
        {
            foreach (var cell in cells)
                Add(key, cell);
        }
    }

    /// <summary>The object at <paramref name="key"/> to which a dotted path adds its next element.</summary>
    public ObjectCell Open(string key, HoconOrigin at)
    {
        if (Find(key) is [.., ObjectCell existing])
            return existing;
        var opened = new ObjectCell(at);
        Add(key, opened);
        return opened;
    }
}

/// <summary>A substitution or a concatenation with at least one.</summary>
/// <param name="origin">Where the field stands.</param>
/// <param name="parts">In written order.</param>
/// <param name="mustBeObject">The value stands beside an object literal and is merged with it.</param>
internal sealed class ExpressionCell(HoconOrigin origin, IReadOnlyList<Part> parts, bool mustBeObject) : Cell(origin)
{
    public IReadOnlyList<Part> Parts { get; } = parts;

    public bool MustBeObject { get; } = mustBeObject;

    /// <summary>Set when the expression is nothing but one substitution, through which a path can pass unresolved.</summary>
    public SubstitutionPart? Alone => Parts is [SubstitutionPart only] ? only : null;
}

internal abstract record Part;

internal sealed record TextPart(string Text) : Part;

internal sealed record SpacePart(string Text) : Part;

/// <summary>A list or object literal inside a concatenation.</summary>
internal sealed record LiteralPart(Cell Cell) : Part;

/// <summary>The earlier value of the same key: the left side of <c>+=</c>.</summary>
internal sealed record EarlierPart : Part;

/// <param name="Path">As written.</param>
/// <param name="Mount">Path of the object that includes the file it stands in: tried first, by the rule on includes.</param>
/// <param name="Optional"><c>${?...}</c>.</param>
internal sealed record SubstitutionPart(IReadOnlyList<string> Path, IReadOnlyList<string> Mount, bool Optional) : Part
{
    public override string ToString() => $"{(Optional ? "${?" : "${")}{HoconPath.Join(Path)}}}";
}
