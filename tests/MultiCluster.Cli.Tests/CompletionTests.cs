using System.Diagnostics;

namespace MultiCluster.Cli.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("mem", "member")]
    [InlineData("member dr", "drain")]
    [InlineData("member list --out", "--output")]
    [InlineData("-o json member list --tok", "--token-file")]
    [InlineData("--server member rou", "routes")]
    [InlineData("routes -o ", "table json")]
    [InlineData("log tail --level w", "warn")]
    [InlineData("log tail -n ", "")]
    [InlineData("completion z", "zsh")]
    [InlineData("member uncordon aws --outp", "--output")]
    [InlineData("nothing ", "")]
    public async Task Bash_completes_what_the_parser_knows(string line, string expected)
    {
        var words = string.Join(' ', line.Split(' ').Select(static word => $"'{word}'"));
        var script = $"{await ScriptAsync("bash")}\nCOMP_WORDS=(mcctl {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _mcctl; echo \"${{COMPREPLY[*]}}\"";
        var said = await BashAsync(script);
        if (line == "nothing ")
            Assert.StartsWith("member ingress", said, StringComparison.Ordinal);
        else
            Assert.Equal(expected, said);
    }

    [Theory]
    [InlineData("zsh", "found=('member:The clusters", "'member list') found=(", "' --output'|' -o') compadd -- 'table' 'json'; return", "' --token-file') _files; return")]
    [InlineData("fish", "-n '__mcctl_at \\'\\'' -a 'member' -d ", "-n '__mcctl_at \\'member drain\\'' -l 'timeout' -x", "-l 'output' -s 'o' -x -a 'table json' -d", "-l 'token-file' -r -F")]
    public async Task Other_shells_get_the_same_tree(string shell, params string[] parts)
    {
        var script = await ScriptAsync(shell);
        foreach (var part in parts)
            Assert.Contains(part, script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shell_that_is_not_known_is_misuse()
    {
        using var mcctl = new Mcctl();
        Assert.Equal(2, await mcctl.RunAsync("completion", "tcsh"));
        Assert.EndsWith("see: mcctl completion --help\n", mcctl.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_has_an_example_at_every_command()
    {
        var waiting = new Queue<string[]>([[]]);
        var seen = 0;
        while (waiting.TryDequeue(out var path))
        {
            using var mcctl = new Mcctl();
            Assert.Equal(0, await mcctl.RunAsync([.. path, "--help"]));
            var lines = mcctl.Output.ReplaceLineEndings("\n").Split('\n');
            Assert.Contains(lines, static line => line is "Example:" or "Examples:");
            Assert.Contains(lines, line => line.Contains(string.Join(' ', ["mcctl", .. path.SkipLast(1)]), StringComparison.Ordinal) && line.StartsWith("  ", StringComparison.Ordinal));
            seen++;
            foreach (var line in lines.SkipWhile(static line => line != "Commands:").Skip(1).TakeWhile(static line => line.StartsWith("  ", StringComparison.Ordinal)).Where(static line => line[2] != ' '))
                waiting.Enqueue([.. path, line.Trim().Split(' ')[0].TrimEnd(',')]);
        }

        Assert.True(seen > 40, $"only {seen} commands were found");
    }

    private static async Task<string> ScriptAsync(string shell)
    {
        using var mcctl = new Mcctl();
        Assert.Equal(0, await mcctl.RunAsync("completion", shell));
        return mcctl.Output;
    }

    private static async Task<string> BashAsync(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["--norc", "-s"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await bash.StandardInput.WriteAsync(script.AsMemory(), deadline.Token);
        bash.StandardInput.Close();
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(deadline.Token), bash.StandardError.ReadToEndAsync(deadline.Token));
        await bash.WaitForExitAsync(deadline.Token);
        Assert.Equal("", await error);
        return (await output).TrimEnd('\n');
    }
}
