using System.Text;
using MultiCluster.Kubernetes.Yaml;

namespace MultiCluster.Kubernetes.Tests.Yaml;

public sealed class ManifestTextTests
{
    [Theory]
    [InlineData("a: true", """{"a":true}""")]
    [InlineData("a: 'true'", """{"a":"true"}""")]
    [InlineData("a: yes", """{"a":"yes"}""")]
    [InlineData("a: on", """{"a":"on"}""")]
    [InlineData("a: 80", """{"a":80}""")]
    [InlineData("a: \"80\"", """{"a":"80"}""")]
    [InlineData("a: !!str 80", """{"a":"80"}""")]
    [InlineData("a: -1.50e3", """{"a":-1.50e3}""")]
    [InlineData("a: +.5", """{"a":0.5}""")]
    [InlineData("a: 5.", """{"a":5.0}""")]
    [InlineData("a: 007", """{"a":7}""")]
    [InlineData("a: 0x1F", """{"a":31}""")]
    [InlineData("a: 0o17", """{"a":15}""")]
    [InlineData("a: 0", """{"a":0}""")]
    [InlineData("a: 1.2.3", """{"a":"1.2.3"}""")]
    [InlineData("a: 2026-01-02T03:04:05Z", """{"a":"2026-01-02T03:04:05Z"}""")]
    [InlineData("a: .inf", """{"a":".inf"}""")]
    [InlineData("a: -", "error")]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a:", """{"a":null}""")]
    [InlineData("80: x", """{"80":"x"}""")]
    [InlineData("a: |\n  x\n  y\n", """{"a":"x\ny\n"}""")]
    [InlineData("a: &b {c: 1}\nd: *b", """{"a":{"c":1},"d":{"c":1}}""")]
    [InlineData("a: &b {c: 1, e: 2}\nd: {<<: *b, e: 3}", """{"a":{"c":1,"e":2},"d":{"e":3,"c":1}}""")]
    [InlineData("""{"a": "\u00e9\/", "b": [1, null]}""", """{"a": "\u00e9\/", "b": [1, null]}""")]
    [InlineData("{a: [b, 1]}", """{"a":["b",1]}""")]
    [InlineData("a: 1\na: 2", "error")]
    [InlineData("a: *nowhere", "error")]
    [InlineData("a: [1", "error")]
    [InlineData("a: 'x", "error")]
    [InlineData("a: b: c", "error")]
    [InlineData("a:\n\tb: 1", "error")]
    [InlineData("? {a: b}\n: c", "error")]
    [InlineData("{\"a\": ", "error")]
    public void Scalars_mean_what_they_mean_to_Kubernetes(string yaml, string json)
    {
        var text = Parse(yaml);
        Assert.Equal(json, text.Error is null ? Encoding.UTF8.GetString(Assert.Single(text.Documents).Json.Span) : "error");
    }

    [Fact]
    public void Documents_keep_their_lines()
    {
        var text = Parse("# head\na: 1\n---\n\nb: 2\n---\n---\nc: 3\n");
        Assert.Equal([("""{"a":1}""", 2), ("""{"b":2}""", 5), ("null", 7), ("""{"c":3}""", 8)],
            text.Documents.Select(d => (Encoding.UTF8.GetString(d.Json.Span), d.Line)));
    }

    [Fact]
    public void Json_documents_may_follow_each_other() =>
        Assert.Equal(2, Parse("{\"a\":1}\n{\"b\":2}").Documents.Length);

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    [InlineData("# nothing\n")]
    public void Nothing_is_no_documents(string yaml) => Assert.Equal((null, 0), (Parse(yaml).Error, Parse(yaml).Documents.Length));

    [Fact]
    public void Error_says_its_line() => Assert.InRange(Parse("a: 1\nb: 2\nc: [1\n").ErrorLine, 3, 4);

    [Fact]
    public void Brackets_without_end_are_an_error_and_no_stack_overflow() => Assert.NotNull(Parse("a: " + new string('[', 20_000)).Error);

    [Fact]
    public void Aliases_that_explode_are_an_error()
    {
        var yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
            yaml.Append($"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        Assert.Contains("aliases expand to too much", Parse(yaml.ToString()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_anchor_inside_itself_is_an_error() => Assert.NotNull(Parse("a: &a [*a]").Error);

    [Fact]
    public void Bytes_that_are_no_utf8_are_an_error() => Assert.Equal("the text is not UTF-8", ManifestText.Parse([(byte)'a', (byte)':', (byte)' ', 0xff]).Error);

    [Fact]
    public void No_text_makes_it_throw()
    {
        var random = new Random(99);
        const string alphabet = "ab:-[]{}&*!|>'\"%@`#?,\n\n  \t0~<";
        for (var i = 0; i < 5_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            Parse(text);
        }
    }

    private static ManifestText Parse(string text) => ManifestText.Parse(Encoding.UTF8.GetBytes(text));
}
