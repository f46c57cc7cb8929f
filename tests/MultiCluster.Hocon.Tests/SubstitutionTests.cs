namespace MultiCluster.Hocon.Tests;

public sealed class SubstitutionTests
{
    [Theory]
    [InlineData("b = 1, a = ${b}", """{"b":1,"a":1}""")]
    [InlineData("a = ${b}, b = true", """{"a":true,"b":true}""")]
    [InlineData("a = ${b}, b = 1, b = 2", """{"a":2,"b":2}""")]
    [InlineData("b { c = x }, a = ${b.c}/y", """{"b":{"c":"x"},"a":"x/y"}""")]
    [InlineData("\"b.c\" = 1, a = ${\"b.c\"}", """{"b.c":1,"a":1}""")]
    [InlineData("n = 1.50, a = v${n}", """{"n":1.50,"a":"v1.50"}""")]
    [InlineData("x = p, y = q, a = ${x} ${y}", """{"x":"p","y":"q","a":"p q"}""")]
    [InlineData("x = null, a = ${x}", """{"x":null,"a":null}""")]
    [InlineData("a = \"${b}\"", """{"a":"${b}"}""")]
    [InlineData("x = [1], a = ${x} [2] ${x}", """{"x":[1],"a":[1,2,1]}""")]
    [InlineData("x { p = 1 }, a = ${x} { q = 2 }", """{"x":{"p":1},"a":{"p":1,"q":2}}""")]
    [InlineData("x { p = 1 }, a = { p = 0 } ${x}", """{"x":{"p":1},"a":{"p":1}}""")]
    [InlineData("x { p = 1 }, y { q = 2 }, a = ${x} ${y}", """{"x":{"p":1},"y":{"q":2},"a":{"p":1,"q":2}}""")]
    [InlineData("x { p = 1 }, a = ${x}, a { q = 2 }", """{"x":{"p":1},"a":{"p":1,"q":2}}""")]
    [InlineData("x { p = 1 }, a = [ ${x} { q = 2 } ]", """{"x":{"p":1},"a":[{"p":1,"q":2}]}""")]
    [InlineData("x { p = 1 }, x { p = 2 }, a = ${x.p}", """{"x":{"p":2},"a":2}""")]
    public void Substitutions_follow_paths_from_the_root(string text, string json) => Assert.Equal(json, Configs.Json(text));

    [Theory]
    [InlineData("a = ${?b}", "{}")]
    [InlineData("a = 1, a = ${?b}", """{"a":1}""")]
    [InlineData("a = x${?b}y", """{"a":"xy"}""")]
    [InlineData("a = [1, ${?b}, 2]", """{"a":[1,2]}""")]
    [InlineData("a = [1] ${?b}", """{"a":[1]}""")]
    [InlineData("a = ${?b} { c = 1 }", """{"a":{"c":1}}""")]
    [InlineData("a = ${?b}${?c}", "{}")]
    [InlineData("a = ${?b}${?c}, c = 5", """{"a":"5","c":5}""")]
    public void Optional_substitutions_leave_no_trace(string text, string json) => Assert.Equal(json, Configs.Json(text));

