using MultiCluster.Kubernetes.Client;
using MultiCluster.Persistence.Leases;

namespace MultiCluster.Controller.Leases;

public sealed partial class KubernetesLeaseStore
{
    /// <summary>
    /// Keys side by side, the writes of one key in their order. After a failure no more are begun, but those under way end, since an unknown outcome
    /// costs the caller more than the wait.
    /// </summary>
    private async Task<bool> WriteAsync(IReadOnlyList<LeaseWrite> writes, LeaseWriteResult[] results, CancellationToken cancellationToken)
    {
        LeaseStoreException? failure = null;
        var keys = Enumerable.Range(0, writes.Count).GroupBy(index => writes[index].Key, StringComparer.Ordinal);
        var options = new ParallelOptions { MaxDegreeOfParallelism = _options.MaxParallelWrites, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(keys, options, async (indices, token) =>
        {
            try
            {
                foreach (var index in indices)
                {
                    if (Volatile.Read(ref failure) is not null)
                        return;
                    results[index] = await WriteAsync(writes[index], token);
                }
            }
            catch (LeaseStoreException e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
        });
        return failure is null ? true : throw failure;
    }

    /// <summary>A conflict that the object doesn't bear out, because it changed back or never changed, is tried again a few times.</summary>
    private async Task<LeaseWriteResult> WriteAsync(LeaseWrite write, CancellationToken cancellationToken)
    {
        var name = _mapping.NameOf(write.Key);
        for (var tries = 0; tries < 3; tries++)
        {
            var stamp = LeaseVersion.NewStamp();
            if (await SendAsync(write, name, stamp, cancellationToken) is { } written)
                return written;
            var current = await FindAsync(write.Key, name, cancellationToken);
            if (current is not null && write.Value is not null && LeaseVersion.TryParse(current.Version, out var version) && version.Stamp == stamp)
            {
                // It happened: the transport repeated a request whose answer it had lost.
                return new LeaseWriteResult.Written(current.Version);
            }

            if (current?.Version != write.ExpectedVersion)
                return new LeaseWriteResult.Conflict(current);
            if (write is { Value: null, ExpectedVersion: null })
                return new LeaseWriteResult.Written(null);
        }

        throw _refusals.Contradiction(name);
    }

    /// <returns>Null when the record is not as expected, or nothing was to be sent.</returns>
    private async Task<LeaseWriteResult?> SendAsync(LeaseWrite write, string name, string stamp, CancellationToken cancellationToken)
    {
        if (write.ExpectedVersion is null)
        {
            return write.Value is null
                ? null
                : Judge("create", name, await _leases.CreateAsync(_mapping.ToObject(write.Key, write.Value, stamp), cancellationToken));
        }

        if (!LeaseVersion.TryParse(write.ExpectedVersion, out var expected))
            return null;
        if (write.Value is not null)
            return Judge("update", name, await _leases.ReplaceAsync(_mapping.ToObject(write.Key, write.Value, stamp, expected), cancellationToken));
        return await _leases.DeleteAsync(name, expected.Uid, expected.ResourceVersion, cancellationToken) switch
        {
            null => new LeaseWriteResult.Written(null),
            { IsConflict: true } or { IsNotFound: true } => null,
            var error => throw _refusals.Of("delete", name, error),
        };
    }

    private LeaseWriteResult.Written? Judge(string verb, string name, ApiResult<LeaseObject> answer) => answer switch
    {
        { Succeeded: true } => new LeaseWriteResult.Written(LeaseVersion.Of(answer.Value!).ToString()),
        { Error.IsConflict: true } => null,
        { Error.IsNotFound: true } when verb == "update" => null,
        _ => throw _refusals.Of(verb, name, answer.Error!),
    };

    private async Task<LeaseRecord?> FindAsync(string key, string name, CancellationToken cancellationToken)
    {
        var found = await _leases.GetAsync(name, cancellationToken);
        if (!found.Succeeded)
            return found.Error.IsNotFound ? null : throw _refusals.Of("get", name, found.Error);
        if (_mapping.IsListed(found.Value))
            return LeaseMapping.ToRecord(key, found.Value);
        if (!LeaseMapping.IsOurs(found.Value, key))
            throw _refusals.Foreign(name, LeaseMapping.ClusterLabel);
        var relabelled = await _leases.ReplaceAsync(_mapping.Relabelled(found.Value), cancellationToken);
        if (!relabelled.Succeeded)
            throw _refusals.Of("update", name, relabelled.Error);
        LogRelabelled(_logger, _refusals.What(name));
        return LeaseMapping.ToRecord(key, relabelled.Value);
    }
}
