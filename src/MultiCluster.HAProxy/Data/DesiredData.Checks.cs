using MultiCluster.HAProxy.Traffic;

namespace MultiCluster.HAProxy.Data;

/// <summary>Servers of backends, and how many of them HAProxy may check.</summary>
public sealed partial class DesiredData
{
    /// <summary>So that it is the same ones on every proxy.</summary>
    private static readonly Comparer<PlaceKey> PlaceOrder = Comparer<PlaceKey>.Create(static (left, right) => string.CompareOrdinal(left.ToString(), right.ToString()));

    /// <summary>Places whose servers are not checked, for want of room under the limit.</summary>
    private readonly HashSet<PlaceKey> _unchecked = [];

    private int _checkedServers;
    private int _checkedBefore;

    /// <returns>False when nothing changed.</returns>
    private bool Fill(DesiredBackend backend)
    {
        var fragment = _fragments.GetValueOrDefault(backend.Key.Backend.Ref.Service);
        var others = _checkedServers - backend.CheckedServers;
        var name = CheckNameOf(backend.Key, fragment);
        var servers = _sets.For(backend.Key, fragment, name, mayVerify: _steering.CanVerify);
        var isOver = others + servers.Values.Count(static server => server.IsChecked) > _steering.MaxCheckedServers;
        if (isOver)
            _unchecked.Add(backend.Key);
        else
            _unchecked.Remove(backend.Key);
        if (isOver)
            servers = _sets.For(backend.Key, fragment, mayCheck: false, mayVerify: _steering.CanVerify);
        _refusals.Set(RefusedKind.Check, backend.Key, isOver ? $"the limit of {_steering.MaxCheckedServers} checked servers is reached: its endpoints count as healthy; raise the limit or narrow policies" : null);
        _refusals.Set(RefusedKind.Authorities, backend.Key, LacksAuthorities(backend.Key, fragment)
            ? "its endpoints are to be verified, and this machine has no authorities to do it by: name a file of them in haproxy.ca-file, or install the system's (ca-certificates), and restart"
            : null);
        if (!backend.Replace(servers))
            return false;
        _checkedServers = others + backend.CheckedServers;
        return true;
    }

    /// <summary>What has made room under the limit is another backend's change, of which those that want it hear nothing else.</summary>
    private void CheckMore(Touched touched)
    {
        if (_unchecked.Count > 0 && _checkedServers < _checkedBefore)
        {
            foreach (var key in _unchecked.Order(PlaceOrder).ToList())
            {
                var backend = _backends[key];
                Refill(backend, touched);
                _changed.UnionWith(backend.Steers);
            }

            Regroup(touched, []);
        }

        _checkedBefore = _checkedServers;
    }
}
