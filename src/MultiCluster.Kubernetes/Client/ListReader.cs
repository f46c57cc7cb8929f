using System.Collections.Immutable;
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

/// <summary>Reads all pages of a reflector's list, or nothing.</summary>
internal sealed class ListReader(KubernetesClient client, WatchScope scope, ResourceDecoder decoder)
{
    private readonly PageReader<ListPage> _pages = new(
        client, $"{scope}", scope.Query, (ReadOnlySpan<byte> json, out string? error) => decoder.DecodeList(scope.Kind, json, out error));

    public async Task<ApiResult<CompleteList>> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await _pages.ReadAsync(cancellationToken);
        if (!read.Succeeded)
            return read.Error;
        var pages = read.Value;
        return pages is [var only]
            ? new CompleteList(only.Items, only.ResourceVersion, only.Problems)
            : new CompleteList(
                [.. pages.SelectMany(static page => page.Items)], pages[^1].ResourceVersion, [.. pages.SelectMany(static page => page.Problems)]);
    }
}
