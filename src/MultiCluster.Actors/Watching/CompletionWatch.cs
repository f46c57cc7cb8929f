namespace MultiCluster.Actors;

/// <summary>Death watch for code outside of actors.</summary>
internal sealed class CompletionWatch : WatchHandle
{
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Terminated => _terminated.Task;

    public override void TargetTerminated(IActorRef target, Exception? cause) => _terminated.TrySetResult();
}
