namespace MultiCluster.Hocon.Tests;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("5s", 50_000_000)]
    [InlineData("200 ms", 2_000_000)]
    [InlineData("1 minute", 600_000_000)]
    [InlineData("2 minutes", 1_200_000_000)]
    [InlineData("1m", 600_000_000)]
    [InlineData("1h", 36_000_000_000)]
    [InlineData("1 hour", 36_000_000_000)]
    [InlineData("1d", 864_000_000_000)]
    [InlineData("7 days", 6_048_000_000_000)]
    [InlineData("100ns", 1)]
    [InlineData("150 nanos", 1)]
    [InlineData("1us", 10)]
    [InlineData("3 microseconds", 30)]
    [InlineData("1 milli", 10_000)]
    [InlineData("0.5s", 5_000_000)]
    [InlineData("-1s", -10_000_000)]
    [InlineData("250", 2_500_000)]
    [InlineData("\" 5 s \"", 50_000_000)]
    public void Durations(string text, long ticks) =>
        Assert.Equal(new TimeSpan(ticks), Configs.Load($"a = {text}").GetDuration("a"));

    [Theory]
    [InlineData("1", 1)]
    [InlineData("7B", 7)]
    [InlineData("7 bytes", 7)]
    [InlineData("10k", 10_240)]
    [InlineData("10K", 10_240)]
    [InlineData("10kB", 10_000)]
    [InlineData("1 kilobyte", 1_000)]
    [InlineData("512 MiB", 536_870_912)]
    [InlineData("1MB", 1_000_000)]
    [InlineData("1m", 1_048_576)]
    [InlineData("2g", 2_147_483_648)]
    [InlineData("2Gi", 2_147_483_648)]
    [InlineData("1TB", 1_000_000_000_000)]
    [InlineData("1 PiB", 1_125_899_906_842_624)]
    [InlineData("7E", 8_070_450_532_247_928_832)]
    [InlineData("1.5k", 1_536)]
    [InlineData("0.3k", 307)]
    public void Sizes(string text, long bytes) => Assert.Equal(bytes, Configs.Load($"a = {text}").GetSize("a"));

    [Theory]
    [InlineData("5S")]
    [InlineData("5 fortnights")]
    [InlineData("s")]
    [InlineData("\"\"")]
    [InlineData("5 5s")]
    [InlineData("1e30 d")]
    [InlineData("99999999999 d")]
    [InlineData("true")]
    [InlineData("[5s]")]
    public void What_is_no_duration_is_refused(string text)
    {
        var error = Assert.Throws<HoconException>(() => Configs.Load($"\na = {text}").GetDuration("a")).Message;
        Assert.StartsWith("app.conf:2: \"a\" must be a duration such as 5s or 200 ms, but is ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8E")]
    [InlineData("1ZB")]
    [InlineData("-1k")]
    [InlineData("1kb")]
    [InlineData("many")]
    public void What_is_no_size_is_refused(string text) => Assert.Equal(
        $"app.conf:1: \"a\" must be a size such as 512 KiB or 10 MB, but is \"{text}\"",
        Assert.Throws<HoconException>(() => Configs.Load($"a = {text}").GetSize("a")).Message);
}
