using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MultiCluster.Cli.Api;
using MultiCluster.Cli.Output;

namespace MultiCluster.Cli;

/// <summary>Prints what came of a command that asked more than once, or not at all.</summary>
internal static class Reply
{
    /// <summary>Of what mcctl found by itself.</summary>
    public static Task WriteAsync<T>(
        CliContext context, OutputFormat format, T view, JsonTypeInfo<T> type, Action<T, Terminal> print, CancellationToken cancellationToken)
        where T : class =>
        WriteAsync(context, format, new Answer<T>(view, JsonSerializer.SerializeToUtf8Bytes(view, type), null), print, cancellationToken);

    /// <param name="answer">Without an error.</param>
    public static async Task WriteAsync<T>(CliContext context, OutputFormat format, Answer<T> answer, Action<T, Terminal> print, CancellationToken cancellationToken)
        where T : class
    {
        // Rendered whole before anything is written: an answer is printed completely or not at all.
        var text = new StringWriter { NewLine = "\n" };
        if (format == OutputFormat.Json)
            await text.WriteLineAsync(AnswerJson.Indent(answer.Body.Span));
        else
            print(answer.View!, new Terminal(text, context.Error, context.Colour));
        await context.Output.WriteAsync(text.GetStringBuilder(), cancellationToken);
        await context.Output.FlushAsync(cancellationToken);
    }
}
