namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>Waits for what must come, and says what was missing when it does not.</summary>
internal static class Await
{
    /// <summary>Generous, also for five programs that start at once on two busy cores: it only ends tests that have failed already.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <param name="missing">What is missing now; null when nothing is.</param>
    public static async Task NothingMissingAsync(Func<Task<string?>> missing, TimeSpan? deadline = null)
    {
        var limit = deadline ?? Deadline;
        var began = TimeProvider.System.GetTimestamp();
        while (await missing() is { } what)
        {
            if (TimeProvider.System.GetElapsedTime(began) > limit)
                Assert.Fail($"after {limit.TotalSeconds:0.#} s still missing: {what}");
            await Task.Delay(Interval, TimeProvider.System);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what) =>
        NothingMissingAsync(() => Task.FromResult(condition() ? null : what));

    public static Task TrueAsync(Func<Task<bool>> condition, string what) =>
        NothingMissingAsync(async () => await condition() ? null : what);
}
