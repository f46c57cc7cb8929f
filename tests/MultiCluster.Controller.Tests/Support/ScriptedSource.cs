using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Controller.Tests.Support;

/// <summary>A member whose events the test writes.</summary>
internal sealed class ScriptedSource : IMemberSource
{
    private TaskCompletionSource _run = new();
    private IMemberSink? _sink;

    public string Description => "script";

    /// <summary>How many watchers began to read.</summary>
    public int Runs { get; private set; }

    public Task RunAsync(IMemberSink sink, CancellationToken cancellationToken)
    {
        Runs++;
        _sink = sink;
        _run = new TaskCompletionSource();
        return _run.Task;
    }

    public void Emit(MemberEvent memberEvent) =>
        Assert.True(_sink!.OnEventAsync(memberEvent, CancellationToken.None).AsTask().IsCompletedSuccessfully, "the sink has no room");

    public void Set(Resource resource) => Emit(new MemberEvent.Upserted(resource));

    public void Delete(Resource resource) => Emit(new MemberEvent.Deleted(resource.Kind, resource.Key));

    public void List(ResourceKind kind, params Resource[] objects) =>
        Emit(new MemberEvent.Listed(kind, [.. objects.Where(item => item.Kind == kind)]));

    /// <summary>Lists of all kinds, in an order that shows parts first: Ingresses before what they refer to.</summary>
    public void ListAll(params Resource[] objects)
    {
        foreach (var kind in Enum.GetValues<ResourceKind>())
            List(kind, objects);
    }

    /// <summary>The source returns though nobody told it to.</summary>
    public void End() => _run.SetResult();
}
