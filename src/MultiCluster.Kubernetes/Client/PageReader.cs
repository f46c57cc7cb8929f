using System.Globalization;
using MultiCluster.Kubernetes.Decoding;

namespace MultiCluster.Kubernetes.Client;

/// <returns>Null, and why, when this is no page.</returns>
internal delegate TPage? PageDecoder<TPage>(ReadOnlySpan<byte> json, out string? error)
    where TPage : class, IPage;

/// <summary>Reads all pages of a list, or nothing. Without a resourceVersion, so that what is read is not older than the request.</summary>
/// <param name="what">For messages.</param>
/// <param name="query">Makes path and query of the parameters of a page.</param>
/// <param name="accept">The form of the answer.</param>
internal sealed class PageReader<TPage>(KubernetesClient client, string what, Func<string, string> query, PageDecoder<TPage> decode, string accept = "application/json")
    where TPage : class, IPage
{
    private const int PageSize = 500;

    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(60);

    public async Task<ApiResult<List<TPage>>> ReadAsync(CancellationToken cancellationToken)
    {
        var paged = await ReadPagesAsync(PageSize, cancellationToken);

        // A continue token that expires on the way would expire again: take the list whole, as client-go's pager does.
        return paged is { Succeeded: false, Error.IsGone: true } ? await ReadPagesAsync(0, cancellationToken) : paged;
    }

    private async Task<ApiResult<List<TPage>>> ReadPagesAsync(int limit, CancellationToken cancellationToken)
    {
        var pages = new List<TPage>(1);
        string? next = null;
        while (true)
        {
            var result = await ReadPageAsync(limit, next, cancellationToken);
            if (!result.Succeeded)
                return result.Error;
            pages.Add(result.Value);
            var following = result.Value.Continue;
            if (string.IsNullOrEmpty(following))
                return pages;
            if (string.Equals(following, next, StringComparison.Ordinal))
                return new ApiError(0, ApiError.NotKubernetes, "the list goes round in a circle: two pages have one continue token");
            next = following;
        }
    }

    private async Task<ApiResult<TPage>> ReadPageAsync(int limit, string? next, CancellationToken cancellationToken)
    {
        var parameters = limit == 0 ? "" : $"limit={limit.ToString(CultureInfo.InvariantCulture)}";
        if (next is not null)
            parameters += $"&continue={Uri.EscapeDataString(next)}";
        var opened = await client.OpenAsync(query(parameters), gzip: true, HeaderTimeout, cancellationToken, accept);
        if (!opened.Succeeded)
            return opened.Error;
        using var response = opened.Value;
        using var body = new PooledBody();
        if (await client.ReadBodyAsync(response, body, cancellationToken) is { } broken)
            return broken;
        return decode(body.Span, out var error) is { } page ? page : new ApiError(0, ApiError.NotKubernetes, $"list of {what}: {error}");
    }
}
