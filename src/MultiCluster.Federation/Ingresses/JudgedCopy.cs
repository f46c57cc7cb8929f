using MultiCluster.Federation.Tls;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>A copy and, when it is of our class, what it asks for.</summary>
internal sealed record JudgedCopy(IngressCopy Copy, Rank Rank, CopyRoutes? Routes, CopyCertificates? Certificates)
{
    public MemberName Member => Copy.Member;

    /// <summary>Something of it is served.</summary>
    public bool IsAccepted => Routes is { IsEmpty: false };

    public static JudgedCopy Judge(ObjectKey key, IngressCopy copy, DateTimeOffset now, CertificateCache? cache)
    {
        var rank = new Rank(copy.Ingress.Meta.CreationTimestamp, copy.Member, key);
        if (copy.Class != ClassVerdict.Ours)
            return new JudgedCopy(copy, rank, null, null);
        var routes = CopyRoutes.Read(copy);
        var certificates = routes.IsEmpty ? null : CopyCertificates.Read(copy, rank, routes.Hosts, now, cache);
        return new JudgedCopy(copy, rank, routes, certificates);
    }
}
