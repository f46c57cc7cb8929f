using System.Text;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Ingresses;

public sealed class PolicySecretTests
{
    private const string Auth = "haproxy-ingress.github.io/auth-secret";
    private static readonly IngressResource Shop = Federate.Shop.With((Auth, "users"));
    private static readonly DataSecretResource Users = Make.Secret("users", ("auth", "ann:x"), ("empty", ""));

    [Fact]
    public void Of_the_accepted_copies_that_have_one_the_first_by_rank_counts()
    {
        var young = Federate.Shop.CreatedOn(2).CopyIn(Make.Aws, Users);
        var old = Federate.Shop.CreatedOn(1).CopyIn(Make.Gcp, Make.Secret("users", ("auth", "bob:x")));
        Assert.Equal("bob:x", Find(young, old));
        Assert.Equal("ann:x", Find(young, old with { AnnotationSecrets = [] }));
        Assert.Equal("ann:x", Find(young, old with { Class = ClassVerdict.Foreign }));
        Assert.Null(Find(young with { AnnotationSecrets = [] }));
    }

    [Fact]
    public void Two_entries_of_one_key_break_nothing()
    {
        var twice = Users with { Data = [Users.Data[0], new SecretEntry("auth", Model.Security.Secret.FromText("last"))] };
        Assert.Equal("last", Find(Federate.Shop.CopyIn(Make.Aws, twice)));
    }

    [Fact]
    public void One_that_can_not_be_read_is_told_without_what_it_holds() => AssertUnresolved(
        Reasons.InvalidObject,
        $"annotation {Auth} names Secret web/users, which can't be read: \"data.auth: expected base64 text, found other text\"; correct it",
        Shop.CopyIn(Make.Aws, Users with { DecodeError = "data.auth: expected base64 text, found other text" }));

    [Fact]
    public void A_cluster_that_lacks_one_is_told_so_whatever_others_have()
    {
        var lacking = Shop.CopyIn(Make.Aws);
        AssertUnresolved(Reasons.SecretNotFound, $"annotation {Auth} names Secret web/users, which aws does not have; create it there", lacking, Shop.CopyIn(Make.Gcp, Users));
        AssertUnresolved(
            Reasons.SecretNotFound, $"annotation {Auth} names Secret web/users, and Secrets of aws can't be read; grant list and watch on secrets there",
            lacking with { KnowsSecrets = false });
        Assert.True(Federate.Merge(Shop.CopyIn(Make.Aws, Users)).Find(ConditionType.ResolvedRefs)!.Status);
    }

    [Fact]
    public void Of_a_Service_it_is_said_which()
    {
        var service = Make.Service("shop") is var shop ? shop with { Meta = shop.Meta with { Annotations = Shop.Meta.Annotations } } : null!;
        AssertUnresolved(
            Reasons.SecretNotFound, $"annotation {Auth} of Service shop names Secret web/users, which aws does not have; create it there", Federate.Shop.CopyIn(Make.Aws, service));
    }

    private static void AssertUnresolved(string reason, string text, params IngressCopy[] copies)
    {
        var condition = Federate.Merge(copies).Find(ConditionType.ResolvedRefs)!;
        Assert.Equal((false, reason, $"aws: Ingress web/shop: {text}"), (condition.Status, condition.Reason, condition.Message));
    }

    private static string? Find(params IngressCopy[] copies)
    {
        var rules = new MergeRules(Federate.Three, null, new RankBook([], copies, Federate.Three));
        var judged = copies.Select(copy => JudgedCopy.Judge(Make.Shop, copy, rules, Make.Now, cache: null)).OrderBy(static copy => copy.Rank).ToList();
        return new PolicySecrets(judged).Find(Make.Key("users")) is { } data ? Encoding.UTF8.GetString(data["auth"].Span) : null;
    }
}
