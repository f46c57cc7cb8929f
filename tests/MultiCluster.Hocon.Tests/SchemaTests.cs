namespace MultiCluster.Hocon.Tests;

public sealed class SchemaTests
{
    private const string Reference = """
        cluster {
          name = main
          leases { ttl = 5s, renew = 1s }
          seeds = []
          weight = 0.5
        }
        haproxy {
          maxconn = 10000
          buffer = 16 KiB
          reload = false
          labels {}
          binary = null
          admin-token = ${?ADMIN_TOKEN}
          listeners = [ { port = 80, tls = false } ]
        }
        defaults { endpoints = PodIP }
        members {
          "<name>" {
            kubeconfig = null
            manifests = null
            endpoints = ${defaults.endpoints}
            poll = 10s
            tls { certificate = null, key = null }
            limits { connections = 100, rate = null }
            weights { "<zone>" { value = 1 } }
          }
        }
        annotations { "<prefix>" = null }
        """;

    private static Configs User(string text) => new Configs().Reference(Reference).File("app.conf", text);

    [Theory]
    [InlineData("cluster.laeses.ttl = 1s", "app.conf:1: unknown key \"cluster.laeses\"; did you mean \"cluster.leases\"?")]
    [InlineData("\ncluster {\n  laeses { ttl = 1s }\n}", "app.conf:3: unknown key \"cluster.laeses\"; did you mean \"cluster.leases\"?")]
    [InlineData("haproxy.max-conn = 5", "app.conf:1: unknown key \"haproxy.max-conn\"; did you mean \"haproxy.maxconn\"?")]
    [InlineData("haproxy.maxConn = 5", "app.conf:1: unknown key \"haproxy.maxConn\"; did you mean \"haproxy.maxconn\"?")]
    [InlineData("clutser.name = x", "app.conf:1: unknown key \"clutser\"; did you mean \"cluster\"?")]
    [InlineData("maxconn = 5", "app.conf:1: unknown key \"maxconn\"; did you mean \"haproxy.maxconn\"?")]
    [InlineData("something-else = 5", "app.conf:1: unknown key \"something-else\"")]
    [InlineData("members.aws.kubeconfg = x", "app.conf:1: unknown key \"members.aws.kubeconfg\"; did you mean \"members.aws.kubeconfig\"?")]
    [InlineData("members.\"eu.west\".zzz = x", "app.conf:1: unknown key \"members.\\\"eu.west\\\".zzz\"")]
    [InlineData("members.\"<name>\".poll = 1s", "app.conf:1: unknown key \"members.\\\"<name>\\\"\"; <name> stands for a name of your choice")]
    [InlineData("haproxy.listeners = [\n{ port = 1 }\n{ prot = 2 }\n]",
        "app.conf:3: unknown key \"haproxy.listeners.1.prot\"; did you mean \"haproxy.listeners.1.port\"?")]
    [InlineData("cluster.laeses = ${?NOTHING}", "app.conf:1: unknown key \"cluster.laeses\"; did you mean \"cluster.leases\"?")]
    public void An_unknown_key_is_an_error(string text, string error) => Assert.Equal([error.Replace("\\\"", "\"", StringComparison.Ordinal)], User(text).Errors());

