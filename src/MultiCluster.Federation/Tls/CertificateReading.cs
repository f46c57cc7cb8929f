using MultiCluster.Model.Collections;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tls;

/// <summary>What a TLS Secret holds.</summary>
public abstract record CertificateReading
{
    private CertificateReading()
    {
    }

    public sealed record Valid(Certificate Certificate) : CertificateReading
    {
        public KeyKind Kind { get; init; }

        /// <summary>Of the same Secret, with keys of other kinds.</summary>
        public EquatableArray<Valid> Others { get; init; } = [];

        /// <summary>What of the Secret is left out, and the fix; names no object. Null: nothing.</summary>
        public string? Problem { get; init; }
    }

    /// <param name="Reason">One of <see cref="Model.Conditions.Reasons"/>.</param>
    /// <param name="Message">What is wrong and the fix; names no object.</param>
    public sealed record Invalid(string Reason, string Message) : CertificateReading;
}

/// <summary>Of a certificate's key: a client may be able to take the one and not the other.</summary>
public enum KeyKind
{
    Rsa,
    EllipticCurve,
}
