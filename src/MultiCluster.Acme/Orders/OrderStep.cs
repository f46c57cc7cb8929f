using MultiCluster.Acme.Protocol;
using MultiCluster.Model.Collections;

namespace MultiCluster.Acme.Orders;

/// <summary>What is to be done next for an order.</summary>
internal abstract record OrderStep
{
    private OrderStep()
    {
    }

    /// <summary>Publish the answers, then tell the authority to look.</summary>
    public sealed record Solve(EquatableArray<Solution> Solutions) : OrderStep;

    public sealed record Wait(string For) : OrderStep;

    public sealed record Finalize : OrderStep;

    public sealed record Download(Uri Url) : OrderStep;

    public sealed record GiveUp(AcmeError Error) : OrderStep;
}

internal sealed record Solution(HttpChallenge Challenge, OfferedChallenge Offered);
