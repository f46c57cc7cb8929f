using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MultiCluster.Cli;

/// <summary>The usual help, and an example of the command: of a group one of each of its commands.</summary>
internal sealed class ExamplesHelpAction(HelpAction help, IReadOnlyDictionary<Command, string> examples) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => help.ClearsParseErrors;

    public static void AddTo(RootCommand root, IReadOnlyDictionary<Command, string> examples)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            if (option.Action is HelpAction help)
                option.Action = new ExamplesHelpAction(help, examples);
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        string[] shown = examples.TryGetValue(command, out var own) ? [own] : [.. command.Subcommands.Select(FirstOf).OfType<string>()];
        if (shown.Length > 0)
            output.WriteLine(shown.Length == 1 ? "Example:" : "Examples:");
        foreach (var example in shown)
            output.WriteLine($"  {example}");
        return code;
    }

    private string? FirstOf(Command command) =>
        examples.TryGetValue(command, out var example) ? example : command.Subcommands.Select(FirstOf).FirstOrDefault(static found => found is not null);
}
