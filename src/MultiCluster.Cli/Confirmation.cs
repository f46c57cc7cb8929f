using MultiCluster.Cli.Output;

namespace MultiCluster.Cli;

/// <summary>Asks a person back before something is done that can't be undone.</summary>
internal static class Confirmation
{
    /// <returns>Why it is not done; null to go on.</returns>
    public static async Task<string?> RefusalAsync(CliContext context, string consequence, CancellationToken cancellationToken)
    {
        if (context.Person is not { } person)
            return "not confirmed: give --yes, since there is no terminal to ask at";
        await context.Error.WriteAsync($"{SafeText.Of(consequence)} Go on? [y/N] ");
        await context.Error.FlushAsync(cancellationToken);
        return (await person.ReadLineAsync(cancellationToken))?.Trim() is "y" or "Y" or "yes" ? null : "not confirmed: nothing was done";
    }
}
