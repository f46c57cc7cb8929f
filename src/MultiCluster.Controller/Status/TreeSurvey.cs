using System.Collections.Immutable;
using MultiCluster.Actors;
using MultiCluster.Cluster.Replication;
using MultiCluster.Controller.Proxies;
using MultiCluster.Controller.Records;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Sessions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Status;

/// <summary>
/// Asks the actors of this node. The routing table comes first: what it has told proxies by then is in what they answer.
/// </summary>
public sealed class TreeSurvey(Func<CancellationToken, Task<ControlPlane.Tree>> tree) : IStatusSurvey
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public async Task<SurveyAnswer> AskAsync(SurveyQuestion question, CancellationToken cancellationToken)
    {
        var actors = await tree(cancellationToken);
        var rows = await actors.Core.Table.AskAsync<RouteTableProtocol.IngressRows>(
            new RouteTableProtocol.GetIngressRows(question.Ingresses), Deadline, cancellationToken);
        var services = await Task.WhenAll(question.Services.Select(service => ServiceAsync(actors.Core, service, cancellationToken)));
        return new SurveyAnswer(
            rows.Rows,
            question.Services.Zip(services).Where(static pair => pair.Second is not null).ToImmutableDictionary(static pair => pair.First, static pair => pair.Second!),
            rows.Members,
            [.. await LocalAsync(actors, cancellationToken), .. await RemoteAsync(actors, cancellationToken)]);
    }

    private static async Task<ServiceFacts?> ServiceAsync(ControlPlane.Core core, ObjectKey service, CancellationToken cancellationToken)
    {
        var question = new TableProtocol.GetEntry(EntityKeys.Of(EntityId.Backend(service)));
        var entry = await core.Node.Table.AskAsync<TableProtocol.Entry>(question, Deadline, cancellationToken);
        return entry.Held?.Payload is EntityRecord.Backend record ? ServiceFacts.Of(record) : null;
    }

    private static async Task<ImmutableArray<ProxyFacts>> LocalAsync(ControlPlane.Tree actors, CancellationToken cancellationToken)
    {
        if (!actors.Ends.TryGetValue(ControllerSystem.LocalProxy, out var proxy))
            return [];
        var progress = await proxy.AskAsync<ProxyProtocol.Progress>(new ProxyProtocol.GetProgress(), Deadline, cancellationToken);
        return [new ProxyFacts(
            progress.Proxy, progress.Runs, progress.Desired, progress.Applied, [.. progress.Refused.Select(static item => KeyValuePair.Create(item.Item, item.Reason))])];
    }

    private static async Task<ImmutableArray<ProxyFacts>> RemoteAsync(ControlPlane.Tree actors, CancellationToken cancellationToken)
    {
        if (!actors.Ends.TryGetValue(ControllerSystem.Hub, out var hub))
            return [];
        var sessions = await hub.AskAsync<SessionProtocol.Sessions>(new SessionProtocol.GetSessions(), Deadline, cancellationToken);
        return [.. sessions.Views.Where(static view => view.Proxy.Length > 0).Select(view => new ProxyFacts(view.Proxy, !view.InSnapshot, sessions.Position, view.AppliedPosition, [.. view.Refused]))];
    }
}
