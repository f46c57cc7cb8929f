namespace MultiCluster.Controller.Proxies;

/// <summary>What others ask.</summary>
public sealed partial class HAProxyInstance
{
    private void Answer(object query)
    {
        switch (query)
        {
            case ProxyProtocol.GetSummary:
                Context.Reply(new ProxyProtocol.Summary(Views().Summary()));
                break;
            case ProxyProtocol.GetProgress:
                Context.Reply(Views().Progress());
                break;
            case ProxyProtocol.GetDetail:
                Context.Reply(new ProxyProtocol.Detail(Views().Detail()));
                break;
            case ProxyProtocol.GetServers servers:
                var names = servers.Backends.SelectMany(key => _state.Reconciler?.Desired.PlacesOf(key) ?? []).Select(static place => place.Name).OfType<string>().Distinct();
                Context.Reply(Views().Servers([.. names]));
                break;
            case ProxyProtocol.GetTraffic:
                OnGetTraffic();
                break;
            case ProxyProtocol.GetDiff diff:
                OnGetDiff(diff);
                break;
            default:
                Unhandled(query);
                break;
        }
    }

    private ProxyViews Views() => new(_settings, _state, _counters, _reloading, _fault ?? _why);
}
