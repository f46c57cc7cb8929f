using MultiCluster.Cli.Api;
using MultiCluster.Cli.Output;

namespace MultiCluster.Cli;

/// <summary>One request to the admin API and the printing of its answer.</summary>
/// <param name="Server">As given with --server.</param>
internal sealed record Question<T>(string? Server, string Path, OutputFormat Format, Action<T, Terminal> Print)
{
    public async Task<int> AskAsync(CliContext context, CancellationToken cancellationToken)
    {
        var address = Server ?? context.Server ?? CliContext.DefaultServer;
        if (ServerAddress.Parse(address) is not { } server)
        {
            var source = Server is null ? CliContext.ServerVariable : "--server";
            return await FailAsync(context, $"{source}: '{address}' is no address such as {CliContext.DefaultServer}", ExitCode.Usage);
        }

        using var client = new AdminClient(server, context.Handler(server));
        var answer = await client.GetAsync(Path, cancellationToken);
        var text = new StringWriter { NewLine = "\n" };
        if ((answer.Error ?? Render(answer, client, text, context)) is { } error)
            return await FailAsync(context, error, ExitCode.Failure);
        await context.Output.WriteAsync(text.GetStringBuilder(), cancellationToken);
        await context.Output.FlushAsync(cancellationToken);
        return ExitCode.Success;
    }

    /// <summary>Rendered whole before anything is written: an answer is printed completely or not at all.</summary>
    private string? Render(Answer answer, AdminClient client, TextWriter text, CliContext context)
    {
        if (Format == OutputFormat.Json)
            return AnswerJson.Indent(answer.Body.Span) is { } json ? Write(text, json) : client.NotUnderstood("no JSON");
        if (!AnswerJson.TryRead<T>(answer.Body.Span, out var view, out var problem))
            return client.NotUnderstood(problem);
        Print(view, new Terminal(text, context.Error, context.Colour));
        return null;
    }

    private static string? Write(TextWriter text, string json)
    {
        text.WriteLine(json);
        return null;
    }

    private static async Task<int> FailAsync(CliContext context, string message, int code)
    {
        await context.Error.WriteLineAsync($"error: {SafeText.Of(message)}");
        return code;
    }
}
