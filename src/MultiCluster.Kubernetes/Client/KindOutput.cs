using System.Collections.Immutable;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Client;

/// <summary>
/// What the reflectors of one kind report, as one stream. With several namespaces a kind has several reflectors: a list is
/// then the union of their lists, and is sent only once each of them has one, since what it lacks counts as deleted.
/// </summary>
internal sealed class KindOutput : IReflectorOutput, IDisposable
{
    private readonly ResourceKind _kind;
    private readonly IMemberSink _sink;
    private readonly ProblemBoard _problems;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<ObjectKey, Resource>?[] _scopes;
    private readonly string?[] _failures;
    private readonly bool[] _refused;
    private volatile bool _connected;
    private string? _reported;
    private bool _reportedRefusal;

    public KindOutput(ResourceKind kind, IMemberSink sink, int scopes, ProblemBoard problems)
    {
        _kind = kind;
        _sink = sink;
        _problems = problems;
        _scopes = new Dictionary<ObjectKey, Resource>?[scopes];
        _failures = new string?[scopes];
        Array.Fill(_failures, "");
        _refused = new bool[scopes];
    }

    public ResourceKind Kind => _kind;

    /// <summary>Each of its watches is open.</summary>
    public bool IsConnected => _connected;

    private bool IsMerged => _scopes.Length > 1;

    public Task ListedAsync(int scope, ImmutableArray<Resource> items, bool followsOutage, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        // What comes after a list is another failure, also in the same words.
        (_reported, _reportedRefusal) = (null, false);
        if (!IsMerged)
        {
            await SendAsync(new MemberEvent.Listed(_kind, items) { FollowsOutage = followsOutage }, cancellationToken);
            return;
        }

        var byKey = new Dictionary<ObjectKey, Resource>();
        foreach (var item in items)
            byKey[item.Key] = item;
        _scopes[scope] = byKey;
        if (Array.TrueForAll(_scopes, static known => known is not null))
            await SendAsync(new MemberEvent.Listed(_kind, [.. _scopes.SelectMany(static known => known!.Values)]) { FollowsOutage = followsOutage }, cancellationToken);
    }, cancellationToken);

    public ValueTask UpsertedAsync(int scope, Resource resource, CancellationToken cancellationToken)
    {
        if (!IsMerged)
            return SendAsync(new MemberEvent.Upserted(resource), cancellationToken);
        return new ValueTask(InTurnAsync(async () =>
        {
            _scopes[scope]![resource.Key] = resource;
            if (Array.TrueForAll(_scopes, static known => known is not null))
                await SendAsync(new MemberEvent.Upserted(resource), cancellationToken);
        }, cancellationToken));
    }

    public ValueTask DeletedAsync(int scope, ObjectKey key, CancellationToken cancellationToken)
    {
        if (!IsMerged)
            return SendAsync(new MemberEvent.Deleted(_kind, key), cancellationToken);
        return new ValueTask(InTurnAsync(async () =>
        {
            _scopes[scope]!.Remove(key);
            if (Array.TrueForAll(_scopes, static known => known is not null))
                await SendAsync(new MemberEvent.Deleted(_kind, key), cancellationToken);
        }, cancellationToken));
    }

    /// <summary>The kind is connected when each of its scopes is.</summary>
    public Task ConnectedAsync(int scope, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        _failures[scope] = null;
        _reportedRefusal = false;
        if (_connected || Array.Exists(_failures, static failure => failure is not null))
            return;
        _connected = true;
        _reported = null;
        await SendAsync(new MemberEvent.Connected(_kind), cancellationToken);
    }, cancellationToken);

    /// <summary>Each new reason is sent once, however often it is met.</summary>
    public Task DisconnectedAsync(int scope, string reason, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        _failures[scope] = reason;
        _refused[scope] = false;
        _connected = false;
        if (string.Equals(_reported, reason, StringComparison.Ordinal))
            return;
        _reported = reason;
        await SendAsync(new MemberEvent.Disconnected(_kind, reason), cancellationToken);
    }, cancellationToken);

    /// <summary>A kind is refused when nothing else is in the way of any of its scopes.</summary>
    public Task RefusedAsync(int scope, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        _refused[scope] = true;
        if (_reportedRefusal || !_failures.Zip(_refused).All(static pair => pair.First is null || pair.Second))
            return;
        _reportedRefusal = true;
        await SendAsync(new MemberEvent.Refused(_kind), cancellationToken);
    }, cancellationToken);

    public void Problem(string subject, string? message) => _problems.Set(subject, message);

    public void Dispose() => _turn.Dispose();

    private ValueTask SendAsync(MemberEvent memberEvent, CancellationToken cancellationToken) =>
        _sink.OnEventAsync(memberEvent, cancellationToken);

    private async Task InTurnAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await action();
        }
        finally
        {
            _turn.Release();
        }
    }
}
