namespace MultiCluster.Hocon.Tests;

public sealed class DocumentTests
{
    private readonly HoconDocument document = Configs.Load("""
        s = text
        i = 42
        l = 5000000000
        b = on
        f = 1.25
        n = null
        list = [a, 1, true]
        mixed = [a, [b]]
        o { x = 1, "y.z" = 2 }
        """);

    [Fact]
    public void Values_are_read_with_their_type()
    {
        Assert.Equal("text", document.GetString("s"));
        Assert.Equal("42", document.GetString("i"));
        Assert.Equal(42, document.GetInt("i"));
        Assert.Equal(5_000_000_000, document.GetLong("l"));
        Assert.Equal(1.25, document.GetDouble("f"));
        Assert.True(document.GetBoolean("b"));
        Assert.Equal(["a", "1", "true"], document.GetStringList("list"));
        Assert.Equal(["x", "y.z"], document.Keys("o"));
        Assert.Equal(2, document.GetInt(HoconPath.Join("o", "y.z")));
        Assert.Empty(document.Keys("missing"));
        Assert.Equal((true, false, false), (document.Has("s"), document.Has("n"), document.Has("missing")));
    }

    [Fact]
    public void Wrong_reads_say_where_the_value_is() => Assert.Equal(
        [
            "app.conf:1: \"s\" must be a whole number of at most 2147483647, but is \"text\"",
            "app.conf:3: \"l\" must be a whole number of at most 2147483647, but is \"5000000000\"",
            "app.conf:5: \"f\" must be a whole number, but is \"1.25\"",
            "app.conf:1: \"s\" must be true or false, but is \"text\"",
            "app.conf:6: \"n\" must be text, but is null",
            "app.conf:9: \"o\" must be text, but is an object",
            "app.conf:8: \"mixed\" must be a list of texts, but is a list",
            "app.conf:1: \"s\" must be an object, but is \"text\"",
            "app.conf: \"missing\" is missing",
            "app.conf:9: \"o.missing\" is missing",
        ],
        new Action[]
        {
            () => document.GetInt("s"),
            () => document.GetInt("l"),
            () => document.GetLong("f"),
            () => document.GetBoolean("s"),
            () => document.GetString("n"),
            () => document.GetString("o"),
            () => document.GetStringList("mixed"),
            () => document.Keys("s"),
            () => document.GetString("missing"),
            () => document.GetInt("o.missing"),
        }.Select(read => Assert.Throws<HoconException>(read).Message));

    [Fact]
    public void The_host_can_raise_its_own_errors_at_a_value()
    {
        var members = Configs.Load("\nmembers {\n  aws { poll = 5s }\n}");
        Assert.Equal(
            "app.conf:3: \"members.aws\" needs either kubeconfig or manifests",
            members.Error("members.aws", "needs either kubeconfig or manifests").ToString());
    }

    [Fact]
    public void Printing_tells_origins_and_hides_secrets()
    {
        var text = new Configs()
            .Variable("DB", "Host=db;Password=hunter2;Port=1")
            .Reference("a { b = 1, c = [] }\nadmin-token = null\napi { secrets { \"<name>\" = null } }\ntoken-file = null\ndb = null\nurl = null\nmonkey = 1\nl = []")
            .File("app.conf", """
                a.c = [x, { password = hunter2, y = "2 3" }]
                admin-token = hunter2
                api.secrets.one = hunter2
                token-file = /etc/token
                db = ${?DB}
                url = "https://me:hunter2@example.org/"
                """)
            .Load().Print();
        Assert.Equal("""
            a.b = 1  # reference.conf:1
            a.c = ["x", {password = "<hidden>", y = "2 3"}]  # app.conf:1
            admin-token = "<hidden>"  # app.conf:2
            api.secrets.one = "<hidden>"  # app.conf:3
            token-file = "/etc/token"  # app.conf:4
            db = "Host=db;Password=<hidden>;Port=1"  # app.conf:5 (environment variable DB)
            url = "https://me:<hidden>@example.org/"  # app.conf:6
            monkey = 1  # reference.conf:7
            l = []  # reference.conf:8

            """.ReplaceLineEndings("\n"), text);
    }

    [Theory]
    [InlineData("a.b", "a", "b")]
    [InlineData("members.\"eu.west\".x", "members", "eu.west", "x")]
    [InlineData("a.\"\"", "a", "")]
    [InlineData("\"a b\"", "a b")]
    [InlineData("\"include\".x", "include", "x")]
    [InlineData("\"a\\\"b\"", "a\"b")]
    public void Paths_read_as_they_are_written(string path, params string[] elements)
    {
        Assert.Equal(path, HoconPath.Join(elements));
        Assert.Equal(elements, HoconPath.Parse(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a = b")]
    public void A_faulty_path_is_a_bug_of_the_caller(string path) => Assert.Throws<ArgumentException>(() => HoconPath.Parse(path));
}
