using System.Collections.Immutable;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Discovery;

public sealed partial class MemberDiscovery
{
    /// <summary>Objects that name members.</summary>
    private sealed class SourceOutput(Run run, SourceObjects source) : IReflectorOutput
    {
        private string? _missing;

        public Task ListedAsync(int scope, ImmutableArray<Resource> items, bool followsOutage, CancellationToken cancellationToken) => run.StepAsync(() => source.List(items));

        public ValueTask UpsertedAsync(int scope, Resource resource, CancellationToken cancellationToken) => new(run.StepAsync(() => source.Set(resource)));

        public ValueTask DeletedAsync(int scope, ObjectKey key, CancellationToken cancellationToken) => new(run.StepAsync(() => source.Remove(key)));

        public Task ConnectedAsync(int scope, CancellationToken cancellationToken) => run.StepAsync(() => source.Failure = _missing);

        public Task DisconnectedAsync(int scope, string reason, CancellationToken cancellationToken) => run.StepAsync(() =>
        {
            source.Failure = $"they can't be read, what is known of them stays: {reason}";
            source.Settle();
        });

        public Task RefusedAsync(int scope, CancellationToken cancellationToken) => run.StepAsync(source.Answer);

        public void Problem(string subject, string? message) => _missing = message;
    }

    /// <summary>One Secret that a MemberCluster refers to.</summary>
    private sealed class ReferenceOutput(Run run, DiscoveryState state, ObjectKey key) : IReflectorOutput
    {
        public Task ListedAsync(int scope, ImmutableArray<Resource> items, bool followsOutage, CancellationToken cancellationToken) =>
            run.StepAsync(() => state.Refer(key, items.OfType<KubeConfigSecret>().FirstOrDefault(item => item.Key == key)));

        public ValueTask UpsertedAsync(int scope, Resource resource, CancellationToken cancellationToken) =>
            new(run.StepAsync(() => state.Refer(key, (KubeConfigSecret)resource)));

        public ValueTask DeletedAsync(int scope, ObjectKey gone, CancellationToken cancellationToken) => new(run.StepAsync(() => state.Refer(key, null)));

        public Task ConnectedAsync(int scope, CancellationToken cancellationToken) => run.StepAsync(() => state.Fail(key, null));

        public Task DisconnectedAsync(int scope, string reason, CancellationToken cancellationToken) => run.StepAsync(() => state.Fail(key, reason));

        public Task RefusedAsync(int scope, CancellationToken cancellationToken) => run.StepAsync(() => state.Refuse(key));

        public void Problem(string subject, string? message)
        {
            // Secrets are always there.
        }
    }
}
