using System.Text;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Ingresses;

public sealed class PolicySecretTests
{
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
    public void One_that_can_not_be_read_is_told_without_what_it_holds()
    {
        var broken = Make.Secret("users") with { DecodeError = "data.auth: expected base64 text, found other text" };
        var condition = Federate.Merge(Federate.Shop.CopyIn(Make.Aws, broken)).Find(ConditionType.ResolvedRefs)!;
        Assert.Equal((false, Reasons.InvalidObject), (condition.Status, condition.Reason));
        Assert.Equal(
            "aws: Ingress web/shop: Secret web/users that an annotation names can't be read: \"data.auth: expected base64 text, found other text\"; correct it", condition.Message);
    }

    private static string? Find(params IngressCopy[] copies)
    {
        var rules = new MergeRules(Federate.Three, null, new RankBook([], copies, Federate.Three));
        var judged = copies.Select(copy => JudgedCopy.Judge(Make.Shop, copy, rules, Make.Now, cache: null)).OrderBy(static copy => copy.Rank).ToList();
        return new PolicySecrets(judged).Find(Make.Key("users")) is { } data ? Encoding.UTF8.GetString(data["auth"].Span) : null;
    }
}
