using System.Text;

namespace MultiCluster.Cli.Completion;

/// <summary>Scripts for shells, each with the whole tree in it: a key pressed starts no program.</summary>
internal static class CompletionScripts
{
    public static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static string Of(string shell, IReadOnlyList<CompletionNode> tree) => shell switch
    {
        "bash" => Bash(tree),
        "zsh" => Zsh(tree),
        "fish" => Fish(tree),
        _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, null),
    };

    private static string Bash(IReadOnlyList<CompletionNode> tree)
    {
        var script = new StringBuilder()
            .Append("# bash completion for mcctl: source <(mcctl completion bash)\n_mcctl() {\n")
            .Append("  local cur=${COMP_WORDS[COMP_CWORD]} at='' taken='' word i\n  COMPREPLY=()\n");
        Walk(script, tree, "for ((i = 1; i < COMP_CWORD; i++)); do\n    word=${COMP_WORDS[i]}", "done");
        script.Append("  case \"$taken\" in\n");
        foreach (var (keys, option) in OptionsWithValues(tree))
            script.Append($"    {Patterns(keys)}) COMPREPLY=($(compgen {(option.IsFile ? "-f" : $"-W {Quote(string.Join(' ', option.Values))}")} -- \"$cur\")); return ;;\n");
        script.Append("    ?*) return ;;\n  esac\n  case \"$at\" in\n");
        foreach (var node in tree)
            script.Append($"    {Quote(node.Path)}) COMPREPLY=($(compgen -W {Quote(string.Join(' ', Words(node)))} -- \"$cur\")) ;;\n");
        return script.Append("  esac\n}\ncomplete -o filenames -F _mcctl mcctl\n").ToString();
    }

    private static string Zsh(IReadOnlyList<CompletionNode> tree)
    {
        var script = new StringBuilder()
            .Append("#compdef mcctl\n# zsh completion for mcctl: source <(mcctl completion zsh)\n_mcctl() {\n")
            .Append("  local at='' taken='' word i\n  local -a found\n");
        Walk(script, tree, "for ((i = 2; i < CURRENT; i++)); do\n    word=${words[i]}", "done");
        script.Append("  case \"$taken\" in\n");
        foreach (var (keys, option) in OptionsWithValues(tree))
            script.Append($"    {Patterns(keys)}) {(option.IsFile ? "_files" : $"compadd -- {string.Join(' ', option.Values.Select(Quote))}")}; return ;;\n");
        script.Append("    ?*) return ;;\n  esac\n  case \"$at\" in\n");
        foreach (var node in tree)
            script.Append($"    {Quote(node.Path)}) found=({string.Join(' ', Described(node).Select(static word => Quote($"{word.Name.Replace(":", @"\:", StringComparison.Ordinal)}:{word.Description}")))}) ;;\n");
        return script.Append("  esac\n  _describe mcctl found\n}\ncompdef _mcctl mcctl\n").ToString();
    }

    private static string Fish(IReadOnlyList<CompletionNode> tree)
    {
        var script = new StringBuilder().Append("# fish completion for mcctl: mcctl completion fish | source\nfunction __mcctl_at\n  set -l at ''\n  set -l taken ''\n");
        script.Append("  for word in (commandline -opc)[2..-1]\n    if test -n \"$taken\"\n      set taken ''\n      continue\n    end\n    switch \"$at $word\"\n");
        foreach (var key in OptionsWithValues(tree).SelectMany(static item => item.Keys))
            script.Append($"      case {FishQuote(key)}\n        set taken yes\n");
        foreach (var node in tree.Where(static node => node.Entries.Count > 0))
            script.Append($"      case {string.Join(' ', node.Entries.Select(FishQuote))}\n        set at {FishQuote(node.Path)}\n");
        script.Append("    end\n  end\n  test \"$at\" = \"$argv[1]\"\nend\ncomplete -c mcctl -f\n");
        foreach (var node in tree)
        {
            var here = $"complete -c mcctl -n {FishQuote($"__mcctl_at {FishQuote(node.Path)}")}";
            foreach (var word in node.Commands)
                script.Append($"{here} -a {FishQuote(word.Name)} -d {FishQuote(word.Description)}\n");
            if (node.Values.Count > 0)
                script.Append($"{here} -a {FishQuote(string.Join(' ', node.Values))}\n");
            foreach (var option in node.Options)
                script.Append($"{here} {string.Join(' ', option.Names.Select(FishName))}{FishValue(option)} -d {FishQuote(option.Description)}\n");
        }

        return script.ToString();
    }

    /// <summary>Finds the command that the words before the cursor name, and the option whose value is asked for.</summary>
    private static void Walk(StringBuilder script, IReadOnlyList<CompletionNode> tree, string begin, string end)
    {
        script.Append($"  {begin}\n    if [[ -n $taken ]]; then taken=''; continue; fi\n    case \"$at $word\" in\n");
        foreach (var key in OptionsWithValues(tree).SelectMany(static item => item.Keys))
            script.Append($"      {Quote(key)}) taken={Quote(key)} ;;\n");
        foreach (var node in tree.Where(static node => node.Entries.Count > 0))
            script.Append($"      {Patterns(node.Entries)}) at={Quote(node.Path)} ;;\n");
        script.Append($"    esac\n  {end}\n");
    }

    /// <summary>Each with the command that it is of, since one letter means other things elsewhere.</summary>
    private static IEnumerable<(IReadOnlyList<string> Keys, CompletionOption Option)> OptionsWithValues(IReadOnlyList<CompletionNode> tree) =>
        from node in tree
        from option in node.Options
        where option.TakesValue
        select ((IReadOnlyList<string>)[.. option.Names.Select(name => $"{node.Path} {name}")], option);

    private static IEnumerable<string> Words(CompletionNode node) => Described(node).Select(static word => word.Name);

    private static IEnumerable<CompletionWord> Described(CompletionNode node) =>
        [
            .. node.Commands,
            .. node.Values.Select(static value => new CompletionWord(value, value)),
            .. node.Options.SelectMany(static option => option.Names.Select(name => new CompletionWord(name, option.Description))),
        ];

    private static string Patterns(IReadOnlyList<string> keys) => string.Join('|', keys.Select(Quote));

    private static string FishName(string name) => name.StartsWith("--", StringComparison.Ordinal) ? $"-l {FishQuote(name[2..])}" : $"-s {FishQuote(name[1..])}";

    private static string FishValue(CompletionOption option) => option switch
    {
        { TakesValue: false } => "",
        { IsFile: true } => " -r -F",
        { Values.Count: > 0 } => $" -x -a {FishQuote(string.Join(' ', option.Values))}",
        _ => " -x",
    };

    /// <summary>As the words of bash and zsh take anything.</summary>
    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string FishQuote(string text) => $"'{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";
}