    [Theory]
    [InlineData("haproxy.maxconn = many", "app.conf:1: \"haproxy.maxconn\" must be a whole number, but is \"many\"")]
    [InlineData("haproxy.maxconn = 1.5", "app.conf:1: \"haproxy.maxconn\" must be a whole number, but is \"1.5\"")]
    [InlineData("haproxy.maxconn = null", "app.conf:1: \"haproxy.maxconn\" must be a whole number, but is null")]
    [InlineData("haproxy.maxconn = [1]", "app.conf:1: \"haproxy.maxconn\" must be a whole number, but is a list")]
    [InlineData("cluster.weight = heavy", "app.conf:1: \"cluster.weight\" must be a number, but is \"heavy\"")]
    [InlineData("haproxy.reload = maybe", "app.conf:1: \"haproxy.reload\" must be true or false, but is \"maybe\"")]
    [InlineData("cluster.leases.ttl = 5 fortnights",
        "app.conf:1: \"cluster.leases.ttl\" must be a duration such as 5s or 200 ms, but is \"5 fortnights\"")]
    [InlineData("haproxy.buffer = 5s", "app.conf:1: \"haproxy.buffer\" must be a size such as 512 KiB or 10 MB, but is \"5s\"")]
    [InlineData("cluster.name = [x]", "app.conf:1: \"cluster.name\" must be text, but is a list")]
    [InlineData("cluster.seeds = x", "app.conf:1: \"cluster.seeds\" must be a list, but is \"x\"")]
    [InlineData("cluster = x", "app.conf:1: \"cluster\" must be an object, but is \"x\"")]
    [InlineData("haproxy.binary = [x]", "app.conf:1: \"haproxy.binary\" must be a single value, but is a list")]
    [InlineData("haproxy.listeners = [ { port = a } ]", "app.conf:1: \"haproxy.listeners.0.port\" must be a whole number, but is \"a\"")]
    [InlineData("members.aws = x", "app.conf:1: \"members.aws\" must be an object, but is \"x\"")]
    [InlineData("members.aws.poll = x", "app.conf:1: \"members.aws.poll\" must be a duration such as 5s or 200 ms, but is \"x\"")]
    [InlineData("members.aws.tls.key = { a = 1 }", "app.conf:1: \"members.aws.tls.key\" must be a single value, but is an object")]
    public void A_wrong_type_is_an_error(string text, string error) => Assert.Equal([error], User(text).Errors());

    [Fact]
    public void A_value_of_a_variable_is_checked_at_the_line_that_reads_it() => Assert.Equal(
        ["app.conf:2: \"haproxy.maxconn\" must be a whole number, but is \"lots\" (from environment variable MAX)"],
        User("\nhaproxy.maxconn = ${?MAX}").Variable("MAX", "lots").Errors());

    [Fact]
    public void All_schema_errors_are_reported_in_order() => Assert.Equal(
        """
        app.conf:1: unknown key "x"
        app.conf:2: "haproxy.maxconn" must be a whole number, but is "many"
        app.conf:4: unknown key "cluster.nam"; did you mean "cluster.name"?
        app.conf:5: "cluster.leases.ttl" must be a duration such as 5s or 200 ms, but is "long"
        b.conf:1: unknown key "y"
        """.ReplaceLineEndings("\n"),
        Assert.Throws<HoconException>(() => User("x = 1\nhaproxy.maxconn = many\ninclude \"b.conf\"\ncluster.nam = 1\ncluster.leases.ttl = long")
            .File("b.conf", "y = 1").Load()).Message);

    [Fact]
    public void Unknown_keys_are_reported_beside_undefined_substitutions() => Assert.Equal(
        [
            "app.conf:1: ${NOPE} is not defined: there is no such key before or besides this one, and no such environment variable",
            "app.conf:2: unknown key \"x\"",
        ],
        User("cluster.name = ${NOPE}\nx = 1").Errors());

    [Fact]
    public void Secrets_are_not_told_in_errors()
    {
        var error = Assert.Single(new Configs().Reference("api { key = 5, url = 5s }")
            .File("app.conf", "api.key = hunter2").Errors());
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        error = Assert.Single(new Configs().Reference("api { key = 5, url = 5s }")
            .File("app.conf", "api.url = \"postgres://me:hunter2@db/x\"").Errors());
        Assert.Equal("app.conf:1: \"api.url\" must be a duration such as 5s or 200 ms, but is \"postgres://me:<hidden>@db/x\"", error);
    }

