using MultiCluster.Federation.Members;
using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Members;

/// <summary>Sizes of one member, kept up from its changes.</summary>
internal sealed class MemberCounts
{
    private readonly HashSet<ObjectKey> _ingresses = [];
    private readonly Dictionary<ObjectKey, int> _endpoints = [];

    public int Ingresses => _ingresses.Count;

    public int Services => _endpoints.Count;

    public int Endpoints { get; private set; }

    public void Note(CopyChange change)
    {
        switch (change)
        {
            case CopyChange.IngressChanged { Copy: null } ingress:
                _ingresses.Remove(ingress.Ingress);
                break;
            case CopyChange.IngressChanged ingress:
                _ingresses.Add(ingress.Ingress);
                break;
            case CopyChange.ServiceChanged service:
                if (_endpoints.Remove(service.Service, out var before))
                    Endpoints -= before;
                if (service.Copy is not { } copy)
                    break;
                var count = copy.Slices.Sum(static slice => slice.Endpoints.Count);
                _endpoints.Add(service.Service, count);
                Endpoints += count;
                break;
        }
    }
}
