namespace MultiCluster.Acme.Renewal;

/// <summary>When a certificate is to be ordered. Pure, and the same on every node.</summary>
public static class Renewals
{
    /// <summary>How much of the time that is left at renewal, and of a back-off, is spread over host sets.</summary>
    private const double Spread = 0.1;

    /// <summary>Of its life: a rule that would renew earlier would renew each one as soon as it came.</summary>
    private const double MostLeft = 0.5;

    /// <param name="held">The certificate that there is for exactly these hosts; null: none.</param>
    /// <param name="failures">Null: the last order did not fail.</param>
    public static RenewalDecision Decide(HostSet hosts, Life? held, Failures? failures, RenewalPolicy policy, DateTimeOffset now)
    {
        var decision = held switch
        {
            null => new RenewalDecision(now, RenewalReason.Missing),
            { } life when life.NotAfter <= now || life.NotAfter <= life.NotBefore => new RenewalDecision(now, RenewalReason.Expired),
            { } life => new RenewalDecision(life.NotAfter - Left(life, hosts, policy), RenewalReason.Expiring),
        };
        var retry = failures is { Count: > 0 } failed ? Retry(failed, hosts, policy) : (DateTimeOffset?)null;
        return retry > decision.At ? decision with { At = retry.Value } : decision;
    }

    /// <summary>When the next order may be made after some that failed.</summary>
    public static DateTimeOffset Retry(Failures failures, HostSet hosts, RenewalPolicy policy)
    {
        var back = policy.FirstBackOff * Math.Pow(2, Math.Min(failures.Count - 1, 30));
        back *= 1 + (Spread * hosts.Share);
        var at = failures.Last + (back < policy.LongestBackOff ? back : policy.LongestBackOff);
        return failures.RetryAt > at ? failures.RetryAt.Value : at;
    }

    /// <summary>Earlier than the rule by up to a tenth: certificates that were made together are not renewed together.</summary>
    private static TimeSpan Left(Life life, HostSet hosts, RenewalPolicy policy)
    {
        var whole = life.NotAfter - life.NotBefore;
        var left = (policy.Expiring is { } days && days > TimeSpan.Zero ? days : whole / 3) * (1 + (Spread * hosts.Share));
        var most = whole * MostLeft;
        return left < most ? left : most;
    }
}
