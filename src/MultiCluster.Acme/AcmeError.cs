using MultiCluster.Acme.Protocol;

namespace MultiCluster.Acme;

public enum AcmeErrorKind
{
    /// <summary>No answer, or one that says that the authority can't now.</summary>
    Unreachable,

    /// <summary>Too much was asked; <see cref="AcmeError.RetryAt"/> says when to come back, if the authority did.</summary>
    RateLimited,

    /// <summary>The authority won't; asking again in the same words is in vain.</summary>
    Refused,

    /// <summary>The authority did not find the challenge's answer at <see cref="AcmeError.Host"/>.</summary>
    ChallengeFailed,

    /// <summary>The authority does not know the account (any more).</summary>
    AccountUnknown,

    /// <summary>What came is not ACME.</summary>
    Malformed,

    /// <summary>What we were to ask for can't be asked: nothing was sent.</summary>
    Invalid,

    /// <summary>Not every proxy took the challenge, so the authority was not told to look.</summary>
    NotPublished,

    /// <summary>The order made no progress in the time that it had.</summary>
    TimedOut,

    /// <summary>A certificate came that doesn't fit the key or the hosts.</summary>
    BadCertificate,
}

/// <param name="Message">For people: what was asked of whom, what came back, the fix if we know it. Text of the authority in it is escaped and cut.</param>
public sealed record AcmeError(AcmeErrorKind Kind, string Message)
{
    /// <summary>The host that it is about, if it is about one.</summary>
    public string? Host { get; init; }

    /// <summary>What the authority said, if it said anything.</summary>
    public AcmeProblem? Problem { get; init; }

    /// <summary>Not before then.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    public override string ToString() => Message;
}
