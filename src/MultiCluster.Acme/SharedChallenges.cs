using MultiCluster.Model.Collections;

namespace MultiCluster.Acme;

/// <summary>
/// Publishes once what several orders need, and takes it back when the last of them is done: an authority may give one authorization to
/// several orders of an account, and then one order's end must not take the answer from another.
/// </summary>
public sealed class SharedChallenges(IHttpChallengeStore store) : IHttpChallengeStore, IDisposable
{
    // Also while the store works, so that what is published anew does not meet its own withdrawal.
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<HttpChallenge, int> _users = [];

    /// <summary>Those that did not reach every proxy are tried again by whoever needs them next.</summary>
    private readonly HashSet<HttpChallenge> _published = [];

    public async ValueTask<AcmeError?> PublishAsync(EquatableArray<HttpChallenge> challenges, CancellationToken cancellationToken)
    {
        // Not to be cancelled before it counts: it will be withdrawn in any case.
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            foreach (var challenge in challenges)
                _users[challenge] = _users.GetValueOrDefault(challenge) + 1;
            var missing = challenges.Items.Where(challenge => !_published.Contains(challenge)).ToEquatableArray();
            if (missing.IsEmpty)
                return null;
            if (await store.PublishAsync(missing, cancellationToken) is { } refused)
                return refused;
            _published.UnionWith(missing.Items);
            return null;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask WithdrawAsync(EquatableArray<HttpChallenge> challenges)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            var unused = challenges.Items.Where(IsLast).ToEquatableArray();
            _published.ExceptWith(unused.Items);
            if (!unused.IsEmpty)
                await store.WithdrawAsync(unused);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private bool IsLast(HttpChallenge challenge)
    {
        var users = _users.GetValueOrDefault(challenge);
        if (users > 1)
            _users[challenge] = users - 1;
        else
            _users.Remove(challenge);
        return users == 1;
    }
}
