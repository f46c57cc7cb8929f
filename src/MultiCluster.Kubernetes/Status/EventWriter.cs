using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;

namespace MultiCluster.Kubernetes.Status;

/// <summary>
/// Writes events.k8s.io/v1 Events to one API server. The same event again (object, reason, message) is not a new one: its series is counted, and
/// written at most now and then; an object with too many events gets no more for a while. Thread-safe.
/// </summary>
/// <param name="reporter">Who says so, a qualified name such as multicluster-ingress.github.io/controller.</param>
/// <param name="instance">Which of them, such as the host's name.</param>
public sealed class EventWriter(IApiConnection connection, string reporter, string instance, TimeProvider time)
{
    private readonly EventLedger _ledger = new(time);

    public async Task<EventResult> WriteAsync(EventReport report, CancellationToken cancellationToken)
    {
        var ticket = _ledger.Take(report);
        if (ticket.Outcome is { } refused)
            return new(refused, "");
        using var lease = connection.Take();
        if (lease.Client is not { } client)
            return Failed(ticket, report, new ApiError(0, ApiError.Unreachable, "not connected to its API server"));
        var error = await SendAsync(client, ticket, report, cancellationToken);
        if (error is not null)
            return Failed(ticket, report, error);
        _ledger.Done(ticket);
        return new(EventOutcome.Written, "");
    }

    private async Task<ApiError?> SendAsync(KubernetesClient client, EventTicket ticket, EventReport report, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(EventJson.NamespaceOf(report), EventJson.NameOf(report));
        if (ticket.Count > 1)
        {
            var counted = await CountAsync(client, key, ticket.Count, cancellationToken);
            if (counted is not { IsNotFound: true })
                return counted;
        }

        // New, or expired meanwhile: an API server keeps events for an hour.
        var created = await client.CreateAsync(
            ResourcePath.Events, key.Namespace, EventJson.Create(report, key, reporter, instance, time.GetUtcNow()), cancellationToken);
        if (created.Succeeded || !created.Error.IsConflict)
            return created.Error;

        // From before a restart, or by another controller.
        var known = await client.GetAsync(ResourcePath.Events, key, cancellationToken);
        if (!known.Succeeded)
            return known.Error.Code == 403 ? null : known.Error;
        return await CountAsync(client, key, EventJson.CountOf(known.Value) + ticket.Count, cancellationToken);
    }

    private async Task<ApiError?> CountAsync(KubernetesClient client, ObjectKey key, int count, CancellationToken cancellationToken) =>
        (await client.MergePatchAsync(ResourcePath.Events, key, null, EventJson.Series(count, time.GetUtcNow()), cancellationToken)).Error;

    private EventResult Failed(EventTicket ticket, EventReport report, ApiError error)
    {
        _ledger.Failed(ticket);
        var what = $"Event {report.Reason} on {report.Kind.Kind} {report.Object}: {error}";
        return error.Code is 401 or 403
            ? new(EventOutcome.Forbidden, $"{what}; grant create and patch on events.events.k8s.io")
            : new(EventOutcome.Failed, what);
    }
}
