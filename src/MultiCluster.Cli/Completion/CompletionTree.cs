using System.CommandLine;
using System.CommandLine.Completions;

namespace MultiCluster.Cli.Completion;

/// <summary>What may follow at one command.</summary>
/// <param name="Path">Such as "member list"; empty: the program itself.</param>
/// <param name="Entries">How it is got to: the path before it and each of its names.</param>
internal sealed record CompletionNode(string Path, IReadOnlyList<string> Entries, IReadOnlyList<CompletionWord> Commands, IReadOnlyList<CompletionOption> Options, IReadOnlyList<string> Values);

internal sealed record CompletionWord(string Name, string Description);

/// <param name="Names">All of them, such as --output and -o.</param>
/// <param name="TakesValue">False: a flag.</param>
/// <param name="IsFile">Its value is a file or a folder.</param>
/// <param name="Values">Empty: any.</param>
internal sealed record CompletionOption(IReadOnlyList<string> Names, string Description, bool TakesValue, bool IsFile, IReadOnlyList<string> Values);

/// <summary>The commands as the parser has them, so that no script has a list of its own.</summary>
internal static class CompletionTree
{
    private static readonly string[] Files = ["FILE", "PATH"];

    public static IReadOnlyList<CompletionNode> Of(RootCommand root) => [.. Walk(root, "", [])];

    private static IEnumerable<CompletionNode> Walk(Command command, string path, IReadOnlyList<Option> inherited)
    {
        Option[] options = [.. command.Options.Concat(inherited).Where(static option => !option.Hidden)];
        yield return new CompletionNode(
            path,
            path.Length == 0 ? [] : [.. command.Aliases.Prepend(command.Name).Distinct(StringComparer.Ordinal).Select(name => $"{path[..^command.Name.Length].TrimEnd(' ')} {name}")],
            [.. command.Subcommands.Where(static child => !child.Hidden).Select(static child => new CompletionWord(child.Name, FirstSentence(child.Description)))],
            [.. options.Select(Describe)],
            [.. command.Arguments.SelectMany(static argument => Words(argument.CompletionSources))]);
        Option[] passedOn = [.. options.Where(static option => option.Recursive)];
        foreach (var node in command.Subcommands.Where(static child => !child.Hidden).SelectMany(child => Walk(child, path.Length == 0 ? child.Name : $"{path} {child.Name}", passedOn)))
            yield return node;
    }

    private static CompletionOption Describe(Option option)
    {
        var takesValue = option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);
        return new CompletionOption(
            [.. option.Aliases.Prepend(option.Name).Where(static name => name.StartsWith('-')).Distinct(StringComparer.Ordinal)],
            FirstSentence(option.Description),
            takesValue,
            takesValue && Files.Contains(option.HelpName, StringComparer.Ordinal),
            takesValue ? Words(option.CompletionSources) : []);
    }

    private static List<string> Words(IEnumerable<Func<CompletionContext, IEnumerable<CompletionItem>>> sources) =>
        [.. sources.SelectMany(static source => source(CompletionContext.Empty)).Select(static item => item.Label).Distinct(StringComparer.Ordinal)];

    /// <summary>A line of a menu has no room for more.</summary>
    private static string FirstSentence(string? description)
    {
        var text = (description ?? "").ReplaceLineEndings(" ");
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).TrimEnd('.');
    }
}
