using Microsoft.Extensions.Configuration;

namespace MultiCluster.Hocon.Tests;

public sealed class ConfigurationTests
{
    private sealed class Options
    {
        public int Maxconn { get; set; }

        public TimeSpan Timeout { get; set; }

        public long Buffer { get; set; }

        public bool Reload { get; set; }

        public List<string> Seeds { get; } = [];
    }

    [Fact]
    public void Keys_are_flattened()
    {
        var configuration = Build("a { b { c = 1 } }, l = [x, { y = 2 }, [3]], n = null, e = [], o {}, t = yes, \"d.e\" = 4");
        Assert.Equal(
            [("a:b:c", "1"), ("d.e", "4"), ("e", ""), ("l:0", "x"), ("l:1:y", "2"), ("l:2:0", "3"), ("n", null), ("o", null), ("t", "yes")],
            Leaves(configuration));
    }

    [Fact]
    public void With_a_schema_values_bind_to_dotnet_types()
    {
        var configs = new Configs()
            .Reference("proxy { maxconn = 1, timeout = 5s, buffer = 16 KiB, reload = false, seeds = [] }")
            .File("app.conf", "proxy { maxconn = 1e3, timeout = 1 minute, reload = on, seeds += a }");
        var options = Builder(configs).Build().GetSection("proxy").Get<Options>()!;
        Assert.Equal((1000, TimeSpan.FromMinutes(1), 16384L, true), (options.Maxconn, options.Timeout, options.Buffer, options.Reload));
        Assert.Equal(["a"], options.Seeds);
    }

    [Fact]
    public void Other_sources_go_over_it()
    {
        var configuration = Builder(new Configs().File("app.conf", "a.b = 1, a.c = 2"))
            .AddInMemoryCollection([new("a:b", "9")]).Build();
        Assert.Equal(("9", "2"), (configuration["a:b"], configuration["A:C"]));
    }

    [Fact]
    public void A_loaded_document_is_a_source_and_the_provider_keeps_it()
    {
        var document = Configs.Load("a = 1");
        var configuration = new ConfigurationBuilder().AddHocon(document).Build();
        Assert.Equal("1", configuration["a"]);
        Assert.Same(document, Assert.IsType<HoconConfigurationProvider>(Assert.Single(configuration.Providers)).Document);
    }

    [Theory]
    [InlineData("a = [", "app.conf:1: '[' is never closed")]
    [InlineData("\nx.\"a:b\" = 1", "app.conf:2: key \"a:b\" contains ':', which .NET configuration takes for a separator")]
    [InlineData("x.aws = 1\nx.AWS = 2",
        "app.conf:2: key \"AWS\" differs only in case from the one at app.conf:1, which .NET configuration can't tell apart")]
    public void What_cannot_be_a_configuration_is_an_error(string text, string error) =>
        Assert.Equal(error, Assert.Throws<HoconException>(() => Build(text)).Message);

    [Fact]
    public void A_failed_reload_keeps_the_last_good_values()
    {
        var configs = new Configs().File("app.conf", "a = 1");
        var configuration = Builder(configs).Build();
        configs.File("app.conf", "a = {");
        Assert.Throws<HoconException>(configuration.Reload);
        Assert.Equal("1", configuration["a"]);
        configs.File("app.conf", "a = 2");
        configuration.Reload();
        Assert.Equal("2", configuration["a"]);
    }

    private static IConfigurationRoot Build(string text) => Builder(new Configs().File("app.conf", text)).Build();

    private static IConfigurationBuilder Builder(Configs configs) =>
        new ConfigurationBuilder().AddHocon("app.conf", configs.Environment, configs.Schema, configs);

    private static IEnumerable<(string, string?)> Leaves(IConfiguration configuration) =>
        configuration.AsEnumerable().Where(e => !configuration.GetSection(e.Key).GetChildren().Any())
            .Select(e => (e.Key, e.Value)).OrderBy(e => e.Key, StringComparer.Ordinal);
}
