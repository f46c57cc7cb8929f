using System.Text;

namespace MultiCluster.Hocon.Tests;

public sealed class HostileInputTests
{
    [Theory]
    [InlineData("a = \"x\nb = 1", "app.conf:1: the string is not closed on this line; close it with '\"', or use \"\"\" for text of several lines")]
    [InlineData("\na = \"x", "app.conf:2: the string is not closed on this line; close it with '\"', or use \"\"\" for text of several lines")]
    [InlineData("a = \"x\\", "app.conf:1: the string ends after a backslash")]
    [InlineData("a = \"\\q\"", "app.conf:1: '\\q' is not an escape; write '\\\\' for a backslash")]
    [InlineData("a = \"\\u12\"", "app.conf:1: '\\u' needs four hexadecimal digits")]
    [InlineData("a = \"x\ty\"", "app.conf:1: control character U+0009 is not allowed in a quoted string; write it as \\u0009")]
    [InlineData("\na = \"\"\"x\ny", "app.conf:2: the \"\"\" string is never closed")]
    [InlineData("a {\n  b {\n    c = 1\n  }\n", "app.conf:1: '{' is never closed")]
    [InlineData("a = [1,\n2", "app.conf:1: '[' is never closed")]
    [InlineData("a = [1}", "app.conf:1: expected a comma or a new line, but found '}'; quote the value if it belongs to it")]
    [InlineData("a = 1\n}", "app.conf:2: expected a key, but found '}'")]
    [InlineData("{ a = 1 } b", "app.conf:1: unexpected 'b' after the end of the configuration")]
    [InlineData("[1]", "app.conf:1: the configuration must be an object, but is a list")]
    [InlineData("a\nb = 1", "app.conf:1: \"a\" has no value; expected '=', ':' or '{' after it, but found the end of the line")]
    [InlineData("a", "app.conf:1: \"a\" has no value; expected '=', ':' or '{' after it, but found the end of the file")]
    [InlineData("a =", "app.conf:1: \"a\" has no value, only the end of the file")]
    [InlineData("a = , b = 1", "app.conf:1: \"a\" has no value, only ','")]
    [InlineData("a == 1", "app.conf:1: expected a value for \"a\", but found '='")]
    [InlineData("= 1", "app.conf:1: expected a key, but found '='")]
    [InlineData("a = 1,,b = 2", "app.conf:1: two commas in a row")]
    [InlineData("a = [1,,2]", "app.conf:1: two commas in a row")]
    [InlineData(", a = 1", "app.conf:1: expected a key, but found ','")]
    [InlineData("a..b = 1", "app.conf:1: a key with an empty element after \"a\"")]
    [InlineData(".a = 1", "app.conf:1: a key with an empty first element")]
    [InlineData("a. = 1", "app.conf:1: a key with an empty element after \"a\"")]
    [InlineData("a = me@example.org", "app.conf:1: '@' must be written inside quotes")]
    [InlineData("a = http://x", "app.conf:1: expected a comma or a new line, but found ':'; quote the value if it belongs to it")]
    [InlineData("a = $x", "app.conf:1: '$' must be written inside quotes")]
    [InlineData("a = ${x", "app.conf:1: '${' is never closed; expected '}', but found the end of the file")]
    [InlineData("a = ${x${y}}", "app.conf:1: '${' is never closed; expected '}', but found '${'")]
    [InlineData("a = ${}", "app.conf:1: ${...} holds a key with an empty first element")]
    [InlineData("${a} = 1", "app.conf:1: expected a key, but found '${'")]
    [InlineData("a = x\0y", "app.conf:1: control character U+0000 is not allowed here")]
    [InlineData("a = \"x\0y\"", "app.conf:1: control character U+0000 is not allowed in a quoted string; write it as \\u0000")]
    [InlineData("a = \"\"\"x\0y\"\"\"", "app.conf:1: control character U+0000 is not allowed here")]
    [InlineData("\0", "app.conf:1: control character U+0000 is not allowed here")]
    public void Syntax_errors_have_file_and_line(string text, string error) => Assert.Equal([error], Configs.Errors(text));

