using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tls;

/// <summary>What a TLS Secret holds.</summary>
public abstract record CertificateReading
{
    private CertificateReading()
    {
    }

    public sealed record Valid(Certificate Certificate) : CertificateReading;

    /// <param name="Reason">One of <see cref="Model.Conditions.Reasons"/>.</param>
    /// <param name="Message">What is wrong and the fix; names no object.</param>
    public sealed record Invalid(string Reason, string Message) : CertificateReading;
}
