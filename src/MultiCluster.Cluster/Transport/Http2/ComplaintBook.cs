namespace MultiCluster.Cluster.Transport.Http2;

/// <summary>What has been logged, so that a peer that is tried for hours is a line per reason and not per try.</summary>
internal sealed class ComplaintBook
{
    /// <summary>Names and addresses are the peers' to choose; above this, old ones may be said again.</summary>
    private const int MostRemembered = 1024;

    private readonly Lock _gate = new();
    private readonly HashSet<(string Peer, LinkErrorCode Code)> _said = [];

    public bool IsNew(string peer, LinkErrorCode code)
    {
        lock (_gate)
        {
            if (_said.Count >= MostRemembered)
                _said.Clear();
            return _said.Add((peer, code));
        }
    }

    /// <summary>It works now: whatever comes next is news.</summary>
    public void Clear(string peer)
    {
        lock (_gate)
            _said.RemoveWhere(said => said.Peer == peer);
    }
}
