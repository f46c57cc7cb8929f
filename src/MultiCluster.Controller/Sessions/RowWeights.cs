using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Sessions;

internal static class RowWeights
{
    private const long Entry = 128;

    /// <summary>About as many bytes as the row has on the wire; rather more.</summary>
    public static long Of(FragmentUpdate row)
    {
        var weight = Entry;
        switch (row.Fragment)
        {
            case Fragment.Ingress ingress:
                foreach (var claim in ingress.Routes)
                    weight += (2 * Entry) + claim.Key.Host.Length + claim.Key.Path.Length + (claim.Members.Count * Entry / 2);
                foreach (var claim in ingress.Certificates)
                    weight += (2 * Entry) + claim.Certificate.Pem.Length + (claim.Certificate.DnsNames.Count * Entry);
                break;
            case Fragment.Backend backend:
                foreach (var member in backend.Members)
                {
                    weight += Entry;
                    foreach (var port in member.Ports)
                        weight += Entry + (port.Endpoints.Count * Entry * 3 / 2) + ((port.Unready.Count + (2 * port.OfService.Count)) * Entry);
                }

                break;
        }

        return weight;
    }
}
