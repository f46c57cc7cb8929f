using System.Globalization;
using MultiCluster.Controller.History;

namespace MultiCluster.Controller.Tests.Records;

public sealed class PointInTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-01-30T08:00:00Z", "2026-01-30T08:00:00Z")]
    [InlineData("2026-01-30T08:00:00+02:00", "2026-01-30T06:00:00Z")]
    [InlineData("2026-01-30T08:00", "2026-01-30T08:00:00Z")]
    [InlineData("2026-01-30", "2026-01-30T00:00:00Z")]
    [InlineData("90s", "2026-01-31T11:58:30Z")]
    [InlineData("15m", "2026-01-31T11:45:00Z")]
    [InlineData("2h", "2026-01-31T10:00:00Z")]
    [InlineData("3d", "2026-01-28T12:00:00Z")]
    [InlineData("999999d", "1970-01-01T00:00:00Z")]
    public void A_time_is_read(string text, string time) => Assert.Equal(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), PointInTime.Parse(text, Now));

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("12")]
    [InlineData("-1h")]
    [InlineData("1w")]
    [InlineData("yesterday")]
    [InlineData("9999999s")]
    [InlineData("Jan 1 2026 00:00")]
    public void Anything_else_is_refused(string text) => Assert.Null(PointInTime.Parse(text, Now));
}
