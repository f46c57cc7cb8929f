namespace MultiCluster.Actors;

/// <summary>
/// Where mailboxes run. An implementation executes each item once, after <see cref="Schedule"/> has returned, and never two of one
/// mailbox at a time since a mailbox schedules itself again only from its own run.
/// </summary>
public interface IDispatcher
{
    void Schedule(IThreadPoolWorkItem item);
}

/// <summary>The shared thread pool; global queue, so that a chatty pair of actors can't keep a worker to itself.</summary>
public sealed class ThreadPoolDispatcher : IDispatcher
{
    public static ThreadPoolDispatcher Instance { get; } = new();

    private ThreadPoolDispatcher()
    {
    }

    public void Schedule(IThreadPoolWorkItem item) => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
}
