namespace MultiCluster.Actors.Tests.Support;

/// <summary>Generous, in real time; what is missing is in the message.</summary>
internal static class Deadline
{
    public static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    public static async Task WithinAsync(this Task task, string missing)
    {
        try
        {
            await task.WaitAsync(Generous);
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Missing after {Generous}: {missing}.", e);
        }
    }

    public static async Task<T> WithinAsync<T>(this Task<T> task, string missing)
    {
        await ((Task)task).WithinAsync(missing);
        return await task;
    }
}
