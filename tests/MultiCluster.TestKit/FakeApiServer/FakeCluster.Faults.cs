using System.Text.Json.Nodes;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

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

    /// <summary>Objects vanish without a deletion that anyone could see, and watchers have to list again.</summary>
    public void Lose(ResourcePath resource, params ObjectKey[] keys)
    {
        _stores[resource].Lose(keys);
        _stores[resource].Compact();
        SendErrorEvent(resource, 410);
    }

    /// <summary>Our kinds are served from now on, with the objects that they had.</summary>
    public void InstallCustomResources() => _served = [.. _stores.Keys];

    /// <summary>Our kinds are no longer served: 404, also for whoever has watched them. Their objects stay.</summary>
    public void UninstallCustomResources()
    {
        _served = [.. _stores.Keys.Except(Custom)];
        foreach (var resource in Custom)
            ResetWatches(resource);
    }

    /// <summary>An etcd that was restored from a backup of its first day: no objects, no history, lower versions, and all in good order.</summary>
    public void RestoreEmpty()
    {
        _revision.SetBack(1);
        foreach (var store in _stores.Values)
            store.Clear();
    }

    /// <summary>Takes this bearer token beside <see cref="Token"/>.</summary>
    public void AcceptToken(string token) => _otherTokens[token] = true;

    public void RefuseToken(string token) => _otherTokens.TryRemove(token, out _);

    /// <summary>Bearer tokens that somebody has come with and been let in.</summary>
    public IReadOnlyCollection<string> TokensUsed => [.. _usedTokens.Keys];

    internal bool IsTokenAccepted(string authorization)
    {
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal))
            return false;
        var token = authorization[7..];
        if (token != Token && !_otherTokens.ContainsKey(token))
            return false;
        _usedTokens[token] = true;
        return true;
    }

    /// <summary>The server goes away; its objects stay for <see cref="ResumeAsync"/>.</summary>
    public Task PauseAsync() => _server.StopAsync();

    /// <summary>The server comes back on its port.</summary>
    public Task ResumeAsync() => _server.StartAsync();
}
