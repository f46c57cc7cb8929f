using MultiCluster.Hocon.Resolution;
using MultiCluster.Hocon.Schema;
using MultiCluster.Hocon.Syntax;

namespace MultiCluster.Hocon;

/// <summary>
/// The reference file: defaults of every key, and by them the keys and types a user's file may have.
/// </summary>
/// <remarks>
/// The type of a key is that of its default: boolean, whole number, number, duration (<c>5s</c>), size (<c>10 MiB</c>; <c>10m</c> is
/// minutes), text, list (elements like the first one, if there is one), object. A null default, or <c>${?VARIABLE}</c> alone,
/// means any single value or none; <c>{}</c> any keys. A key in angle brackets, as in
/// <c>members { "&lt;name&gt;" { port = 80 } }</c>, describes every entry of a map: it is no entry itself, and each entry gets its
/// values for the keys it leaves out, except nulls.
/// </remarks>
public sealed class HoconSchema
{
    private readonly ConfigObject defaults;

    private HoconSchema(ObjectCell literal, ConfigObject resolved, SchemaNode root)
    {
        Literal = literal;
        Root = root;
        defaults = resolved;
    }

    internal ObjectCell Literal { get; }

    internal SchemaNode Root { get; }

    /// <param name="text">The reference file; it may not include others.</param>
    /// <param name="file">Its name in origins and errors.</param>
    /// <exception cref="HoconException">The reference itself is faulty.</exception>
    public static HoconSchema Parse(string text, string file = "reference.conf")
    {
        var literal = new TreeBuilder(new IncludeReader(NoFiles.Instance)).Build(Parser.Parse(text, file), file);
        var resolver = new Resolver([literal], static _ => null);
        var resolved = resolver.Resolve();
        if (resolver.Errors.Count > 0)
            throw new HoconException(resolver.Errors);
        return new HoconSchema(literal, resolved, SchemaNode.Build(resolved, literal));
    }

    /// <summary>What an entry of the map at <paramref name="path"/> gets for keys it leaves out; null if there is no such map.</summary>
    public ConfigObject? TemplateDefaults(string path)
    {
        SchemaNode? schema = Root;
        ConfigNode? value = defaults;
        foreach (var key in HoconPath.Parse(path))
        {
            value = (value as ConfigObject)?.Find(key) ?? (value as ConfigObject)?.Find(schema?.WildcardKey ?? key);
            schema = schema?.Find(key);
        }
        return schema?.Wildcard is { } wildcard && (value as ConfigObject)?.Find(schema.WildcardKey!) is ConfigObject template
            ? TemplateFiller.Alone(template, wildcard)
            : null;
    }

    private sealed class NoFiles : IHoconFiles
    {
        public static readonly NoFiles Instance = new();

        public string? Read(string path) => throw new IOException("the reference may not include files");
    }
}
