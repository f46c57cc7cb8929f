using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;

namespace MultiCluster.TestKit.FakeApiServer;

/// <summary>What happens to watches that are open, and to the server as a whole.</summary>
public sealed partial class FakeCluster
{
    public void SendBookmarks()
    {
        foreach (var store in _stores.Values)
        {
            var line = Responses.Bytes(new JsonObject { ["type"] = "BOOKMARK", ["object"] = BookmarkObject(store.Resource) });
            store.Tell(new WatchRecord(WatchSignal.Line, (byte[])[.. line, (byte)'\n'], default, 0, "") { IsBookmark = true });
        }
    }

    /// <summary>Ends open watches in good order, as a server does after timeoutSeconds.</summary>
    public void EndWatches(ResourcePath resource) => _stores[resource].Tell(WatchRecord.Of(WatchSignal.End));

    /// <summary>Cuts the connections of open watches.</summary>
    public void ResetWatches(ResourcePath resource) => _stores[resource].Tell(WatchRecord.Of(WatchSignal.Reset));

    /// <summary>Open watches stay open and get nothing more: a half-open connection.</summary>
    public void StallWatches(ResourcePath resource) => _stores[resource].Tell(WatchRecord.Of(WatchSignal.Stall));

    /// <summary>Sends an ERROR event with a Status of this code to open watches, and ends them.</summary>
    public void SendErrorEvent(ResourcePath resource, int code)
    {
        SendRaw(resource, WatchEndpoint.ErrorLine(StatusObject.OfCode(code, null)));
        EndWatches(resource);
    }

    /// <summary>Sends any bytes to open watches.</summary>
    public void SendRaw(ResourcePath resource, ReadOnlyMemory<byte> bytes) =>
        _stores[resource].Tell(new WatchRecord(WatchSignal.Line, bytes, default, 0, ""));

    /// <summary>Forgets the history of all kinds: watches from before and continue tokens get 410.</summary>
    public void Compact()
    {
        foreach (var store in _stores.Values)
            store.Compact();
    }

    /// <summary>The server goes away; its objects stay for <see cref="ResumeAsync"/>.</summary>
    public Task PauseAsync() => _server.StopAsync();

    /// <summary>The server comes back on its port.</summary>
    public Task ResumeAsync() => _server.StartAsync();
}
