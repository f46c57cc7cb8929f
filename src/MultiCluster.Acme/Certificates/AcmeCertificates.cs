using MultiCluster.Acme.Renewal;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Acme.Certificates;

/// <summary>Which orders to make now. Pure: of what is wanted, what is held and what went wrong.</summary>
public static class AcmeCertificates
{
    /// <param name="held">What each Secret holds; a Secret that is not there holds nothing.</param>
    /// <param name="maxRunning">Orders at once.</param>
    public static AcmePlan Decide(
        EquatableArray<WantedCertificate> wanted, IReadOnlyDictionary<ObjectKey, HeldCertificate> held, AcmeState state, RenewalPolicy policy, int maxRunning, DateTimeOffset now)
    {
        var copies = new List<SecretCopy>();
        var due = new List<(AcmeOrder Order, DateTimeOffset At)>();
        DateTimeOffset? next = null;
        var open = Opening(state, policy);
        foreach (var certificate in wanted.Items.Where(certificate => !state.Running.Contains(certificate.Id)))
        {
            var best = Best(certificate, held);
            var renewal = Renewals.Decide(certificate.Hosts, best is { } from ? held[from].Life : null, FailuresOf(state, certificate.Id), policy, now);
            if (best is { } source && held[source].Life.NotAfter > now)
                copies.AddRange(Behind(certificate, source, held).Select(secret => new SecretCopy(source, secret)));
            var at = open > renewal.At ? open.Value : renewal.At;
            if (at <= now)
                due.Add((new AcmeOrder(certificate, renewal.Reason), renewal.At));
            else if (next is null || at < next)
                next = at;
        }

        // One that ends an order has us decide again, so those that find no room need no time.
        var orders = due.OrderBy(static one => one.Order.Reason == RenewalReason.Expiring).ThenBy(static one => one.At).ThenBy(static one => one.Order.Certificate.Id)
            .Take(Math.Max(0, maxRunning - state.Running.Count)).Select(static one => one.Order);
        return new AcmePlan(orders.ToEquatableArray(), copies.ToEquatableArray(), next);
    }

    /// <summary>When the authority may be asked again; null: now.</summary>
    private static DateTimeOffset? Opening(AcmeState state, RenewalPolicy policy)
    {
        var authority = state.Authority is { } failed ? Renewals.Retry(failed, default, policy) : (DateTimeOffset?)null;
        return state.PausedUntil > authority || authority is null ? state.PausedUntil : authority;
    }

    private static Failures? FailuresOf(AcmeState state, CertificateId id) => state.Failed.TryGetValue(id, out var failures) ? failures : null;

    /// <summary>The Secret with the certificate that lives longest, of those that name all hosts.</summary>
    private static ObjectKey? Best(WantedCertificate certificate, IReadOnlyDictionary<ObjectKey, HeldCertificate> held)
    {
        ObjectKey? best = null;
        foreach (var secret in certificate.Secrets)
        {
            if (held.TryGetValue(secret, out var content) && content.Covers(certificate.Hosts) && (best is not { } known || content.Life.NotAfter > held[known].Life.NotAfter))
                best = secret;
        }

        return best;
    }

    /// <summary>Secrets that serve nothing for these hosts, or what ends before.</summary>
    private static IEnumerable<ObjectKey> Behind(WantedCertificate certificate, ObjectKey best, IReadOnlyDictionary<ObjectKey, HeldCertificate> held) =>
        certificate.Secrets.Items.Where(secret => secret != best
            && (!held.TryGetValue(secret, out var content) || !content.Covers(certificate.Hosts) || content.Life.NotAfter < held[best].Life.NotAfter));
}
