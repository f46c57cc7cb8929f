using System.Collections.Immutable;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Client;

/// <summary>A complete list: every page of one resource version.</summary>
internal sealed record CompleteList(ImmutableArray<Resource> Items, string ResourceVersion, ImmutableArray<string> Problems);

/// <summary>Reads all pages of a reflector's list, or nothing.</summary>
internal sealed class ListReader(WatchScope scope, ResourceDecoder decoder)
{
    public async Task<ApiResult<CompleteList>> ReadAsync(KubernetesClient client, CancellationToken cancellationToken)
    {
        var reader = new PageReader<ListPage>(client, $"{scope}", scope.Query, Decode, scope.ListAs);
        var read = await reader.ReadAsync(cancellationToken);
        if (!read.Succeeded)
            return read.Error;
        var pages = read.Value;
        return pages is [var only]
            ? new CompleteList(only.Items, only.ResourceVersion, only.Problems)
            : new CompleteList(
                [.. pages.SelectMany(static page => page.Items)], pages[^1].ResourceVersion, [.. pages.SelectMany(static page => page.Problems)]);
    }

    private ListPage? Decode(ReadOnlySpan<byte> json, out string? error) => decoder.DecodeList(scope.Type, json, out error);
}
