using System.Diagnostics;
using System.Net;
using MultiCluster.EndToEnd.Tests.Support;

namespace MultiCluster.EndToEnd.Tests.Policies;

/// <summary>Asks what a case says, in order.</summary>
internal sealed class PolicyRun(FederatedWorld world, PolicyCase item) : IAsyncDisposable
{
    internal const string Tunnel = "TUNNEL";

    private string _mark = "";

    private readonly List<(ProxyClient Client, Task<Answer> Answer)> _held = [];

    /// <summary>What was not as expected.</summary>
    public async Task<IReadOnlyList<string>> WrongAsync()
    {
        var wrong = new List<string>();
        foreach (var exchange in item.Exchanges)
        {
            if (exchange.IsHeld)
                await HoldAsync(exchange);
            else
                wrong.AddRange((await WrongAsync(exchange)).Select(text => $"{item}: {exchange}: {text}"));
        }

        return wrong;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (client, answer) in _held)
        {
            // Nobody wants its answer any more.
            client.Dispose();
            try
            {
                await answer;
            }
            catch (Exception given) when (given is OperationCanceledException or HttpRequestException)
            {
            }
        }
    }

    private async Task HoldAsync(Exchange exchange)
    {
        using var arrivals = Arrivals.Watch(world.Pods);
        var client = Client(exchange);
        _held.Add((client, SendAsync(client, exchange)));
        await Await.TrueAsync(() => arrivals.Seen.Any(arrival => arrival.Host == item.Host), $"that {exchange} of {item} arrives");
    }

    /// <summary>What is not as expected of one exchange.</summary>
    public async Task<IReadOnlyList<string>> WrongAsync(Exchange exchange)
    {
        using var client = Client(exchange);
        var began = Stopwatch.GetTimestamp();
        if (exchange.Method == Tunnel)
            return await WrongTunnelAsync(client, exchange, began);
        Answer answer = null!;
        try
        {
            for (var i = 0; i < exchange.Times; i++)
                answer = await SendAsync(client, exchange);
        }
        catch (HttpRequestException) when (exchange.Status == 0)
        {
            return [];
        }

        var wrong = Late(exchange, began);
        if ((int)answer.Status != exchange.Status)
            wrong.Add($"answers {answer}, not {exchange.Status}");
        var copy = exchange.IsCopied ? await AuthServer.CopyAsync(_mark) : null;
        foreach (var expected in exchange.Expected)
        {
            var found = expected.Place switch
            {
                Place.Answer => answer.Headers.GetValueOrDefault(expected.Name),
                Place.Pod => answer.Echo?.Headers.FirstOrDefault(header => string.Equals(header.Key, expected.Name, StringComparison.OrdinalIgnoreCase)).Value,
                Place.Text => InText(answer.Body),
                Place.PodService => answer.Echo?.Service,
                Place.Copy => copy?.GetValueOrDefault(expected.Name),
                _ => answer.Echo?.Path,
            };
            var value = expected.Value is null ? null : expected.Place == Place.Text ? InText(expected.Value) : item.Fill(expected.Value);
            if (!string.Equals(found, value, StringComparison.Ordinal))
                wrong.Add($"{expected.Place} {expected.Name} is {(found is null ? "not there" : $"\"{found}\"")}, not {(value is null ? "absent" : $"\"{value}\"")}");
        }

        return wrong;
    }

    private async Task<List<string>> WrongTunnelAsync(ProxyClient client, Exchange exchange, long began)
    {
        int status;
        try
        {
            (status, _) = await client.ExchangeRawAsync(
                $"GET {exchange.Url} HTTP/1.1\r\nhost: {item.Host}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        }
        catch (OperationCanceledException)
        {
            return ["stays open"];
        }

        var wrong = Late(exchange, began);
        if (status != exchange.Status)
            wrong.Add($"answers {status}, not {exchange.Status}");
        return wrong;
    }

    private static List<string> Late(Exchange exchange, long began) =>
        Stopwatch.GetElapsedTime(began) is var time && time > exchange.Within ? [$"takes {time.TotalMilliseconds:0} ms, not {exchange.Within.Value.TotalMilliseconds:0}"]
        : time < exchange.Over ? [$"takes {time.TotalMilliseconds:0} ms, not {exchange.Over.TotalMilliseconds:0}"]
        : [];

    /// <summary>
    /// HAProxy that answers before it has read a body of HTTP/2 cancels the stream; this client forgets an answer that it had not read by then.
    /// </summary>
    private async Task<Answer> SendAsync(ProxyClient client, Exchange exchange)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await SendOnceAsync(client, item, exchange, exchange.IsCopied ? _mark = $"{Guid.NewGuid():n}" : null);
            }
            catch (HttpRequestException failure) when (failure.InnerException is HttpProtocolException && !exchange.TellsLength && tries < 20)
            {
            }
        }
    }

    /// <param name="mark">Of a request that is sent elsewhere besides.</param>
    public static Task<Answer> SendOnceAsync(ProxyClient client, PolicyCase item, Exchange exchange, string? mark = null)
    {
        var url = exchange.Url.StartsWith('/') ? $"http://{item.Host}{exchange.Url}" : item.Fill(exchange.Url);
        if (exchange.ServerName is { } server)
            return client.SendUnderAsync(item.Fill(server), url);
        return client.SendAsync(
            new HttpMethod(exchange.Method),
            url,
            headers =>
            {
                if (mark is not null)
                    headers.Add(AuthServer.Mark, mark);
                foreach (var (name, value) in exchange.Headers)
                    headers.TryAddWithoutValidation(name, item.Fill(value));
            },
            body: exchange.Body is { } length ? new byte[length] : null,
            tellsLength: exchange.TellsLength);
    }

    private ProxyClient Client(Exchange exchange) => Client(world, exchange, exchange.From);

    /// <param name="from">Address that its connections come from; null for any.</param>
    public static ProxyClient Client(FederatedWorld world, Exchange exchange, IPAddress? from) => new(
        world.Product.Setting.Http, world.Product.Setting.Https, from, exchange.As is { } name ? ClientIdentities.Shared[name] : null)
    {
        OffersHttp2 = exchange.Offers.Contains("h2", StringComparer.Ordinal),
        OffersOldTls = exchange.Offers.Contains("tls1.2", StringComparer.Ordinal),
    };

    /// <summary>HAProxy before 3.2 writes blanks for line ends.</summary>
    private string InText(string text) =>
        Version.Parse(world.Product.Setting.Binary.Version) < new Version(3, 2) ? string.Join(' ', text.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries)) : text;
}
