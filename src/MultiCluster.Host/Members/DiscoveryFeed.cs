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
/// <param name="configured">The members that the configuration names, which has the say on them as long as it does.</param>
internal sealed class DiscoveryFeed(
    MemberDiscovery discovery, string home, MemberFactory factory, ConfiguredNames configured) : IMemberFeed
{
    public string Description => $"Secrets and MemberClusters of {home}";

    public async Task RunAsync(Action<MemberNews> tell, CancellationToken cancellationToken)
    {
        var sink = new Sink(tell, factory, configured.Contains);
        void OnChanged(object? sender, EventArgs e) => sink.OnConfigured();
        configured.Changed += OnChanged;
        try
        {
            await discovery.RunAsync(sink, cancellationToken);
        }
        finally
        {
            configured.Changed -= OnChanged;
        }
    }

    /// <summary>Told of by two: what is discovered, and what is configured.</summary>
    private sealed class Sink(Action<MemberNews> tell, MemberFactory factory, Func<MemberName, bool> isConfigured) : IDiscoverySink
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<MemberName, (MemberRegistration Registration, KubeConfigSlot Credentials, MemberDefinition Definition)> _known = [];

        /// <summary>Those that the configuration names.</summary>
        private readonly SortedDictionary<MemberName, MemberDefinition> _hidden = [];
        private IReadOnlyList<string> _problems = [];

        public ValueTask OnEventAsync(DiscoveryEvent discoveryEvent, CancellationToken cancellationToken)
        {
            lock (_lock)
                OnEvent(discoveryEvent);
            return default;
        }

        /// <summary>What the configuration names has changed, perhaps.</summary>
        public void OnConfigured()
        {
            lock (_lock)
            {
                List<MemberDefinition> changed =
                [
                    .. _hidden.Values.Where(member => !isConfigured(member.Name)),
                    .. _known.Values.Select(static known => known.Definition).Where(member => isConfigured(member.Name)),
                ];
                foreach (var member in changed)
                    OnMember(member);
            }
        }

        private void OnEvent(DiscoveryEvent discoveryEvent)
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
        }

        private void OnMember(MemberDefinition member)
        {
            if (isConfigured(member.Name))
            {
                // Its registration is the configuration's now; ours of before is closed by who takes that.
                _known.Remove(member.Name);
                _hidden[member.Name] = member;
                Complain();
                return;
            }

            if (_hidden.Remove(member.Name))
                Complain();
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
            if (_hidden.Remove(name))
                Complain();
            if (_known.Remove(name, out var known))
                tell(new MemberNews.Gone(name, known.Registration.Origin));
        }

        private void Complain() => tell(new MemberNews.Troubles(
        [
            .. _hidden.Values.Select(static member => $"{member.Origin}: the configuration names a member {member.Name} already; rename one of them, or take it out there"),
            .. _problems,
        ]));
    }
}
