using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace MultiCluster.Hocon.Tests;

public sealed class JsonSupersetTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => Paired(s.Get)),
        Gen.Elements("", ".", "a.b", "null", "true", "1", "${x}", "#", "//", "\"\"\"", "include", "\\", "\0", "é\u2028", "<name>", "\uD83D\uDE00"));

    private static readonly Gen<string> Number = Gen.OneOf(
        ArbMap.Default.GeneratorFor<int>().Select(i => $"{i}"),
        ArbMap.Default.GeneratorFor<NormalFloat>().Select(f => f.Get.ToString("R").Replace("E+", "e+", StringComparison.Ordinal)),
        Gen.Elements("0", "-0", "1e5", "1E+5", "-1.50e-3", "123456789012345678901234567890"));

    [Fact]
    public void Any_json_document_reads_as_the_same_values() =>
        Prop.ForAll(Documents().ToArbitrary(), SameAsJson).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(60));

    [Fact]
    public void What_is_printed_reads_as_the_same_values() =>
        Prop.ForAll(Documents().ToArbitrary(), PrintsAndReads).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60));

    [Fact]
    public void Any_text_is_read_or_refused_with_a_line() =>
        Prop.ForAll(Soup().ToArbitrary(), ReadOrRefused).Check(Config.QuickThrowOnFailure.WithMaxTest(5000).WithEndSize(40));

    private static bool SameAsJson(string json)
    {
        using var expected = JsonDocument.Parse(json);
        Same(expected.RootElement, Configs.Load(json).Root);
        return true;
    }

    private static bool PrintsAndReads(string json)
    {
        var document = Configs.Load(json);
        Assert.Equal(document.Root.ToJson(), Configs.Load(document.Print(new Redaction([]))).Root.ToJson());
        return true;
    }

    private static bool ReadOrRefused(string text)
    {
        try
        {
            Configs.Load(text);
        }
        catch (HoconException e)
        {
            Assert.All(e.Errors, error => Assert.True(error.Line > 0 && error.File == "app.conf", error.ToString()));
        }
        return true;
    }

    private static void Same(JsonElement json, ConfigNode node)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var o = Assert.IsType<ConfigObject>(node);
                Assert.Equal(json.EnumerateObject().Select(p => p.Name), o.Fields.Keys);
                Assert.All(json.EnumerateObject(), p => Same(p.Value, o.Find(p.Name)!));
                break;
            case JsonValueKind.Array:
                var list = Assert.IsType<ConfigList>(node);
                Assert.Equal(json.GetArrayLength(), list.Items.Count);
                Assert.All(json.EnumerateArray().Zip(list.Items), p => Same(p.First, p.Second));
                break;
            case JsonValueKind.String:
                AssertScalar(node, ScalarKind.String, json.GetString()!);
                break;
            case JsonValueKind.Number:
                AssertScalar(node, ScalarKind.Number, json.GetRawText());
                break;
            case JsonValueKind.Null:
                AssertScalar(node, ScalarKind.Null, "null");
                break;
            default:
                AssertScalar(node, ScalarKind.Boolean, json.GetRawText());
                break;
        }
    }

    private static void AssertScalar(ConfigNode node, ScalarKind kind, string text)
    {
        var scalar = Assert.IsType<ConfigScalar>(node);
        Assert.Equal((kind, text), (scalar.Kind, scalar.Text));
    }

    private static Gen<string> Documents() => Gen.Sized(size => Object(size)).Zip(Space(), (json, space) => $"{space}{json}{space}");

    private static Gen<string> Value(int size)
    {
        var leaf = Gen.OneOf(Number, Text.Select(Quote), Gen.Elements("true", "false", "null"));
        return size <= 1 ? leaf : Gen.OneOf(leaf, Object(size / 2), List(size / 2));
    }

    private static Gen<string> Object(int size) =>
        from keys in Text.ListOf().Resize(Math.Min(size, 8))
        from values in Value(size).ListOf(keys.Count)
        from space in Space()
        select $"{{{space}{string.Join($",{space}", keys.Zip(values).DistinctBy(f => f.First).Select(f => $"{Quote(f.First)}{space}:{space}{f.Second}"))}{space}}}";

    private static Gen<string> List(int size) =>
        from items in Value(size).ListOf().Resize(Math.Min(size, 8))
        from space in Space()
        select $"[{space}{string.Join($"{space},", items)}{space}]";

    private static Gen<string> Space() => Gen.Elements("", " ", "\n", "\r\n  ", "\t");

    private static Gen<string> Soup() => Gen.Elements(
            "a", "b.c", "\"q\"", "\"\"\"t\n\"\"\"", "\"", "=", ":", "+=", "{", "}", "[", "]", ",", "\n", " ", "${a}", "${?b.c}", "${",
            "include ", "1", "true", "null", "#x\n", "//", ".", "\\", "@", "\0", "\uFEFF", "\r\n", "a = 1\n", "a { ", "a = ${b}\n", "b = ${a}\n")
        .ListOf().Select(string.Concat);

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    /// <summary>System.Text.Json can't write lone surrogates as they are.</summary>
    private static string Paired(string text) => string.Concat(text.EnumerateRunes());
}
