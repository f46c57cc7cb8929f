using MultiCluster.Acme.Protocol;
using MultiCluster.Model.Collections;

namespace MultiCluster.Acme.Orders;

/// <summary>Of an order as the authority last showed it to what is next. Pure.</summary>
internal static class OrderSteps
{
    /// <param name="authorizations">All of the order's, as last seen; not looked at unless it is pending or invalid.</param>
    /// <param name="told">Tokens of the challenges that the authority was told to look at.</param>
    /// <param name="authorize">From a token to its key authorization.</param>
    public static OrderStep Next(Order order, IReadOnlyList<Authorization> authorizations, IReadOnlySet<string> told, Func<string, string> authorize) => order.Status switch
    {
        OrderStatus.Ready => new OrderStep.Finalize(),
        OrderStatus.Processing => new OrderStep.Wait("the certificate"),
        OrderStatus.Valid => new OrderStep.Download(order.Certificate!),
        OrderStatus.Invalid => new OrderStep.GiveUp(Failure(authorizations) ?? Failure(order)),
        OrderStatus.Pending => Pending(authorizations, told, authorize),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order.Status, "unknown"),
    };

    private static OrderStep Pending(IReadOnlyList<Authorization> authorizations, IReadOnlySet<string> told, Func<string, string> authorize)
    {
        if (Failure(authorizations) is { } failure)
            return new OrderStep.GiveUp(failure);
        var pending = authorizations.Where(static authorization => authorization.Status == AuthorizationStatus.Pending).ToList();
        if (pending.Find(static authorization => authorization.Http is null) is { } unsolvable)
        {
            var offered = unsolvable.Offered.IsEmpty ? "no challenge" : string.Join(", ", unsolvable.Offered.Items);
            return new OrderStep.GiveUp(new AcmeError(AcmeErrorKind.Refused, $"{unsolvable.Host}: the authority offers {offered}, but not http-01") { Host = unsolvable.Host });
        }

        var untold = pending
            .Where(authorization => authorization.Http!.Status == ChallengeStatus.Pending && !told.Contains(authorization.Http.Token))
            .Select(authorization => new Solution(new HttpChallenge(authorization.Host, authorization.Http!.Token, authorize(authorization.Http.Token)), authorization.Http))
            .ToEquatableArray();
        if (!untold.IsEmpty)
            return new OrderStep.Solve(untold);
        return new OrderStep.Wait(pending.Count > 0 ? $"the authority to look at {string.Join(", ", pending.Select(static authorization => authorization.Host))}" : "the order to be ready");
    }

    /// <summary>The first host that the authority did not find an answer at, and all that it said about it.</summary>
    private static AcmeError? Failure(IReadOnlyList<Authorization> authorizations)
    {
        var failed = authorizations.FirstOrDefault(static authorization => authorization.Status is not (AuthorizationStatus.Pending or AuthorizationStatus.Valid));
        if (failed is null)
            return null;
        var (problem, looked) = (failed.Http?.Error, failed.Http?.Looked ?? "");
        var where = looked.Length > 0 ? $" (it looked at {looked})" : "";
        var said = problem?.ToString() ?? $"its authorization is {failed.Status.ToString().ToLowerInvariant()}";
        var others = authorizations.Count(authorization => authorization != failed && authorization.Status == AuthorizationStatus.Invalid);
        var more = others > 0 ? $"; {others} more of the order's hosts failed" : "";
        return new AcmeError(AcmeErrorKind.ChallengeFailed, $"{failed.Host}: the authority did not accept it: {said}{where}{more}") { Host = failed.Host, Problem = problem };
    }

    private static AcmeError Failure(Order order) => new(AcmeErrorKind.Refused, $"{string.Join(", ", order.Hosts.Items)}: the order is invalid: {order.Error?.ToString() ?? "no reason given"}")
    {
        Problem = order.Error,
    };
}