    [Theory]
    [InlineData("path = /a, path = ${path}\":/b\"", """{"path":"/a:/b"}""")]
    [InlineData("path = /a, path = ${path}\":/b\", path = ${path}\":/c\"", """{"path":"/a:/b:/c"}""")]
    [InlineData("a = ${?a}foo", """{"a":"foo"}""")]
    [InlineData("a = [1], a = ${a} [2]", """{"a":[1,2]}""")]
    [InlineData("a { x = 1 }, a { x = ${a.x}2 }", """{"a":{"x":"12"}}""")]
    [InlineData("b { x = 1 }, a = ${b}, a { x = ${a.x}2 }", """{"b":{"x":1},"a":{"x":"12"}}""")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }", """{"bar":{"foo":42,"baz":42}}""")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }, bar { foo = 43 }", """{"bar":{"foo":43,"baz":43}}""")]
    [InlineData("bar { a = ${foo.d}, b = 1 }, bar.b = 3, foo { c = ${bar.b}, d = 2 }, foo.d = 4",
        """{"bar":{"a":4,"b":3},"foo":{"c":3,"d":4}}""")]
    [InlineData("foo { a { c = 1 } }, foo = ${foo.a}, foo { a = 2 }", """{"foo":{"a":2,"c":1}}""")]
    [InlineData("x = ${foo.a}, foo { a { c = 1 } }, foo = ${foo.a}, foo { a = 2 }", """{"x":2,"foo":{"a":2,"c":1}}""")]
    [InlineData("x = ${a.c}, a { b { c = 1 } }, a = ${a.b}", """{"x":1,"a":{"b":{"c":1},"c":1}}""")]
    [InlineData("x = ${a.c}, a { c = 1 }, a = ${a}", """{"x":1,"a":{"c":1}}""")]
    [InlineData("a = ${b}, b { x = ${a.y}, y = 1 }", """{"a":{"x":1,"y":1},"b":{"x":1,"y":1}}""")]
    [InlineData("a = ${b}, a { x = ${a.y} }, b { y = 1 }", """{"a":{"y":1,"x":1},"b":{"y":1}}""")]
    [InlineData("a = ${b} { x = ${a.y} }, b { y = 1 }", """{"a":{"y":1,"x":1},"b":{"y":1}}""")]
    [InlineData("a = ${b}, a = 3, b = ${a}", """{"a":3,"b":3}""")]
    [InlineData("a = ${missing}, a = 3", """{"a":3}""")]
    public void A_self_reference_looks_back_at_what_it_hides(string text, string json) => Assert.Equal(json, Configs.Json(text));

    [Theory]
    [InlineData("a = ${b}\nb = ${a}", "app.conf:2: substitutions form a cycle: ${b} at app.conf:1 -> ${a} at app.conf:2")]
    [InlineData("a = ${?b}\nb = ${?a}", "app.conf:2: substitutions form a cycle: ${?b} at app.conf:1 -> ${?a} at app.conf:2")]
    [InlineData("a = 1\nb = 2\na = ${b}\nb = ${a}", "app.conf:4: substitutions form a cycle: ${b} at app.conf:3 -> ${a} at app.conf:4")]
    [InlineData("foo {\n  a = ${foo}\n}", "app.conf:2: substitutions form a cycle: ${foo} at app.conf:2")]
    [InlineData("a = ${b}\nb = ${a}\nc = ${a.x}", "app.conf:2: substitutions form a cycle: ${b} at app.conf:1 -> ${a} at app.conf:2")]
    public void A_cycle_is_an_error(string text, string error) => Assert.Equal([error], Configs.Errors(text));

    [Fact]
    public void A_path_that_passes_through_a_cycle_is_an_error() =>
        Assert.Contains(Configs.Errors("c = ${a.x}\na = ${b}\nb = ${a}"), e => e.Contains("cycle", StringComparison.Ordinal));

    [Fact]
    public void Every_undefined_substitution_is_reported_with_its_line() => Assert.Equal(
        [
            "app.conf:1: ${x.y} is not defined: there is no such key before or besides this one, and no such environment variable",
            "app.conf:3: ${a} is not defined: there is no such key before or besides this one, and no such environment variable",
        ],
        Configs.Errors("b = ${x.y}\n\na = ${a}"));

    [Theory]
    [InlineData("x = [1]\na = ${x} y", "app.conf:2: a list cannot be joined with text")]
    [InlineData("x { p = 1 }\na = y${x}", "app.conf:2: text cannot be joined with an object")]
    [InlineData("a = [1] { b = 2 }", "app.conf:1: a list cannot be joined with an object")]
    [InlineData("x = 1\na = ${x} { b = 2 }", "app.conf:2: ${x} stands beside an object, but is text")]
    [InlineData("a = 1\na += 2", "app.conf:2: text cannot be joined with a list")]
    public void Values_of_different_kinds_do_not_join(string text, string error) => Assert.Equal([error], Configs.Errors(text));

    [Fact]
    public void The_environment_is_the_last_resort()
    {
        var configs = new Configs().Variable("HOME", "/root").Variable("PATH", "/bin").Variable("EMPTY", "").Variable("b", "no");
        configs.File("app.conf", "a = ${HOME}/x, b = yes, c = ${b}, PATH = ${PATH}\":/y\", e = \"<\"${EMPTY}\">\", f = ${?NONE}");
        Assert.Equal("/root/x", configs.Load().GetString("a"));
        Assert.Equal("yes", configs.Load().GetString("c"));
        Assert.Equal("/bin:/y", configs.Load().GetString("PATH"));
        Assert.Equal("<>", configs.Load().GetString("e"));
        Assert.False(configs.Load().Has("f"));
    }

    [Fact]
    public void An_explicit_null_keeps_the_environment_out()
    {
        var document = new Configs().Variable("HOME", "/root").File("app.conf", "HOME = null, a = ${HOME}").Load();
        Assert.False(document.Has("a"));
    }

    [Fact]
    public void A_variable_is_named_in_the_origin_of_its_value()
    {
        var document = new Configs().Variable("PORT", "80").File("app.conf", "\nport = 1\nport = ${?PORT}").Load();
        Assert.Equal(new HoconOrigin("app.conf", 3, "PORT"), document.OriginOf("port"));
        Assert.Equal(80, document.GetInt("port"));
    }

    [Fact]
    public void Later_files_change_what_earlier_files_refer_to()
    {
        var configs = new Configs()
            .File("base.conf", "dir = /var, log = ${dir}/log, tags = [a]")
            .File("app.conf", "dir = /srv, tags += b, log = ${log}/mine");
        Assert.Equal("""{"dir":"/srv","log":"/srv/log/mine","tags":["a","b"]}""", configs.Load("base.conf", "app.conf").Root.ToJson());
    }

    [Fact]
    public void Origins_are_those_of_the_key_that_was_set()
    {
        var document = Configs.Load("a {\n  b = 1\n  c = [\n    x\n    y\n  ]\n}\nd = ${a}\n");
        Assert.Equal("app.conf:2", document.OriginOf("a.b").ToString());
        Assert.Equal("app.conf:5", document.OriginOf("a.c.1").ToString());
        Assert.Equal("app.conf:8", document.OriginOf("d").ToString());
        Assert.Equal("app.conf:2", document.OriginOf("d.b").ToString());
        Assert.Equal("app.conf:1", document.OriginOf("a.nothing.here").ToString());
    }
}
