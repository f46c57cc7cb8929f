using System.CommandLine;
using MultiCluster.Cli.Completion;

namespace MultiCluster.Cli;

/// <summary>Scripts by which shells complete commands.</summary>
public sealed partial class CommandFactory
{
    private Command Completions(RootCommand root)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong(CompletionScripts.Shells);
        var command = Named(
            "completion",
            "Prints a script by which a shell completes commands, options and their words. It holds all of them: a key pressed asks nobody.",
            "source <(mcctl completion bash)",
            shell);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await context.Output.WriteAsync(CompletionScripts.Of(parsed.GetRequiredValue(shell), CompletionTree.Of(root)).AsMemory(), cancellationToken);
            await context.Output.FlushAsync(cancellationToken);
            return ExitCode.Success;
        });
        return command;
    }
}
