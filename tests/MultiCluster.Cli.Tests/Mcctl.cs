using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Tests;

/// <summary>mcctl against a server that is a function, with what it printed.</summary>
internal sealed class Mcctl : HttpMessageHandler
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly StringWriter output = new() { NewLine = "\n" };
    private readonly StringWriter error = new() { NewLine = "\n" };
    private readonly Dictionary<string, (HttpStatusCode Status, string Body, string Type)> answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<(HttpStatusCode Status, string Body)>> sequences = new(StringComparer.Ordinal);

    public string Output => output.ToString();

    public string Error => error.ToString();

    public List<string> Requests { get; } = [];

    /// <summary>Called at each request, before the answer.</summary>
    public Action? Requested { get; init; }

    public Exception? Failure { get; init; }

    public string? ServerVariable { get; init; }

    public bool Colour { get; init; }

    public TimeProvider Time { get; init; } = new FixedTime();

    /// <summary>What somebody at the terminal types; null: standard input is no terminal.</summary>
    public string? Typed { get; init; }

    public Mcctl Answer<T>(string path, T view)
        where T : class =>
        Text(path, JsonSerializer.Serialize(view, (JsonTypeInfo<T>)AdminJson.Default.GetTypeInfo(typeof(T))!));

    /// <summary>An answer for each time it is asked, the last one also from then on.</summary>
    public Mcctl Answers<T>(string path, params IReadOnlyList<T?> views)
        where T : class
    {
        sequences.Add(path, new(views.Select(view => view is null
            ? (HttpStatusCode.ServiceUnavailable, """{"title":"t","status":503,"detail":"not now"}""")
            : (HttpStatusCode.OK, JsonSerializer.Serialize(view, (JsonTypeInfo<T>)AdminJson.Default.GetTypeInfo(typeof(T))!)))));
        return this;
    }

    /// <summary>Texts as they are, one for each time it is asked, the last one also from then on.</summary>
    public Mcctl Pages(string path, params IReadOnlyList<string> pages)
    {
        sequences.Add(path, new(pages.Select(static page => (HttpStatusCode.OK, page))));
        return this;
    }

    public Mcctl Text(string path, string body, HttpStatusCode status = HttpStatusCode.OK, string type = "application/json")
    {
        answers.Add(path, (status, body, type));
        return this;
    }

    public Mcctl Problem(string path, HttpStatusCode status, string detail) =>
        Text(path, JsonSerializer.Serialize(new ProblemView("Title", (int)status, detail), AdminJson.Default.ProblemView), status, "application/problem+json");

    public Task<int> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    public Task<int> RunAsync(CancellationToken interrupt, params string[] args) => CommandFactory.RunAsync(
        args, new CliContext(output, error, _ => this, Time, ServerVariable, Colour, Typed is null ? null : new StringReader(Typed)), interrupt);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add((request.Method == HttpMethod.Get ? "" : $"{request.Method} ") + request.RequestUri!.AbsoluteUri);
        if (Failure is not null)
            throw Failure;
        Requested?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        if (sequences.TryGetValue(request.RequestUri.PathAndQuery, out var sequence))
        {
            var next = sequence.Count > 1 ? sequence.Dequeue() : sequence.Peek();
            return Task.FromResult(new HttpResponseMessage(next.Status) { Content = new StringContent(next.Body, Encoding.UTF8, "application/json") });
        }

        var (status, body, type) = answers.GetValueOrDefault(request.RequestUri.PathAndQuery, (HttpStatusCode.NotFound, "", "application/json"));
        return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) });
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
