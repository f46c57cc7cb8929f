using MultiCluster.Controller;
using MultiCluster.Controller.Members;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Discovery;
using MultiCluster.Kubernetes.Rotation;
using MultiCluster.Model.Identity;

namespace MultiCluster.Host.Members;

/// <summary>
/// Members that Secrets and MemberClusters of the home cluster name. New credentials of a member go to the source that reads it, which takes them over
/// make before break; only what is read of it, or how, makes another source.
/// </summary>
/// <param name="isConfigured">Whether the configuration names that member, which has the say then.</param>
internal sealed class DiscoveryFeed(
    MemberDiscovery discovery, string home, MemberFactory factory, Func<MemberName, bool> isConfigured) : IMemberFeed
{
    public string Description => $"Secrets and MemberClusters of {home}";

    public Task RunAsync(Action<MemberNews> tell, CancellationToken cancellationToken) =>
        discovery.RunAsync(new Sink(tell, factory, isConfigured), cancellationToken);

    private sealed class Sink(Action<MemberNews> tell, MemberFactory factory, Func<MemberName, bool> isConfigured) : IDiscoverySink
    {
        private readonly Dictionary<MemberName, (MemberRegistration Registration, KubeConfigSlot Credentials, MemberDefinition Definition)> _known = [];
        private readonly SortedDictionary<MemberName, string> _taken = [];
        private IReadOnlyList<string> _problems = [];

        public ValueTask OnEventAsync(DiscoveryEvent discoveryEvent, CancellationToken cancellationToken)
        {
            switch (discoveryEvent)
            {
                case DiscoveryEvent.Added(var member):
                    OnMember(member);
                    break;
                case DiscoveryEvent.Changed(var member, _):
                    OnMember(member);
                    break;
                case DiscoveryEvent.Removed(var name):
                    OnRemoved(name);
                    break;
                case DiscoveryEvent.Problems(var items):
                    _problems = [.. items.Select(static problem => problem.ToString())];
                    Complain();
                    break;
                case DiscoveryEvent.Whole:
                    tell(MemberNews.Synced.Instance);
                    break;
            }

            return default;
        }

        private void OnMember(MemberDefinition member)
        {
            if (isConfigured(member.Name))
            {
                _taken[member.Name] = $"{member.Origin}: the configuration names a member {member.Name} already; rename one of them";
                Complain();
                return;
            }

            var isKnown = _known.TryGetValue(member.Name, out var known);
            var credentials = isKnown ? known.Credentials : new KubeConfigSlot(member.Origin);
            credentials.Set(new KubeConfigResult(member.KubeConfig, null));
            var registration = factory.Create(member, credentials, isKnown && member.IsReadAlike(known.Definition) ? known.Registration : null);
            _known[member.Name] = (registration, credentials, member);
            if (!isKnown || registration != known.Registration)
                tell(new MemberNews.Found(registration));
        }

        private void OnRemoved(MemberName name)
        {
            if (_taken.Remove(name))
                Complain();
            if (_known.Remove(name, out var known))
                tell(new MemberNews.Gone(name, known.Registration.Origin));
        }

        private void Complain() => tell(new MemberNews.Troubles([.. _taken.Values, .. _problems]));
    }
}
