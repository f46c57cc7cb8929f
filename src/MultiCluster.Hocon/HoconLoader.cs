using MultiCluster.Hocon.Resolution;
using MultiCluster.Hocon.Schema;

namespace MultiCluster.Hocon;

/// <summary>Reads files over the defaults of a reference and resolves substitutions over the merged whole.</summary>
/// <param name="files">Where files, and what they include, are read.</param>
/// <param name="environment">Value of an environment variable or null: the last resort of a substitution.</param>
public sealed class HoconLoader(IHoconFiles files, Func<string, string?> environment)
{
    /// <inheritdoc cref="Load(IReadOnlyList{string}, HoconSchema?)"/>
    public HoconDocument Load(string path, HoconSchema? schema = null) => Load([path], schema);

    /// <param name="paths">Files, the later over the earlier; none is allowed with a schema.</param>
    /// <param name="schema">Defaults below all files, and the check of what they say; without one anything goes.</param>
    /// <exception cref="HoconException">A file is missing, faulty or does not fit the schema.</exception>
    public HoconDocument Load(IReadOnlyList<string> paths, HoconSchema? schema = null)
    {
        var reader = new IncludeReader(files);
        var literals = new List<ObjectCell>(paths.Count);
        foreach (var path in paths)
            literals.Add(new TreeBuilder(reader).Build(reader.ReadRoot(path), path));
        var file = paths.Count > 0 ? paths[^1] : schema?.Literal.Origin.File ?? "configuration";
        if (literals.Count == 0)
            literals.Add(new ObjectCell(new HoconOrigin(file, 0)));
        var resolver = new Resolver(schema is null ? literals : [schema.Literal, .. literals], environment);
        var root = resolver.Resolve();
        return schema is null ? Unchecked(root, file, resolver) : Checked(root, file, schema, literals, resolver);
    }

    private static HoconDocument Unchecked(ConfigObject root, string file, Resolver resolver)
    {
        Throw(resolver.Errors, file);
        return new HoconDocument(root, file, null);
    }

    private static HoconDocument Checked(ConfigObject root, string file, HoconSchema schema, List<ObjectCell> literals, Resolver resolver)
    {
        var check = new SchemaCheck(schema.Root);
        foreach (var literal in literals)
            check.Keys(literal);
        // Types of values that substitutions failed to give would only be noise.
        Throw(resolver.Errors.Count == 0 ? [] : [.. resolver.Errors, .. check.Errors], file);
        var filled = TemplateFiller.Fill(root, schema.Root);
        check.Values(filled);
        Throw(check.Errors, file);
        return new HoconDocument(filled, file, schema);
    }

    private static void Throw(IReadOnlyList<HoconError> errors, string file)
    {
        if (errors.Count > 0)
            throw new HoconException([.. errors.Distinct().OrderBy(e => e.File != file).ThenBy(e => e.File, StringComparer.Ordinal).ThenBy(e => e.Line)]);
    }
}
