using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Identity;

namespace MultiCluster.Kubernetes.Client;

/// <summary>
/// The Leases of one namespace, for compare-and-swap: what is changed or deleted must be at a version that the caller names, or the answer is an
/// error with <see cref="ApiError.IsConflict"/>. Thread-safe.
/// </summary>
public sealed class LeaseClient(KubernetesClient client, string inNamespace)
{
    private static readonly ResourcePath Leases = ResourcePath.Leases;

    public string Namespace => inNamespace;

    public Uri Server => client.Server;

    /// <summary>What the selector fits as of one moment after the call began: never from a stale cache.</summary>
    public async Task<ApiResult<LeaseList>> ListAsync(string labelSelector, CancellationToken cancellationToken)
    {
        var decoder = new LeaseDecoder();
        var reader = new PageReader<LeasePage>(client, $"Leases in {inNamespace}", Query, decoder.DecodeList);
        var read = await reader.ReadAsync(cancellationToken);
        return read.Succeeded
            ? new LeaseList([.. read.Value.SelectMany(static page => page.Items)], [.. read.Value.SelectMany(static page => page.Problems)])
            : read.Error;

        string Query(string parameters) => $"{Leases.Collection(inNamespace)}?{parameters}&labelSelector={Uri.EscapeDataString(labelSelector)}";
    }

    public async Task<ApiResult<LeaseObject>> GetAsync(string name, CancellationToken cancellationToken) =>
        Decode(await client.GetAsync(Leases, Key(name), cancellationToken));

    /// <summary>Conflict when there is one of that name.</summary>
    public async Task<ApiResult<LeaseObject>> CreateAsync(LeaseObject lease, CancellationToken cancellationToken) =>
        Decode(await client.CreateAsync(Leases, inNamespace, LeaseJson.Write(lease, inNamespace), cancellationToken));

    /// <summary>
    /// Conflict when it is not at the uid and resource version of <paramref name="lease"/>. The uid matters also where there is no such Lease: a PUT without
    /// one would create it.
    /// </summary>
    public async Task<ApiResult<LeaseObject>> ReplaceAsync(LeaseObject lease, CancellationToken cancellationToken)
    {
        if (lease.Meta is not { Uid.Length: > 0, ResourceVersion.Length: > 0 })
            throw new ArgumentException($"Lease {lease.Meta.Key.Name}: uid and resourceVersion are needed to replace it.", nameof(lease));
        return Decode(await client.ReplaceAsync(Leases, Key(lease.Meta.Key.Name), LeaseJson.Write(lease, inNamespace), cancellationToken));
    }

    /// <returns>Null when it was deleted.</returns>
    public async Task<ApiError?> DeleteAsync(string name, string uid, string resourceVersion, CancellationToken cancellationToken)
    {
        var options = LeaseJson.WriteDelete(uid, resourceVersion);
        return (await client.DeleteAsync(Leases, Key(name), options, cancellationToken)).Error;
    }

    private ObjectKey Key(string name) => new(inNamespace, name);

    private static ApiResult<LeaseObject> Decode(ApiResult<byte[]> answer)
    {
        if (!answer.Succeeded)
            return answer.Error;
        return new LeaseDecoder().Decode(answer.Value, out var error) is { } lease ? lease : new ApiError(0, ApiError.NotKubernetes, $"Lease: {error}");
    }
}
