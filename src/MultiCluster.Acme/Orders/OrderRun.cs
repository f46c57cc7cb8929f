using MultiCluster.Acme.Issued;
using MultiCluster.Acme.Protocol;
using MultiCluster.Model.Collections;

namespace MultiCluster.Acme.Orders;

/// <summary>Does what <see cref="OrderSteps"/> says for one order until it says that it's done.</summary>
internal sealed class OrderRun(AcmeClient client, IHttpChallengeStore challenges, EquatableArray<string> hosts, Placed<Order> order) : IDisposable
{
    /// <summary>How many answers in a row may be missing; asking where an order stands costs no one anything.</summary>
    private const int MaxLost = 3;

    private readonly CertificateKey _key = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly Pacing _pacing = new(client.Options.FirstPoll, client.Options.LongestPoll);
    private readonly DateTimeOffset _deadline = client.Time.GetUtcNow() + client.Options.OrderTimeout;
    private Placed<Order> _order = order;
    private TimeSpan? _asked = order.RetryAfter;
    private int _waits;
    private int _lost;

    public EquatableArray<HttpChallenge> Published { get; private set; } = [];

    public void Dispose() => _key.Dispose();

    public async Task<AcmeResult<IssuedCertificate>> FinishAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var step = await StepAsync(cancellationToken);
            if (step is OrderStep.Download(var url))
                return await DownloadAsync(url, cancellationToken);
            var error = step switch
            {
                OrderStep.Solve(var solutions) => await SolveAsync(solutions, cancellationToken),
                OrderStep.Finalize => await FinalizeAsync(cancellationToken),
                OrderStep.Wait(var missing) => await WaitAsync(missing, cancellationToken),
                OrderStep.GiveUp(var reason) => reason,
                _ => throw new InvalidOperationException($"no such step: {step}"),
            };
            if (error is not null && !await IsPassingAsync(step, error, cancellationToken))
                return error;
        }
    }

    /// <summary>An answer that got lost costs a look at where the order stands.</summary>
    private async Task<bool> IsPassingAsync(OrderStep step, AcmeError error, CancellationToken cancellationToken)
    {
        if (error.Kind != AcmeErrorKind.Unreachable && error.Problem?.Type != AcmeProblem.OrderNotReady)
            return false;
        if (step is OrderStep.GiveUp || ++_lost > MaxLost)
            return false;
        return await WaitAsync(error.Message, cancellationToken) is null;
    }

    private async Task<OrderStep> StepAsync(CancellationToken cancellationToken)
    {
        var authorizations = new List<Authorization>();
        if (_order.Value.Status is OrderStatus.Pending or OrderStatus.Invalid)
        {
            foreach (var url in _order.Value.Authorizations.Items)
            {
                var read = await RepeatAsync(() => client.AuthorizationAsync(new Uri(url), cancellationToken), cancellationToken);
                if (!read.IsOk)
                    return new OrderStep.GiveUp(read.Error);
                if (!hosts.Items.Contains(read.Value.Value.Host))
                    return new OrderStep.GiveUp(new AcmeError(AcmeErrorKind.Malformed, $"an authorization for {AcmeProblem.Shown(read.Value.Value.Host)} came, which nobody ordered"));
                authorizations.Add(read.Value.Value);
                _asked = Longer(_asked, read.Value.RetryAfter);
            }
        }

        return OrderSteps.Next(_order.Value, authorizations, _told, client.Key.Authorize);
    }

    private async Task<AcmeError?> SolveAsync(EquatableArray<Solution> solutions, CancellationToken cancellationToken)
    {
        var added = solutions.Items.Select(static solution => solution.Challenge).Where(challenge => !Published.Items.Contains(challenge)).ToEquatableArray();
        if (!added.IsEmpty)
        {
            // Before it is tried: what failed on one proxy is to be taken back from the others.
            Published = Published.Items.AddRange(added.Items).ToEquatableArray();
            if (await challenges.PublishAsync(added, cancellationToken) is { } refused)
                return refused;
        }

        foreach (var (challenge, offered) in solutions.Items)
        {
            var told = await client.RespondAsync(offered, challenge.Host, cancellationToken);
            if (told.IsOk)
                _told.Add(challenge.Token);
            else if (told.Error.Kind != AcmeErrorKind.Refused || await IsUntoldAsync(challenge, cancellationToken))
                return told.Error;
        }

        return await LookAsync(cancellationToken);
    }

    /// <summary>Orders of one account may share an authorization, so another one may have told the authority, or be through with it.</summary>
    private async Task<bool> IsUntoldAsync(HttpChallenge challenge, CancellationToken cancellationToken) =>
        await StepAsync(cancellationToken) is OrderStep.Solve(var left) && left.Items.Any(solution => solution.Challenge == challenge);

    private async Task<AcmeError?> FinalizeAsync(CancellationToken cancellationToken)
    {
        var sent = await client.FinalizeAsync(_order.Url, _order.Value.Finalize, _key.Request(hosts), cancellationToken);
        if (!sent.IsOk)
            return sent.Error;
        Take(sent.Value);
        return null;
    }

    /// <summary>Waits, then looks at the order.</summary>
    private async Task<AcmeError?> WaitAsync(string missing, CancellationToken cancellationToken)
    {
        var wait = _pacing.Next(_waits++, _asked);
        var until = client.Time.GetUtcNow() + wait;
        if (until > _deadline)
        {
            return new AcmeError(AcmeErrorKind.TimedOut, $"{string.Join(", ", hosts.Items)}: waited {client.Options.OrderTimeout.TotalSeconds:0} s for {missing}")
            {
                RetryAt = _asked is null ? null : until,
            };
        }

        await Task.Delay(wait, client.Time, cancellationToken);
        return await LookAsync(cancellationToken);
    }

    private async Task<AcmeError?> LookAsync(CancellationToken cancellationToken)
    {
        _asked = null;
        var read = await RepeatAsync(() => client.OrderAsync(_order.Url, cancellationToken), cancellationToken);
        if (!read.IsOk)
            return read.Error;
        Take(read.Value);
        return null;
    }

    private void Take(Placed<Order> seen)
    {
        if (seen.Value.Status != _order.Value.Status)
            _waits = 0;
        _order = seen;
        _asked = seen.RetryAfter;
        _lost = 0;
    }

    private async Task<AcmeResult<IssuedCertificate>> DownloadAsync(Uri url, CancellationToken cancellationToken)
    {
        var first = await ChainAsync(url, cancellationToken);
        if (!first.IsOk)
            return first.Error;
        var (issued, alternates) = first.Value;
        if (client.Options.PreferredChain is not { } preferred || issued.Root == preferred)
            return issued;
        foreach (var alternate in alternates.Items)
        {
            // One that can't be had or read is no reason to have none.
            var other = await ChainAsync(new Uri(alternate), cancellationToken);
            if (other.IsOk && other.Value.Issued.Root == preferred)
                return other.Value.Issued;
        }

        return issued;
    }

    private async Task<AcmeResult<Downloaded>> ChainAsync(Uri url, CancellationToken cancellationToken)
    {
        var sent = await RepeatAsync(() => client.CertificateAsync(url, cancellationToken), cancellationToken);
        if (!sent.IsOk)
            return sent.Error;
        var read = Chain.Read(sent.Value.Body.Span, _key, hosts, client.Time.GetUtcNow());
        return read.IsOk ? new Downloaded(read.Value, sent.Value.Alternates) : read.Error;
    }

    /// <summary>For requests that change nothing.</summary>
    private async Task<AcmeResult<T>> RepeatAsync<T>(Func<Task<AcmeResult<T>>> ask, CancellationToken cancellationToken)
        where T : notnull
    {
        for (var lost = 0; ; lost++)
        {
            var answer = await ask();
            if (answer.IsOk || answer.Error.Kind != AcmeErrorKind.Unreachable || lost == MaxLost)
                return answer;
            var wait = _pacing.Next(lost, answer.Error.RetryAt - client.Time.GetUtcNow());
            if (client.Time.GetUtcNow() + wait > _deadline)
                return answer;
            await Task.Delay(wait, client.Time, cancellationToken);
        }
    }

    private static TimeSpan? Longer(TimeSpan? left, TimeSpan? right) => left is null || right > left ? right ?? left : left;

    private sealed record Downloaded(IssuedCertificate Issued, EquatableArray<string> Alternates);
}
