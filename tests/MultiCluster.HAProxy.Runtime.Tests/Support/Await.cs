namespace MultiCluster.HAProxy.Runtime.Tests.Support;

internal static class Await
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <param name="missing">What did not happen, when it does not.</param>
    public static async Task UntilAsync(Func<Task<bool>> condition, string missing)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Deadline, $"Within {Deadline}: {missing}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }

    public static Task UntilAsync(Func<bool> condition, string missing) => UntilAsync(() => Task.FromResult(condition()), missing);
}