    [Fact]
    public void Two_hundred_levels_are_read_and_more_refused()
    {
        Assert.Equal("[]", Configs.Load($"a = {Brackets(198)}").Find(string.Join('.', Enumerable.Repeat("0", 197).Prepend("a")))!.ToJson());
        Assert.Equal(["app.conf:1: braces and brackets are nested deeper than 200 levels"], Configs.Errors($"a = {Brackets(100_000)}"));
        Assert.Equal(["app.conf:1: braces and brackets are nested deeper than 200 levels"], Configs.Errors(new string('[', 100_000).Insert(0, "a = ")));
        Assert.Equal(["app.conf:1: braces and brackets are nested deeper than 200 levels"], Configs.Errors(Repeat("a{", 100_000)));

        static string Brackets(int depth) => new string('[', depth) + new string(']', depth);
    }

    [Fact]
    public void Deep_nesting_by_dotted_keys_is_refused()
    {
        Assert.Equal(["app.conf:1: a key of more than 200 elements"], Configs.Errors($"{Repeat("a.", 100_000)}a = 1"));
        var nested = string.Concat(Enumerable.Repeat($"{Repeat("a.", 150)}a {{ ", 50)) + "x = 1" + new string('}', 50);
        Assert.Contains("nested deeper", Assert.Single(Configs.Errors(nested)), StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_by_substitutions_is_refused()
    {
        var growing = new StringBuilder("a0 { x = 1 }\n");
        for (var i = 1; i < 5000; i++)
            growing.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i} {{ x = ${{a{i - 1}}} }}\n");
        Assert.Contains("nested deeper than 200 levels", Assert.Single(Configs.Errors(growing.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_of_substitutions_is_refused_not_a_stack_overflow()
    {
        var chain = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"a{i} = ${{a{i + 1}}}\n"));
        Assert.Contains("nested deeper than", Assert.Single(Configs.Errors(chain)), StringComparison.Ordinal);
        var paths = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"a{i} = ${{a{i + 1}}}\n")).Insert(0, "x = ${a0.y}\n");
        Assert.Contains("nested deeper than", Assert.Single(Configs.Errors(paths)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a0 = xxxxxxxxxx", "{0} = ${{{1}}}${{{1}}}", "characters")]
    [InlineData("a0 = [1, 2]", "{0} = ${{{1}}} ${{{1}}}", "values")]
    [InlineData("a0 { x = 1 }", "{0} {{ l = ${{{1}}}, r = ${{{1}}} }}", "values")]
    public void Values_that_double_at_each_line_are_cut_off(string first, string line, string unit)
    {
        var lines = Enumerable.Range(1, 64).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, line, $"a{i}", $"a{i - 1}"));
        var error = Assert.Single(Configs.Errors(string.Join('\n', lines.Prepend(first))));
        Assert.Matches($"^app.conf:[0-9]+: .* {unit} through its substitutions$", error);
    }

    [Fact]
    public void A_value_of_a_megabyte_is_read()
    {
        var big = new string('x', 1024 * 1024);
        Assert.Equal(big, Configs.Load($"a = {big}").GetString("a"));
        Assert.Equal(big, Configs.Load($"a = \"{big}\"").GetString("a"));
        Assert.Equal(big, Configs.Load($"a = \"\"\"{big}\"\"\"").GetString("a"));
        Assert.Equal(big, Assert.Single(Configs.Load($"\"{big}\" = 1").Root.Fields).Key);
    }

    [Fact]
    public void Lines_are_counted_through_multi_line_strings_and_comments() =>
        Assert.Equal(["app.conf:6: expected a key, but found '='"], Configs.Errors("a = \"\"\"1\r\n2\r\n3\"\"\"\r\n# x\r\n\r\n= 1"));

    [Fact]
    public void Fifty_thousand_keys_of_one_object_are_read()
    {
        var flat = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"a.k{i} = {i}\n"));
        Assert.Equal(50_000, Configs.Load(flat).Keys("a").Count);
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}
