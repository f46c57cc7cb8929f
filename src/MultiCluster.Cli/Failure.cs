using MultiCluster.Cli.Output;

namespace MultiCluster.Cli;

/// <summary>What went wrong, in one line for people.</summary>
internal static class Failure
{
    /// <returns>The code.</returns>
    public static async Task<int> TellAsync(CliContext context, string message, int code)
    {
        await context.Error.WriteLineAsync($"error: {SafeText.Of(message)}");
        return code;
    }
}
