using MultiCluster.Controller.Entities;
using MultiCluster.Controller.Tests.Support;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Security;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Entities;

/// <summary>After a start whoever reads a member may have lost the right to read its Secrets; the owner's record has them.</summary>
public sealed class KeptSecretTests
{
    private static readonly ObjectKey Key = Make.Key("shop");
    private static readonly IngressResource Plain = Make.Ingress("shop", "shop.example", "shop");

    private static readonly IngressResource Guarded = Plain with
    {
        Meta = Plain.Meta with { Annotations = EquatableMap.From([new("haproxy-ingress.github.io/auth-secret", "users")]) },
    };

    [Fact]
    public async Task A_Secret_that_an_annotation_names_stays_over_a_start_until_it_is_known_to_be_gone()
    {
        var users = new DataSecretResource(new ObjectMeta(Make.Key("users"))) { Type = "Opaque", Data = [new SecretEntry("auth", Secret.FromText("ann:x"))] };
        await using var test = new DeterministicSystem();
        var entity = new IngressRig(test, Make.Copy(Make.Aws, Guarded) with { AnnotationSecrets = [users] });

        var blind = Make.Copy(Make.Aws, Guarded) with { KnowsSecrets = false };
        Assert.DoesNotContain("Secret", Unresolved(await entity.ObserveAsync(blind)), StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", Unresolved(await entity.ObserveAsync(blind)), StringComparison.Ordinal);
        Assert.Contains("names Secret web/users, which aws does not have", Unresolved(await entity.ObserveAsync(blind with { KnowsSecrets = true })), StringComparison.Ordinal);
        // What was gone does not come back.
        Assert.Contains("names Secret web/users, and Secrets of aws can't be read", Unresolved(await entity.ObserveAsync(blind)), StringComparison.Ordinal);
    }

    private static string Unresolved(EntityProtocol.IngressState state) =>
        Assert.Single(state.Conditions, static item => item.Condition.Type == ConditionType.ResolvedRefs).Condition.Message;
}
