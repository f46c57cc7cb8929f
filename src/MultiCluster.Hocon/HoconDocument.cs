namespace MultiCluster.Hocon;

/// <summary>A resolved configuration, read by path with the expected type.</summary>
/// <remarks>
/// Paths are written as in HOCON, <c>members."eu.west".kubeconfig</c>; <see cref="HoconPath.Join"/> makes one of names.
/// Every reading method throws a <see cref="HoconException"/> with file and line when the value is missing, null or of
/// another type; <see cref="Has"/> asks first.
/// </remarks>
public sealed class HoconDocument
{
    internal HoconDocument(ConfigObject root, string file, HoconSchema? schema)
    {
        Root = root;
        File = file;
        Schema = schema;
    }

    public ConfigObject Root { get; }

    /// <summary>The file of highest priority, to which errors without a place of their own belong.</summary>
    public string File { get; }

    internal HoconSchema? Schema { get; }

    public ConfigNode? Find(string path)
    {
        ConfigNode? node = Root;
        foreach (var key in HoconPath.Parse(path))
        {
            node = node switch
            {
                ConfigObject o => o.Find(key),
                ConfigList list when int.TryParse(key, out var index) && index >= 0 && index < list.Items.Count => list.Items[index],
                _ => null,
            };
        }
        return node;
    }

    /// <summary>Whether there is a value other than null.</summary>
    public bool Has(string path) => Find(path) is not (null or ConfigScalar { IsNull: true });

    public string GetString(string path) => Scalar(path, "text").Text;

    public int GetInt(string path)
    {
        var scalar = Scalar(path, "a whole number");
        return HoconUnits.TryWhole(scalar.Text, out var value) && value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw Wrong(path, scalar, $"a whole number of at most {int.MaxValue}");
    }

    public long GetLong(string path) => Read<long>(path, HoconUnits.TryWhole, "a whole number");

    public double GetDouble(string path) =>
        (double)Read(path, static (string text, out decimal value) => HoconUnits.TryNumber(text, out value), "a number");

    public bool GetBoolean(string path) => Read<bool>(path, HoconUnits.TryBoolean, "true or false");

    /// <summary>A number without a unit is milliseconds.</summary>
    public TimeSpan GetDuration(string path) => Read<TimeSpan>(path, HoconUnits.TryDuration, "a duration such as 5s or 200 ms");

    /// <summary>Bytes; a number without a unit is bytes.</summary>
    public long GetSize(string path) => Read<long>(path, HoconUnits.TrySize, "a size such as 512 KiB or 10 MB");

    public IReadOnlyList<string> GetStringList(string path)
    {
        if (Present(path) is not ConfigList list)
            throw Wrong(path, Present(path), "a list of texts");
        return [.. list.Items.Select(i => i is ConfigScalar { IsNull: false } s ? s.Text : throw Wrong(path, i, "a list of texts"))];
    }

    /// <summary>The keys of an object in written order; none if there is no such object.</summary>
    public IReadOnlyList<string> Keys(string path) => Find(path) switch
    {
        null or ConfigScalar { IsNull: true } => [],
        ConfigObject o => [.. o.Fields.Keys],
        var other => throw Wrong(path, other, "an object"),
    };

    /// <summary>Where the value, or the nearest object around it, was written.</summary>
    public HoconOrigin OriginOf(string path)
    {
        var keys = HoconPath.Parse(path);
        for (var length = keys.Count; length > 0; length--)
        {
            if (Find(HoconPath.Join(keys.Take(length))) is { } node)
                return node.Origin;
        }
        return new HoconOrigin(File, 0);
    }

    /// <summary>A fault the host finds in a value that is formally right, with the value's file and line.</summary>
    public HoconError Error(string path, string message) => HoconError.At(OriginOf(path), $"\"{path}\" {message}");

    /// <summary>Effective values with their origins, one a line; with a schema also the keys that entries of maps leave out.</summary>
    /// <param name="place">Words for an origin; by default those of its own.</param>
    public string Print(Redaction? redaction = null, Func<HoconOrigin, string>? place = null) =>
        new DocumentPrinter(redaction ?? Redaction.Default, place ?? (static origin => origin.ToString())).Print(Root, Schema);

    private delegate bool Reader<T>(string text, out T value);

    private T Read<T>(string path, Reader<T> reader, string wanted)
    {
        var scalar = Scalar(path, wanted);
        return reader(scalar.Text, out var value) ? value : throw Wrong(path, scalar, wanted);
    }

    private ConfigScalar Scalar(string path, string wanted) =>
        Present(path) as ConfigScalar is { IsNull: false } scalar ? scalar : throw Wrong(path, Present(path), wanted);

    private ConfigNode Present(string path) => Find(path) ?? throw new HoconException([Error(path, "is missing")]);

    private static HoconException Wrong(string path, ConfigNode value, string wanted) =>
        new(value.Origin, $"\"{path}\" must be {wanted}, but is {Describe.Value(value, HoconPath.Parse(path))}");
}
