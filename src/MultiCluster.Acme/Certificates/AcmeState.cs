using System.Collections.Immutable;
using MultiCluster.Acme.Renewal;

namespace MultiCluster.Acme.Certificates;

/// <summary>
/// What is remembered of orders; kept over a restart, since an authority counts failures over it, too. Evolves by what happened.
/// </summary>
public sealed record AcmeState
{
    public static readonly AcmeState Empty = new();

    public ImmutableSortedDictionary<CertificateId, Failures> Failed { get; init; } = ImmutableSortedDictionary<CertificateId, Failures>.Empty;

    /// <summary>Of the authority as a whole: nobody is asked for anything.</summary>
    public Failures? Authority { get; init; }

    /// <summary>After too much was asked: no order before then.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>Not kept over a restart: then none is.</summary>
    public ImmutableSortedSet<CertificateId> Running { get; init; } = [];

    public AcmeState Began(CertificateId id) => this with { Running = Running.Add(id) };

    public AcmeState Succeeded(CertificateId id) => this with { Running = Running.Remove(id), Failed = Failed.Remove(id), Authority = null };

    public AcmeState Fell(CertificateId id, AcmeError error, RenewalPolicy policy, DateTimeOffset at)
    {
        var ended = this with { Running = Running.Remove(id) };
        if (IsOfAuthority(error.Kind))
            return ended with { Authority = (Authority ?? default).And(at, error.RetryAt) };

        // It answered, so it is there. Whose limit it was it says in prose only: the others wait a little, this one as long as it says.
        return ended with
        {
            Authority = null,
            Failed = Failed.SetItem(id, Failed.GetValueOrDefault(id).And(at, error.RetryAt)),
            PausedUntil = error.Kind == AcmeErrorKind.RateLimited ? at + policy.FirstBackOff : PausedUntil,
        };
    }

    /// <summary>Forgets what nobody wants any more.</summary>
    public AcmeState Keep(IReadOnlySet<CertificateId> wanted) => this with { Failed = Failed.RemoveRange(Failed.Keys.Where(id => !wanted.Contains(id))) };

    private static bool IsOfAuthority(AcmeErrorKind kind) => kind is AcmeErrorKind.Unreachable or AcmeErrorKind.AccountUnknown or AcmeErrorKind.Malformed;
}
