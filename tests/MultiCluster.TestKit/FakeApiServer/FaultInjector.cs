using MultiCluster.Kubernetes.Client;

namespace MultiCluster.TestKit.FakeApiServer;

[Flags]
public enum FaultVerb
{
    List = 1,
    Watch = 2,
    Get = 4,
    Write = 8,
    Read = List | Watch | Get,
    Any = Read | Write,
}

internal enum FaultType
{
    Status,
    Html,
    Reset,
    Stall,
    Truncate,
    EmptyList,
    GarbageList,
    ExpireContinue,
    LoseAnswer,
}

internal sealed record Fault(FaultType Type, ResourcePath? Resource, FaultVerb Verb, int Code = 0, int? RetryAfterSeconds = null)
{
    public int Left { get; set; }

    public TaskCompletionSource Met { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What goes wrong, on command. Each fault meets the next so many requests that fit; null means every kind.</summary>
public sealed class FaultInjector
{
    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];

    /// <summary>Bytes of one chunk of a watch; 0 sends events whole.</summary>
    public int WatchChunkSize { get; set; }

    /// <summary>Answers with a Status object of this code.</summary>
    public void Fail(ResourcePath? resource, int code, int times = 1, FaultVerb verb = FaultVerb.Any, int? retryAfterSeconds = null) =>
        Add(new Fault(FaultType.Status, resource, verb, code, retryAfterSeconds), times);

    /// <summary>Answers 200 with a web page, as a login proxy does.</summary>
    public void Html(ResourcePath? resource, int times = 1, FaultVerb verb = FaultVerb.Any) =>
        Add(new Fault(FaultType.Html, resource, verb), times);

    public void Reset(ResourcePath? resource, int times = 1, FaultVerb verb = FaultVerb.Any) =>
        Add(new Fault(FaultType.Reset, resource, verb), times);

    /// <summary>Never answers.</summary>
    public void Stall(ResourcePath? resource, int times = 1, FaultVerb verb = FaultVerb.Any) =>
        Add(new Fault(FaultType.Stall, resource, verb), times);

    /// <summary>Never answers one request.</summary>
    /// <returns>Ends when that request has come.</returns>
    public Task StallOnce(ResourcePath? resource, FaultVerb verb = FaultVerb.Any)
    {
        var fault = new Fault(FaultType.Stall, resource, verb);
        Add(fault, 1);
        return fault.Met.Task;
    }

    /// <summary>Sends half of a list's body and cuts the connection.</summary>
    public void TruncateList(ResourcePath? resource, int times = 1) => Add(new Fault(FaultType.Truncate, resource, FaultVerb.List), times);

    /// <summary>Sends half of a list's body as if it were all.</summary>
    public void GarbageList(ResourcePath? resource, int times = 1) => Add(new Fault(FaultType.GarbageList, resource, FaultVerb.List), times);

    /// <summary>A well-formed list without items.</summary>
    public void EmptyList(ResourcePath? resource, int times = 1) => Add(new Fault(FaultType.EmptyList, resource, FaultVerb.List), times);

    /// <summary>Answers the next page that is asked for by a continue token with 410.</summary>
    public void ExpireContinue(ResourcePath? resource, int times = 1) => Add(new Fault(FaultType.ExpireContinue, resource, FaultVerb.List), times);

    /// <summary>Does the next write, and cuts the connection instead of answering.</summary>
    public void LoseAnswer(ResourcePath? resource, int times = 1) => Add(new Fault(FaultType.LoseAnswer, resource, FaultVerb.Write), times);

    public void Clear()
    {
        lock (_lock)
            _faults.Clear();
    }

    internal Fault? Take(ResourcePath resource, FaultVerb verb, bool isNextPage)
    {
        lock (_lock)
        {
            var fault = _faults.Find(f => (f.Resource is null || f.Resource == resource) && f.Verb.HasFlag(verb)
                && (isNextPage || f.Type != FaultType.ExpireContinue));
            fault?.Met.TrySetResult();
            if (fault is not null && --fault.Left == 0)
                _faults.Remove(fault);
            return fault;
        }
    }

    private void Add(Fault fault, int times)
    {
        fault.Left = times;
        lock (_lock)
            _faults.Add(fault);
    }
}
