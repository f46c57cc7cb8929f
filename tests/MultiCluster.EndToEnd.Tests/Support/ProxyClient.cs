using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>A client of the proxy: URLs name any host, connections go to the proxy.</summary>
internal sealed class ProxyClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly IPEndPoint _http;
    private readonly IPEndPoint _https;
    private readonly IPAddress? _source;
    private readonly HttpClient _client;

    private readonly X509Certificate2? _certificate;
    private readonly string? _serverName;

    /// <param name="source">Address that its connections come from; null for any.</param>
    /// <param name="certificate">That it shows whoever asks for one.</param>
    /// <param name="serverName">That it asks for in TLS; null for that of the URL.</param>
    public ProxyClient(IPEndPoint http, IPEndPoint https, IPAddress? source = null, X509Certificate2? certificate = null, string? serverName = null)
    {
        _certificate = certificate;
        _serverName = serverName;
        _http = http;
        _https = https;
        _source = source;
        _client = NewClient(null);
    }

    /// <summary>For a URL such as <c>http://my-host/</c>, or <c>https://…</c>.</summary>
    public Task<Answer> GetAsync(string url) => SendAsync(HttpMethod.Get, url);

    public async Task<Answer> SendAsync(HttpMethod method, string url, Action<HttpRequestHeaders>? headers = null, bool alone = false, byte[]? body = null)
    {
        X509Certificate2? leaf = null;
        var isTls = url.StartsWith("https:", StringComparison.Ordinal);
        // A connection of its own, so that the handshake is seen.
        using var own = isTls || alone ? NewClient(certificate => leaf = certificate) : null;
        using var request = new HttpRequestMessage(method, new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        headers?.Invoke(request.Headers);
        if (body is not null)
            request.Content = new ByteArrayContent(body);
        using var response = await (own ?? _client).SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        var all = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, response.Version, all, EchoPods.Read(answer), answer, leaf);
    }

    /// <summary>Sends bytes as they are over a connection of its own; status and the pod's answer.</summary>
    public async Task<(int Status, EchoAnswer? Echo)> SendRawAsync(string request)
    {
        var (status, body) = await ExchangeRawAsync(request);
        return (status, EchoPods.Read(body));
    }

    /// <summary>Sends bytes as they are over a connection of its own; status and the body of whoever answered.</summary>
    public async Task<(int Status, string Body)> ExchangeRawAsync(string request)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_http, limit.Token);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var text = await reader.ReadToEndAsync(limit.Token);
        var body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var status = text.StartsWith("HTTP/", StringComparison.Ordinal) ? int.Parse(text.AsSpan(9, 3)) : 0;
        return (status, body < 0 ? "" : text[(body + 4)..]);
    }

    /// <summary>A pod's server refuses, too, but with nothing in the body: then the request has gone through.</summary>
    public static bool IsRefusalOfTheProxy(string body) => body.StartsWith("<html><body><h1>4", StringComparison.Ordinal);

    public void Dispose() => _client.Dispose();

    private HttpClient NewClient(Action<X509Certificate2>? onLeaf) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (_source is not null)
                socket.Bind(new IPEndPoint(_source, 0));
            await socket.ConnectAsync(context.InitialRequestMessage.RequestUri!.Scheme == "https" ? _https : _http, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
#pragma warning disable CA5359 // The certificates are the tests' own, self-signed; tests look at the leaf instead.
        SslOptions = new SslClientAuthenticationOptions
        {
            // A resumed session would show the certificate of the first one.
            AllowTlsResume = false,
            TargetHost = _serverName,
            LocalCertificateSelectionCallback = (_, _, _, _, _) => _certificate!,
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                onLeaf?.Invoke(X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData()));
                return true;
            },
        },
#pragma warning restore CA5359
    })
    { Timeout = Limit };
}
