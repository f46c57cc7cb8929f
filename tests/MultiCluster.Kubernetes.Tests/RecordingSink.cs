using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Tests;

/// <summary>Keeps the events of a source and lets a test await them in order.</summary>
internal sealed class RecordingSink : IMemberSink
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly List<MemberEvent> _events = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _read;

    public IReadOnlyList<MemberEvent> Events
    {
        get
        {
            lock (_lock)
                return [.. _events];
        }
    }

    public ValueTask OnEventAsync(MemberEvent memberEvent, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _events.Add(memberEvent);
            var before = _more;
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
            before.SetResult();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The source has died: nothing more will come.</summary>
    public void Fail(Exception exception)
    {
        lock (_lock)
            _more.SetException(exception);
    }

    /// <summary>The next event of this type that fits, passing over others.</summary>
    public async Task<T> NextAsync<T>(string what, Func<T, bool>? fits = null)
        where T : MemberEvent
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            Task more;
            lock (_lock)
            {
                while (_read < _events.Count)
                {
                    if (_events[_read++] is T found && (fits is null || fits(found)))
                        return found;
                }

                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"{what} did not come; came: {string.Join("; ", Events.Select(Describe))}", e);
            }
        }
    }

    public Task<MemberEvent.Listed> ListedAsync(ResourceKind kind) => NextAsync<MemberEvent.Listed>($"the list of {kind}", e => e.Kind == kind);

    public Task<MemberEvent.Connected> ConnectedAsync(ResourceKind kind) => NextAsync<MemberEvent.Connected>($"Connected({kind})", e => e.Kind == kind);

    public Task<MemberEvent.Disconnected> DisconnectedAsync(ResourceKind kind) =>
        NextAsync<MemberEvent.Disconnected>($"Disconnected({kind})", e => e.Kind == kind);

    public async Task<T> UpsertedAsync<T>(string name, Func<T, bool>? fits = null)
        where T : Resource
    {
        var found = await NextAsync<MemberEvent.Upserted>(
            $"{typeof(T).Name} {name}", e => e.Resource is T resource && resource.Key.Name == name && (fits is null || fits(resource)));
        return (T)found.Resource;
    }

    public Task<MemberEvent.Deleted> DeletedAsync(ResourceKind kind, string name) =>
        NextAsync<MemberEvent.Deleted>($"the deletion of {kind} {name}", e => e.Kind == kind && e.Key.Name == name);

    /// <summary>The state that a consumer has after all events so far.</summary>
    public IReadOnlyDictionary<ObjectKey, Resource> Known(ResourceKind kind)
    {
        var known = new Dictionary<ObjectKey, Resource>();
        foreach (var memberEvent in Events)
        {
            switch (memberEvent)
            {
                case MemberEvent.Listed listed when listed.Kind == kind:
                    known = listed.Items.ToDictionary(static item => item.Key);
                    break;
                case MemberEvent.Upserted upserted when upserted.Resource.Kind == kind:
                    known[upserted.Resource.Key] = upserted.Resource;
                    break;
                case MemberEvent.Deleted deleted when deleted.Kind == kind:
                    known.Remove(deleted.Key);
                    break;
            }
        }

        return known;
    }

    private static string Describe(MemberEvent memberEvent) => memberEvent switch
    {
        MemberEvent.Listed e => $"Listed({e.Kind}, {string.Join(' ', e.Items.Select(static i => i.Key))})",
        MemberEvent.Upserted e => $"Upserted({e.Resource.Kind} {e.Resource.Key})",
        MemberEvent.Deleted e => $"Deleted({e.Kind} {e.Key})",
        MemberEvent.Connected e => $"Connected({e.Kind})",
        MemberEvent.Disconnected e => $"Disconnected({e.Kind}, {e.Reason})",
        _ => memberEvent.ToString(),
    };
}

/// <summary>A member source that runs until the test is over.</summary>
internal sealed class RunningSource : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    public RunningSource(IMemberSource source)
    {
        Source = source;
        _run = RunAsync(source);
    }

    public IMemberSource Source { get; }

    public RecordingSink Sink { get; } = new();

    private async Task RunAsync(IMemberSource source)
    {
        try
        {
            await source.RunAsync(Sink, _stop.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Sink.Fail(e);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run.WaitAsync(RecordingSink.Deadline));
        _stop.Dispose();
    }
}
