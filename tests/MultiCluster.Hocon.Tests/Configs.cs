using System.Text.Json;
using System.Text.Json.Nodes;

namespace MultiCluster.Hocon.Tests;

/// <summary>Loads texts as if they were files; <c>app.conf</c> is the user's.</summary>
internal sealed class Configs : IHoconFiles
{
    private readonly Dictionary<string, string> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);
    private HoconSchema? schema;

    public static HoconDocument Load(string text) => new Configs().File("app.conf", text).Load();

    public static IReadOnlyList<string> Errors(string text) => new Configs().File("app.conf", text).Errors();

    public static string Json(string text) => Load(text).Root.ToJson();

    public Configs File(string path, string text)
    {
        files[path.Replace('/', Path.DirectorySeparatorChar)] = text;
        return this;
    }

    public Configs Variable(string name, string value)
    {
        variables[name] = value;
        return this;
    }

    public Configs Reference(string text)
    {
        schema = HoconSchema.Parse(text);
        return this;
    }

    public HoconSchema? Schema => schema;

    public string? Environment(string name) => variables.GetValueOrDefault(name);

    public string? Read(string path) => files.GetValueOrDefault(path);

    public HoconDocument Load(params string[] paths) =>
        new HoconLoader(this, Environment).Load(paths.Length == 0 ? ["app.conf"] : paths, schema);

    public IReadOnlyList<string> Errors(params string[] paths) =>
        [.. Assert.Throws<HoconException>(() => Load(paths)).Errors.Select(e => e.ToString())];
}

internal static class NodeJson
{
    /// <summary>Values as compact JSON, numbers as they were written.</summary>
    public static string ToJson(this ConfigNode node) => Convert(node)?.ToJsonString() ?? "null";

    private static JsonNode? Convert(ConfigNode node) => node switch
    {
        ConfigObject o => new JsonObject(o.Fields.Select(f => KeyValuePair.Create(f.Key, Convert(f.Value)))),
        ConfigList l => new JsonArray([.. l.Items.Select(Convert)]),
        ConfigScalar { Kind: ScalarKind.String } s => JsonValue.Create(s.Text),
        ConfigScalar s => JsonNode.Parse(s.Text),
        _ => throw new InvalidOperationException(node.GetType().Name),
    };

    public static string Squeeze(string json) => JsonNode.Parse(json)!.ToJsonString(JsonSerializerOptions.Default);
}
