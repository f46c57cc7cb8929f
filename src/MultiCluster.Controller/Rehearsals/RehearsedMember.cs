using System.Text;
using System.Threading.Channels;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Controller.Rehearsals;

/// <summary>A member with one Ingress, whose only pod is replaced a few times.</summary>
/// <param name="seen">Addresses as the proxy gets them; the next change waits for that, or several would be played as one.</param>
/// <param name="played">Completed at the end.</param>
internal sealed class RehearsedMember(ChannelReader<string> seen, TaskCompletionSource played) : IMemberSource
{

    private const string Meta = """
        {"namespace":"rehearsal","name":"rehearsal","resourceVersion":"1","creationTimestamp":"2026-01-01T00:00:00Z","labels":{"kubernetes.io/service-name":"rehearsal"}}
        """;

    private const string Class = """
        {"metadata":{"name":"rehearsal","resourceVersion":"1"},"spec":{"controller":"multicluster-ingress.github.io/controller"}}
        """;

    private const string Ingress = """
        {"metadata":$META,"spec":{"ingressClassName":"rehearsal","rules":[{"host":"rehearsal.test","http":{"paths":[
        {"path":"/","pathType":"Prefix","backend":{"service":{"name":"rehearsal","port":{"name":"http"}}}}]}}]}}
        """;

    private const string Service = """
        {"metadata":$META,"spec":{"type":"ClusterIP","clusterIP":"192.0.2.9","ports":[{"name":"http","port":80,"targetPort":8080}]}}
        """;

    private const string Slice = """
        {"metadata":$META,"addressType":"IPv4","ports":[{"name":"http","port":8080,"protocol":"TCP"}],
        "endpoints":[{"addresses":["$ADDRESS"],"conditions":{"ready":true,"serving":true,"terminating":false}}]}
        """;

    private readonly ResourceDecoder _decoder = new();

    public string Description => "made up";

    public async Task RunAsync(IMemberSink sink, CancellationToken cancellationToken)
    {
        foreach (var kind in Enum.GetValues<ResourceKind>())
            await sink.OnEventAsync(new MemberEvent.Listed(kind, []), cancellationToken);
        await AddAsync(sink, ResourceKind.IngressClass, Class, cancellationToken);
        await AddAsync(sink, ResourceKind.Service, Service, cancellationToken);
        await AddAsync(sink, ResourceKind.Ingress, Ingress, cancellationToken);
        foreach (var address in new[] { "192.0.2.1", "192.0.2.2", "192.0.2.3" })
        {
            await AddAsync(sink, ResourceKind.EndpointSlice, Slice.Replace("$ADDRESS", address, StringComparison.Ordinal), cancellationToken);
            while (!string.Equals(await seen.ReadAsync(cancellationToken), address, StringComparison.Ordinal))
            {
                // A change before.
            }
        }

        played.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    private async Task AddAsync(IMemberSink sink, ResourceKind kind, string json, CancellationToken cancellationToken)
    {
        var line = Encoding.UTF8.GetBytes($$"""{"type":"ADDED","object":{{json.Replace("$META", Meta, StringComparison.Ordinal)}}}""");
        if (_decoder.DecodeWatchEvent(kind, line).Resource is { } resource)
            await sink.OnEventAsync(new MemberEvent.Upserted(resource), cancellationToken);
    }
}