    [Theory]
    [InlineData("haproxy.maxconn = \"5\"")]
    [InlineData("haproxy.maxconn = 1e3")]
    [InlineData("haproxy.reload = on")]
    [InlineData("cluster.weight = 2")]
    [InlineData("cluster.leases.ttl = 500")]
    [InlineData("haproxy.buffer = 4096")]
    [InlineData("cluster.name = 5")]
    [InlineData("cluster.seeds = [a, 5, { b = 1 }]")]
    [InlineData("haproxy.labels { anything.goes = [1] }")]
    [InlineData("haproxy.binary = /usr/sbin/haproxy")]
    [InlineData("haproxy.binary = null")]
    [InlineData("haproxy.admin-token = x")]
    [InlineData("annotations.\"example.org/x\" = 5")]
    [InlineData("members = null")]
    [InlineData("")]
    public void What_fits_is_accepted(string text) => Assert.Equal("app.conf", User(text).Load().File);

    [Fact]
    public void The_users_file_is_merged_over_the_reference_before_substitution()
    {
        var document = User("defaults.endpoints = NodePort\nmembers.aws.manifests = ./aws").Load();
        Assert.Equal("NodePort", document.GetString("members.aws.endpoints"));
        Assert.Equal(TimeSpan.FromSeconds(5), document.GetDuration("cluster.leases.ttl"));
        Assert.Equal(16384, document.GetSize("haproxy.buffer"));
        Assert.Equal("reference.conf:3", document.OriginOf("cluster.leases.ttl").ToString());
        Assert.Equal("app.conf:2", document.OriginOf("members.aws.manifests").ToString());
    }

    [Fact]
    public void Entries_of_a_map_get_the_templates_values_except_nulls()
    {
        var document = User("members { aws { poll = 1s, limits.rate = 5 }, \"eu.west\" {} }").Load();
        Assert.Equal(["aws", "eu.west"], document.Keys("members"));
        Assert.Equal(
            """{"poll":"1s","limits":{"rate":5,"connections":100},"endpoints":"PodIP","weights":{}}""",
            document.Find("members.aws")!.ToJson());
        Assert.Equal("""{"endpoints":"PodIP","poll":"10s","limits":{"connections":100},"weights":{}}""", document.Find("members.\"eu.west\"")!.ToJson());
    }

    [Fact]
    public void Templates_within_templates_are_filled_too()
    {
        var document = User("members.aws.weights { a {}, b { value = 5 } }").Load();
        Assert.Equal("""{"a":{"value":1},"b":{"value":5}}""", document.Find("members.aws.weights")!.ToJson());
    }

    [Fact]
    public void Without_a_file_the_reference_alone_is_the_configuration()
    {
        var document = new HoconLoader(new Configs(), static _ => null).Load([], HoconSchema.Parse(Reference));
        Assert.Equal(10000, document.GetInt("haproxy.maxconn"));
        Assert.Empty(document.Keys("members"));
        Assert.Equal("reference.conf", document.File);
    }

    [Fact]
    public void Template_defaults_are_given_by_path()
    {
        var schema = HoconSchema.Parse(Reference);
        Assert.Equal("""{"endpoints":"PodIP","poll":"10s","limits":{"connections":100},"weights":{}}""", schema.TemplateDefaults("members")!.ToJson());
        Assert.Equal("""{"value":1}""", schema.TemplateDefaults("members.any.weights")!.ToJson());
        Assert.Null(schema.TemplateDefaults("haproxy"));
        Assert.Null(schema.TemplateDefaults("nothing"));
    }

    [Fact]
    public void A_schema_serves_several_loads_with_different_environments()
    {
        var schema = HoconSchema.Parse("port = 80\nport = ${?PORT}");
        var files = new Configs().File("app.conf", "");
        Assert.Equal(81, new HoconLoader(files, static _ => "81").Load("app.conf", schema).GetInt("port"));
        Assert.Equal(80, new HoconLoader(files, static _ => null).Load("app.conf", schema).GetInt("port"));
    }

    [Fact]
    public void A_faulty_reference_is_an_error() => Assert.Equal(
        "reference.conf:2: ${b} is not defined: there is no such key before or besides this one, and no such environment variable",
        Assert.Throws<HoconException>(() => HoconSchema.Parse("\na = ${b}")).Message);
}
