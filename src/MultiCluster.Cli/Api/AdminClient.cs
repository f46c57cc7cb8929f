using System.Net;
using System.Net.Sockets;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Api;

/// <summary>Asks the admin API; whatever goes wrong is an error for people in the answer.</summary>
internal sealed class AdminClient(Uri server, HttpMessageHandler handler) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly HttpClient http = new(handler) { Timeout = Deadline };
    private readonly string address = server.AbsoluteUri.TrimEnd('/');

    public void Dispose() => http.Dispose();

    public async Task<Answer> GetAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(address + path), cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode ? new Answer(body, null) : new Answer(default, Refusal(response.StatusCode, body));
        }
        catch (HttpRequestException e)
        {
            return new Answer(default, Unreachable(Words(e)));
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Answer(default, Unreachable($"nothing within {Deadline.TotalSeconds:0} s"));
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
