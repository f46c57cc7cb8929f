using MultiCluster.Controller.Tests.Support;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.TestKit.Actors;

namespace MultiCluster.Controller.Tests.Entities;

/// <summary>A bug that one Ingress brings out, here its annotation, costs that Ingress its changes and nobody anything else.</summary>
public sealed class LastDecisionTests
{
    private const string Cause = "brings-out-a-bug";

    private static readonly IngressCopy Good = Make.Copy(Make.Aws, Make.Ingress("shop", "shop.example", "shop"));
    private static readonly IngressCopy Other = Make.Copy(Make.Aws, Make.Ingress("shop", "other.example", "shop"));
    private static readonly IngressCopy Bad = Make.Copy(Make.Aws, Annotated(Other.Ingress));

    [Fact]
    public async Task What_was_decided_before_stays_until_the_object_can_be_judged()
    {
        await using var test = new DeterministicSystem();
        var entity = new IngressRig(test, null, Merge);
        var before = await entity.ObserveAsync(Good);

        var kept = await entity.ObserveAsync(Bad);
        Assert.Equal(before.Fragment!.Routes, kept.Fragment!.Routes);
        var said = Assert.Single(kept.Conditions, static item => item.Condition.Type == ConditionType.PartiallyInvalid).Condition;
        Assert.Equal(Reasons.InternalError, said.Reason);
        Assert.StartsWith("aws: Ingress web/shop can't be judged as it is now, so that it is served as before", said.Message, StringComparison.Ordinal);
        Assert.Equal(kept.Fragment.Routes, (await entity.ObserveAsync(Bad)).Fragment!.Routes);

        var mended = await entity.ObserveAsync(Other);
        Assert.Equal("other.example", Assert.Single(mended.Fragment!.Routes).Key.Host);
        Assert.DoesNotContain(mended.Conditions, static item => item.Condition.Reason == Reasons.InternalError);
        Assert.Null((await entity.ObserveAsync(null)).Fragment);
        Assert.Equal(1, entity.Starts);
    }

    [Fact]
    public async Task It_stays_over_a_start_as_well()
    {
        await using var test = new DeterministicSystem();
        var entity = new IngressRig(test, Good, Merge);
        Assert.Equal("shop.example", Assert.Single((await entity.ObserveAsync(Bad)).Fragment!.Routes).Key.Host);
    }

    [Fact]
    public async Task What_an_owner_before_decided_counts_when_it_is_found_later_than_the_object()
    {
        await using var test = new DeterministicSystem();
        var entity = new IngressRig(test, null, Merge);
        Assert.Empty((await entity.ObserveAsync(Bad)).Fragment!.Routes);
        Assert.Equal("shop.example", Assert.Single((await entity.RecallAsync(Good)).Fragment!.Routes).Key.Host);
    }

    [Fact]
    public async Task An_Ingress_that_never_was_judged_is_not_served_and_its_owner_does_not_fail()
    {
        await using var test = new DeterministicSystem();
        var entity = new IngressRig(test, null, Merge);
        var state = await entity.ObserveAsync(Bad);
        Assert.Empty(state.Fragment!.Routes);
        var said = Assert.Single(state.Conditions).Condition;
        Assert.Equal((ConditionType.Accepted, false, Reasons.InternalError), (said.Type, said.Status, said.Reason));
        Assert.Equal(1, entity.Starts);
    }

    private static IngressMerge Merge(
        Model.Identity.ObjectKey key,
        IReadOnlyCollection<IngressCopy> copies,
        DateTimeOffset now,
        FederationContext context,
        EquatableArray<RecordedRank> ranks,
        Federation.Tls.CertificateCache? certificates,
        Model.Traffic.TrafficPolicy? before) =>
        copies.Any(static item => item.Ingress.Meta.Annotations.ContainsKey(Cause))
            ? throw new InvalidOperationException("a bug")
            : IngressFederation.Merge(key, copies, now, context, ranks, certificates, before);

    private static IngressResource Annotated(IngressResource ingress) =>
        ingress with { Meta = ingress.Meta with { Annotations = EquatableMap.From([new(Cause, "")]) } };
}
