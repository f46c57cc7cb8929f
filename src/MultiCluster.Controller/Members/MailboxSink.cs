using MultiCluster.Actors;
using MultiCluster.Model.Members;

namespace MultiCluster.Controller.Members;

/// <summary>
/// Puts a source's events into the watcher's mailbox and holds the source back while too many wait: an event must neither be
/// dropped nor pile up without bound.
/// </summary>
internal sealed class MailboxSink(IActorRef watcher, int limit) : IMemberSink, IDisposable
{
    private readonly SemaphoreSlim _room = new(limit);

    public async ValueTask OnEventAsync(MemberEvent memberEvent, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        watcher.Tell(new MemberProtocol.Received(memberEvent, this));
    }

    public void Taken() => _room.Release();

    public void Dispose() => _room.Dispose();
}
