using MultiCluster.Federation.Routing;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Ingresses;

/// <summary>Paths that annotations make expressions of.</summary>
public sealed class PathTypeTests
{
    private const string UseRegex = "nginx.ingress.kubernetes.io/use-regex";
    private const string Rewrite = "nginx.ingress.kubernetes.io/rewrite-target";
    private const string Type = "haproxy-ingress.github.io/path-type";
    private const string Unspecific = "ImplementationSpecific";

    private static Fragment.Ingress Merge(string annotation, string value, params IngressPath[] paths)
    {
        var ingress = Make.Ingress(Make.Rule("shop.example", paths));
        return Make.MergeOne(ingress with { Meta = ingress.Meta with { Annotations = EquatableMap.From([KeyValuePair.Create(annotation, value)]) } });
    }

    [Theory]
    [InlineData(UseRegex, "true", "/api(/|$)(.*)", Unspecific, PathMatch.RegexAnyCase, "^(?:/[Aa][Pp][Ii](?:/|$)(?:.*))", 13)]
    [InlineData(UseRegex, "true", "/a", "Prefix", PathMatch.RegexAnyCase, "^(?:/[Aa])", 2)]
    [InlineData(UseRegex, "true", "/a", "Exact", PathMatch.Exact, null, 0)]
    [InlineData(UseRegex, "true", "/", "Prefix", PathMatch.Prefix, null, 0)]
    [InlineData(UseRegex, "true", "/a|/b", Unspecific, PathMatch.RegexAnyCase, "^(?:/[Aa]|/[Bb])", 5)]
    [InlineData(UseRegex, "false", "/a", Unspecific, PathMatch.Prefix, null, 0)]
    [InlineData(Rewrite, "/x", "/a.c", Unspecific, PathMatch.RegexAnyCase, "^(?:/[Aa].[Cc])", 4)]
    [InlineData(Type, "regex", "/a[0-9]+$", Unspecific, PathMatch.Regex, "^(?:/a[0-9]+$)", 0)]
    [InlineData(Type, "begin", "/a.c", Unspecific, PathMatch.Begin, @"^/[Aa]\.[Cc]", 4)]
    [InlineData(Type, "begin", "/caf%C3%A9", Unspecific, PathMatch.Begin, @"^/[Cc][Aa][Ff]\xC3\xA9", 5)]
    [InlineData(Type, "exact", "/a", Unspecific, PathMatch.Exact, null, 0)]
    [InlineData(Type, "prefix", "/a", Unspecific, PathMatch.Prefix, null, 0)]
    [InlineData(Type, "regex", "/a", "Prefix", PathMatch.Prefix, null, 0)]
    public void A_path_is_meant_as_annotations_say(string annotation, string value, string path, string type, PathMatch match, string? pattern, int rank)
    {
        var fragment = Merge(annotation, value, Make.Path(path, "a", type));

        var claim = Assert.Single(fragment.Routes);
        Assert.Equal(match, claim.Key.Match);
        Assert.Equal(pattern is null ? null : new PathExpression(pattern, rank), claim.Expression);
        Assert.Null(fragment.ConditionOf(ConditionType.PartiallyInvalid));
    }

    [Theory]
    [InlineData(UseRegex, "true", "/(a+)+$", "(a+)+")]
    [InlineData(UseRegex, "true", "/a(?=b)", "looks around")]
    [InlineData(UseRegex, "true", "/(a)\\1", "refers back")]
    [InlineData(UseRegex, "true", "/a.*b.*c.*d", "too many ways")]
    [InlineData(UseRegex, "true", "/a^b", "^ elsewhere")]
    [InlineData(UseRegex, "true", "a", "must begin with '/'")]
    [InlineData(UseRegex, "true", "/[a", "\"/[a\"")]
    [InlineData(UseRegex, "yes", "/a", "use-regex is \"yes\"")]
    [InlineData(Type, "glob", "/a", "path-type is \"glob\"")]
    public void What_can_t_be_read_is_told(string annotation, string value, string path, string told)
    {
        var fragment = Merge(annotation, value, Make.Path(path, "a", Unspecific), Make.Path("/good", "b"));

        Assert.Contains(told, fragment.ConditionOf(ConditionType.PartiallyInvalid)!.Message, StringComparison.Ordinal);
        Assert.Contains(fragment.Routes, static claim => claim.Backend.Service.Name == "b");
    }

    [Theory]
    [InlineData("/exact", "/exact /")]
    [InlineData("/abcd", "/ab[c-e]? /abc.* /ab /")]
    [InlineData("/AB", "/ab[c-e]? /ab /")]
    [InlineData("/abc/long/x", "/ab[c-e]? /abc/long /abc.* /ab /")]
    [InlineData("/b", "/")]
    public void Of_expressions_and_prefixes_the_longest_counts(string path, string expected)
    {
        var table = new RoutingTable();
        var version = 0;
        void Apply(Fragment.Ingress ingress) => table.Apply(new FragmentUpdate(EntityId.Ingress(ingress.Key), new FragmentVersion(1, ++version), ingress), Make.Now);
        Apply(Merge(UseRegex, "true", Make.Path("/ab", "a"), Make.Path("/abc.*", "a"), Make.Path("/ab[c-e]?", "a")));
        Apply(Make.MergeOne(Make.Ingress(Make.Rule("shop.example", Make.Path("/", "b"), Make.Path("/abc/long", "b"), Make.Path("/exact", "b", "Exact"))).Named("other")));

        var found = table.Explain("shop.example", path);

        Assert.Equal(expected.Split(' '), found.Candidates.Select(static route => route.Key.Path.Length == 0 ? "/" : route.Key.Path));
    }
}
