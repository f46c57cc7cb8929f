using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Tests.Client;

/// <summary>What is told of one kind, and what of it is news.</summary>
public sealed class KindOutputTests
{
    private readonly RecordingSink _sink = new();

    /// <summary>The server that comes back after it may be another: whoever judges its lists has to know that there were two failures.</summary>
    [Fact]
    public async Task A_failure_is_told_once_and_again_after_a_list_also_in_the_same_words()
    {
        using var output = Output(scopes: 1);
        await output.DisconnectedAsync(0, "refused", default);
        await output.DisconnectedAsync(0, "refused", default);
        await output.ListedAsync(0, [], followsOutage: false, default);
        await output.DisconnectedAsync(0, "refused", default);

        Assert.Equal(["Disconnected", "Listed", "Disconnected"], _sink.Events.Select(static item => item.GetType().Name));
    }

    [Fact]
    public async Task A_kind_is_refused_when_nothing_but_missing_rights_is_in_the_way_of_its_namespaces()
    {
        using var output = Output(scopes: 2);
        await output.DisconnectedAsync(0, "403", default);
        await output.RefusedAsync(0, default);
        await output.DisconnectedAsync(1, "timeout", default);
        Assert.DoesNotContain(_sink.Events, static item => item is MemberEvent.Refused);

        await output.DisconnectedAsync(1, "403", default);
        await output.RefusedAsync(1, default);
        await output.RefusedAsync(0, default);
        Assert.Single(_sink.Events, static item => item is MemberEvent.Refused);

        await output.DisconnectedAsync(1, "timeout", default);
        await output.DisconnectedAsync(1, "403", default);
        await output.ListedAsync(1, [], followsOutage: false, default);
        await output.RefusedAsync(1, default);
        Assert.Equal(2, _sink.Events.Count(static item => item is MemberEvent.Refused));
    }

    private KindOutput Output(int scopes) => new(ResourceKind.Secret, _sink, scopes, new ProblemBoard(static () => { }));
}
