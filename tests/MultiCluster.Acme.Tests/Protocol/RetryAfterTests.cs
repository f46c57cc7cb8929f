using MultiCluster.Acme.Protocol;

namespace MultiCluster.Acme.Tests.Protocol;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The header, the authority's clock by its Date header in minutes from ours, and the seconds to wait; null: it says nothing.</summary>
    public static TheoryData<string?, int?, double?> Headers => new()
    {
        { "5", null, 5 },
        { " 5 ", null, 5 },
        { "0", null, 0 },
        { "Mon, 23 Nov 2026 12:00:30 GMT", null, 30 },
        { "Mon, 23 Nov 2026 12:00:30 GMT", 0, 30 },
        { "Mon, 23 Nov 2026 12:00:30 GMT", -10, 630 },
        { "Mon, 23 Nov 2026 11:00:00 GMT", null, 0 },
        { "Mon, 23 Nov 2099 11:00:00 GMT", null, 31 * 86400 },
        { "99999999999", null, 31 * 86400 },
        { "-5", null, null },
        { "soon", null, null },
        { "", null, null },
        { null, null, null },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_wait_is_read(string? header, int? clock, double? seconds) =>
        Assert.Equal(seconds, RetryAfter.Parse(header, clock is { } minutes ? Now.AddMinutes(minutes) : null, Now)?.TotalSeconds);
}
