using MultiCluster.Cli.Api;
using MultiCluster.Cli.Output;

namespace MultiCluster.Cli;

/// <summary>One request to the admin API and the printing of its answer.</summary>
/// <param name="Server">As given with --server.</param>
internal sealed record Question<T>(string? Server, string Path, OutputFormat Format, Action<T, Terminal> Print)
{
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    public TimeSpan Deadline { get; init; } = AdminClient.Deadline;

    /// <summary>An answer that is not good is printed, and makes the exit code <see cref="ExitCode.Failure"/>. Null: every answer is good.</summary>
    public Func<T, bool>? IsGood { get; init; }

    public async Task<int> AskAsync(CliContext context, CancellationToken cancellationToken)
    {
        if (ServerAddress.Resolve(Server, context, out var wrong) is not { } server)
            return await Failure.TellAsync(context, wrong!, ExitCode.Usage);
        using var client = new AdminClient(server, context.Handler(server), Deadline);
        var answer = await client.AskAsync(Method, Path, cancellationToken);
        var text = new StringWriter { NewLine = "\n" };
        var code = ExitCode.Success;
        if ((answer.Error ?? Render(answer, client, text, context, ref code)) is { } error)
            return await Failure.TellAsync(context, error, ExitCode.Failure);
        await context.Output.WriteAsync(text.GetStringBuilder(), cancellationToken);
        await context.Output.FlushAsync(cancellationToken);
        return code;
    }

    /// <summary>Rendered whole before anything is written: an answer is printed completely or not at all.</summary>
    private string? Render(Answer answer, AdminClient client, TextWriter text, CliContext context, ref int code)
    {
        if (Format == OutputFormat.Json && IsGood is null)
            return AnswerJson.Indent(answer.Body.Span) is { } json ? Write(text, json) : client.NotUnderstood("no JSON");
        if (!AnswerJson.TryRead<T>(answer.Body.Span, out var view, out var problem))
            return client.NotUnderstood(problem);
        if (IsGood?.Invoke(view) == false)
            code = ExitCode.Failure;
        if (Format == OutputFormat.Json)
            return Write(text, AnswerJson.Indent(answer.Body.Span)!);
        Print(view, new Terminal(text, context.Error, context.Colour));
        return null;
    }

    private static string? Write(TextWriter text, string json)
    {
        text.WriteLine(json);
        return null;
    }
}
