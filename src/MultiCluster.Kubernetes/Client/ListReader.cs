using System.Collections.Immutable;
using System.Globalization;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Client;

/// <summary>What a reflector reads: a kind, perhaps in one namespace only.</summary>
internal sealed record WatchScope(ResourceKind Kind, string? Namespace)
{
    private readonly ResourcePath _path = ResourcePath.Of(Kind);

    public string Query(string parameters)
    {
        var selector = Kind == ResourceKind.Secret ? $"&fieldSelector={Uri.EscapeDataString($"type={TlsSecretResource.SecretType}")}" : "";
        return $"{_path.Collection(Namespace)}?{parameters}{selector}";
    }

    public override string ToString() => Namespace is null ? $"{Kind}" : $"{Kind} in {Namespace}";
}

/// <summary>A complete list: every page of one resource version.</summary>
internal sealed record CompleteList(ImmutableArray<Resource> Items, string ResourceVersion, ImmutableArray<string> Problems);

/// <summary>Reads all pages of a list, or nothing.</summary>
internal sealed class ListReader(KubernetesClient client, WatchScope scope, ResourceDecoder decoder)
{
    private const int PageSize = 500;

    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(60);

    public async Task<ApiResult<CompleteList>> ReadAsync(CancellationToken cancellationToken)
    {
        var paged = await ReadPagesAsync(PageSize, cancellationToken);

        // A continue token that expires on the way would expire again: take the list whole, as client-go's pager does.
        return paged is { Succeeded: false, Error.IsGone: true } ? await ReadPagesAsync(0, cancellationToken) : paged;
    }

    private async Task<ApiResult<CompleteList>> ReadPagesAsync(int limit, CancellationToken cancellationToken)
    {
        var items = ImmutableArray.CreateBuilder<Resource>();
        var problems = ImmutableArray.CreateBuilder<string>();
        string? next = null;
        while (true)
        {
            var result = await ReadPageAsync(limit, next, cancellationToken);
            if (!result.Succeeded)
                return result.Error;
            var page = result.Value;
            items.AddRange(page.Items);
            problems.AddRange(page.Problems);
            if (string.IsNullOrEmpty(page.Continue))
                return new CompleteList(items.DrainToImmutable(), page.ResourceVersion, problems.DrainToImmutable());
            if (string.Equals(page.Continue, next, StringComparison.Ordinal))
                return new ApiError(0, ApiError.NotKubernetes, "the list goes round in a circle: two pages have one continue token");
            next = page.Continue;
        }
    }

    private async Task<ApiResult<ListPage>> ReadPageAsync(int limit, string? next, CancellationToken cancellationToken)
    {
        var parameters = limit == 0 ? "" : $"limit={limit.ToString(CultureInfo.InvariantCulture)}";
        if (next is not null)
            parameters += $"&continue={Uri.EscapeDataString(next)}";
        var opened = await client.OpenAsync(scope.Query(parameters), gzip: true, HeaderTimeout, cancellationToken);
        if (!opened.Succeeded)
            return opened.Error;
        using var response = opened.Value;
        using var body = new PooledBody();
        if (await client.ReadBodyAsync(response, body, cancellationToken) is { } broken)
            return broken;
        return decoder.DecodeList(scope.Kind, body.Span, out var error) is { } page
            ? page
            : new ApiError(0, ApiError.NotKubernetes, $"list of {scope}: {error}");
    }
}
