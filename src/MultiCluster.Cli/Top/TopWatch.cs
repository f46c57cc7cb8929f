using System.Text.Json;
using MultiCluster.Cli.Api;
using MultiCluster.Cli.Migration;
using MultiCluster.Cli.Output;
using MultiCluster.Cli.Views;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Top;

/// <summary>Reads the metrics of one process again and again, and shows how they grow.</summary>
internal sealed class TopWatch(CliContext context, AdminClient client, TopKind kind, TimeSpan interval, int most)
{
    /// <summary>Cursor to the corner, the rest of the screen cleared.</summary>
    private const string Anew = "\e[H\e[J";

    /// <param name="isOnce">One table, over one interval.</param>
    public async Task<int> RunAsync(OutputFormat format, bool isOnce, CancellationToken cancellationToken)
    {
        var (before, began, error) = await ReadAsync(cancellationToken);
        while (error is null)
        {
            await Task.Delay(interval, context.Time, cancellationToken);
            (var after, var now, error) = await ReadAsync(cancellationToken);
            if (error is not null)
                break;
            await ShowAsync(TopRow.Compare(kind, before, after, context.Time.GetElapsedTime(began, now), most), format, isOnce, cancellationToken);
            if (isOnce)
                return ExitCode.Success;
            (before, began) = (after, now);
        }

        return await Failure.TellAsync(context, error, ExitCode.Failure);
    }

    private async Task<(IReadOnlyDictionary<TopKey, TopCounts> Counts, long At, string? Error)> ReadAsync(CancellationToken cancellationToken)
    {
        var answer = await client.AskAsync(HttpMethod.Get, AdminPaths.Metrics, cancellationToken);
        var at = context.Time.GetTimestamp();
        var nothing = new Dictionary<TopKey, TopCounts>();
        if (answer.Error is { } error)
            return (nothing, at, error);
        return MetricsText.Read(answer.Body, Traffic.IsWanted) is { } samples
            ? (Traffic.Of(kind, samples), at, null)
            : (nothing, at, client.NotUnderstood("no metrics"));
    }

    private async Task ShowAsync(TopView view, OutputFormat format, bool isOnce, CancellationToken cancellationToken)
    {
        if (isOnce)
        {
            await Reply.WriteAsync(context, format, view, LocalJson.Default.TopView, TopViews.Show, cancellationToken);
            return;
        }

        var text = new StringWriter { NewLine = "\n" };
        if (format == OutputFormat.Json)
        {
            await text.WriteLineAsync(SafeText.OfJson(JsonSerializer.Serialize(view, LocalJson.Default.TopView)));
        }
        else
        {
            if (context.Colour)
                await text.WriteAsync(Anew);
            TopViews.Show(view, new Terminal(text, context.Error, context.Colour));
            if (!context.Colour)
                await text.WriteLineAsync();
        }

        await context.Output.WriteAsync(text.GetStringBuilder(), cancellationToken);
        await context.Output.FlushAsync(cancellationToken);
    }
}
