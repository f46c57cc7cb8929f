using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Api;

/// <summary>Asks the admin API; whatever goes wrong is an error for people in the answer.</summary>
/// <param name="deadline">For an answer; <see cref="Timeout.InfiniteTimeSpan"/> for one that goes on.</param>
internal sealed class AdminClient(Uri server, HttpMessageHandler handler, TimeSpan deadline) : IDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly HttpClient http = new(handler) { Timeout = deadline };
    private readonly string address = server.AbsoluteUri.TrimEnd('/');

    public void Dispose() => http.Dispose();

    public async Task<Answer> AskAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(address + path));
            using var response = await http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode ? new Answer(body, null) : new Answer(default, Refusal(response.StatusCode, body));
        }
        catch (HttpRequestException e)
        {
            return new Answer(default, Unreachable(Words(e)));
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Answer(default, Unreachable($"nothing within {deadline.TotalSeconds:0} s"));
        }
    }

    public async Task<Answer<T>> AskAsync<T>(HttpMethod method, string path, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await AskAsync(method, path, cancellationToken);
        if (answer.Error is not null)
            return new Answer<T>(null, default, answer.Error);
        return AnswerJson.TryRead<T>(answer.Body.Span, out var view, out var problem)
            ? new Answer<T>(view, answer.Body, null)
            : new Answer<T>(null, default, NotUnderstood(problem));
    }

    /// <summary>Server-sent events, as long as they come.</summary>
    /// <param name="take">Gets the type and data of each; what it returns is wrong with it, or null.</param>
    /// <returns>Why they ended.</returns>
    public async Task<string> FollowAsync(string path, Func<string, string, Task<string?>> take, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address + path));
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
                return Refusal(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
            if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
                return NotUnderstood("no events");
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
            {
                if (await take(item.EventType, item.Data) is { } problem)
                    return NotUnderstood(problem);
            }
            return $"{address} sends no more; it has stopped, or is stopping";
        }
        catch (HttpRequestException e)
        {
            return Unreachable(Words(e));
        }
        catch (IOException e)
        {
            return $"the connection to {address} broke: {e.Message.ReplaceLineEndings(" ")}";
        }
    }

    public string NotUnderstood(string problem) =>
        $"{address} answers with {problem}: it is not MultiCluster's admin API, or of another version than this mcctl";

    private string Refusal(HttpStatusCode status, byte[] body) =>
        AnswerJson.TryRead<ProblemView>(body, out var problem, out _) && problem.Detail.Length > 0
            ? problem.Detail
            : NotUnderstood($"status {(int)status}");

    private string Unreachable(string why) =>
        $"no answer from {address} ({why}); is 'multicluster run' up there? --server or {CliContext.ServerVariable} names another address";

    private static string Words(HttpRequestException e) => e.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain } => "unknown host",
        { } inner => inner.Message.ReplaceLineEndings(" "),
        null => e.Message.ReplaceLineEndings(" "),
    };
}
