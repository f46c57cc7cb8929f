namespace MultiCluster.Hocon.Tests;

public sealed class IncludeTests
{
    [Theory]
    [InlineData("include \"sub/b.conf\"")]
    [InlineData("include file(\"sub/b.conf\")")]
    [InlineData("include required(file(\"sub/b.conf\"))")]
    [InlineData("include required(\"sub/b.conf\")")]
    [InlineData("include required( file( \"./sub/x/../b.conf\" ) )")]
    [InlineData("include\n  \"sub/b.conf\"")]
    [InlineData("include optional(\"sub/b.conf\")")]
    [InlineData("include optional(file(\"sub/b.conf\"))")]
    public void Every_form_reads_the_file_beside_the_including_one(string include)
    {
        var configs = new Configs().File("conf/app.conf", $"x = 1\n{include}\ny = 2").File("conf/sub/b.conf", "{ b = 3, x = 4, y = 5 }");
        Assert.Equal("""{"x":4,"b":3,"y":2}""", configs.Load("conf/app.conf").Root.ToJson());
    }

    [Fact]
    public void Included_files_include_relative_to_themselves()
    {
        var configs = new Configs()
            .File("conf/app.conf", "include \"sub/b.conf\"")
            .File("conf/sub/b.conf", "include \"c.conf\"\ninclude \"../d.conf\"")
            .File("conf/sub/c.conf", "c = 1")
            .File("conf/d.conf", "d = 2");
        Assert.Equal("""{"c":1,"d":2}""", configs.Load("conf/app.conf").Root.ToJson());
    }

    [Fact]
    public void Substitutions_of_a_nested_include_are_relative_to_it_first()
    {
        var configs = new Configs()
            .File("app.conf", "top = t\na { include \"b.conf\" }\na.x = 42")
            .File("b.conf", "x = 10, y = ${x}, z = ${top}");
        Assert.Equal("""{"top":"t","a":{"x":42,"y":42,"z":"t"}}""", configs.Load().Root.ToJson());
    }

    [Fact]
    public void Origins_name_the_included_file()
    {
        var document = new Configs().File("app.conf", "a = 1\ninclude \"b.conf\"").File("b.conf", "\n\nb = 2").Load();
        Assert.Equal(new HoconOrigin("b.conf", 3), document.OriginOf("b"));
    }

    [Theory]
    [InlineData("include optional(\"none.conf\"), a = 1")]
    [InlineData("include optional(file(\"none.conf\")), a = 1")]
    public void A_missing_file_is_skipped_where_that_is_said(string text) => Assert.Equal("""{"a":1}""", Configs.Json(text));

    [Fact]
    public void One_file_may_be_included_twice()
    {
        var configs = new Configs().File("app.conf", "a { include \"b.conf\" }\nc { include \"b.conf\" }").File("b.conf", "x = 1, y = ${x}");
        Assert.Equal("""{"a":{"x":1,"y":1},"c":{"x":1,"y":1}}""", configs.Load().Root.ToJson());
    }

    [Theory]
    [InlineData("\ninclude required(\"none.conf\")", "app.conf:2: included file none.conf does not exist; write include optional(\"...\") if it need not")]
    [InlineData("\ninclude \"none.conf\"", "app.conf:2: included file none.conf does not exist; write include optional(\"...\") if it need not")]
    [InlineData("\ninclude file(\"none.conf\")", "app.conf:2: included file none.conf does not exist; write include optional(\"...\") if it need not")]
    [InlineData("include none.conf", "app.conf:1: 'include' needs a quoted file name; quote the word itself if it is meant as a key")]
    [InlineData("include = 1", "app.conf:1: 'include' needs a quoted file name; quote the word itself if it is meant as a key")]
    [InlineData("include \"\"", "app.conf:1: 'include' needs a file name, but it is empty")]
    [InlineData("include file(\"b.conf\"", "app.conf:1: expected ')' after the included file's name")]
    [InlineData("include \"b.conf\" x", "app.conf:1: expected a new line after the included file's name")]
    [InlineData("include url(\"http://x\")",
        "app.conf:1: 'include url(' is not supported; use include \"...\" or include optional(\"...\")")]
    public void Faulty_includes_are_errors(string text, string error) => Assert.Equal([error], Configs.Errors(text));

    [Fact]
    public void A_syntax_error_of_an_included_file_names_that_file()
    {
        var configs = new Configs().File("app.conf", "include \"b.conf\"").File("b.conf", "a = 1\nb = [");
        Assert.Equal(["b.conf:2: '[' is never closed"], configs.Errors());
    }

    [Theory]
    [InlineData("include \"app.conf\"", "", "app.conf:1: include cycle: app.conf -> app.conf")]
    [InlineData("include \"b.conf\"", "x = 1\ninclude \"./app.conf\"", "b.conf:2: include cycle: app.conf -> b.conf -> app.conf")]
    public void An_include_cycle_is_an_error(string app, string other, string error) =>
        Assert.Equal([error], new Configs().File("app.conf", app).File("b.conf", other).Errors());

    [Fact]
    public void Includes_that_double_at_each_level_are_cut_off()
    {
        var configs = new Configs().File("app.conf", "include \"0.conf\"").File("40.conf", "");
        for (var i = 0; i < 40; i++)
            configs.File($"{i}.conf", $"include \"{i + 1}.conf\"\ninclude \"{i + 1}.conf\"");
        Assert.Contains("more than 1000 includes", Assert.Single(configs.Errors()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_error_that_names_it() =>
        Assert.Equal(["conf/none.conf: the file does not exist"], new Configs().Errors("conf/none.conf"));
}
