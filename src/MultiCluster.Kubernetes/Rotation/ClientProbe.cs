using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Rotation;

/// <summary>Whether a new client can take over: for each kind one object is listed and a watch opened, which is what it will be asked for.</summary>
internal static class ClientProbe
{
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(15);

    /// <param name="works">Whether a kind is watched now: what the present client may not read the new one need not read either.</param>
    /// <returns>Null when it can.</returns>
    public static Task<string?> RunAsync(
        KubernetesClient client,
        IEnumerable<ResourceKind> kinds,
        IReadOnlyCollection<string> namespaces,
        IReadOnlyList<ObjectKey> configMaps,
        Func<ResourceKind, bool> works,
        CancellationToken cancellationToken) =>
        RunAsync(client, kinds.SelectMany(kind => ApiServerMember.Scopes(kind, namespaces, configMaps).Select(scope => (scope, works(kind)))), cancellationToken);

    /// <returns>Null when it can.</returns>
    public static async Task<string?> RunAsync(
        KubernetesClient client, IEnumerable<(WatchScope Scope, bool Works)> scopes, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(scopes.Select(scope => ProbeAsync(client, scope.Scope, scope.Works, cancellationToken)));
        return answers.FirstOrDefault(static answer => answer is not null);
    }

    private static async Task<string?> ProbeAsync(KubernetesClient client, WatchScope scope, bool works, CancellationToken cancellationToken)
    {
        var error = await TryAsync(client, scope, cancellationToken);
        if (error is null || (error.IsNotFound && scope.Path.IsCustom && !works) || (error.Code == 403 && !works))
            return null;
        return $"{scope}: {error}";
    }

    private static async Task<ApiError?> TryAsync(KubernetesClient client, WatchScope scope, CancellationToken cancellationToken)
    {
        var opened = await client.OpenAsync(scope.Query("limit=1"), gzip: false, HeaderTimeout, cancellationToken, scope.ListAs);
        if (!opened.Succeeded)
            return opened.Error;
        using var response = opened.Value;
        using var body = new PooledBody();
        if (await client.ReadBodyAsync(response, body, cancellationToken) is { } broken)
            return broken;
        if (new ResourceDecoder().DecodeList(scope.Type, body.Span, out var problem) is not { } page)
            return new ApiError(0, ApiError.NotKubernetes, problem!);
        var query = $"watch=true&allowWatchBookmarks=true&timeoutSeconds=5&resourceVersion={Uri.EscapeDataString(page.ResourceVersion)}";
        var watch = await client.OpenAsync(scope.Query(query), gzip: false, HeaderTimeout, cancellationToken, scope.EventsAs);
        if (!watch.Succeeded)
            return watch.Error.IsGone ? null : watch.Error;
        watch.Value.Dispose();
        return null;
    }
}
