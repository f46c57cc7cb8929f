using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
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
    private string _tls = "";

    /// <param name="source">Address that its connections come from; null for any.</param>
    /// <param name="certificate">That it shows whoever asks for one.</param>
    public ProxyClient(IPEndPoint http, IPEndPoint https, IPAddress? source = null, X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _http = http;
        _https = https;
        _source = source;
        _client = NewClient(null);
    }

    public bool OffersHttp2 { get; init; }

    /// <summary>TLS 1.2 and nothing newer.</summary>
    public bool OffersOldTls { get; init; }

    /// <summary>For a URL such as <c>http://my-host/</c>, or <c>https://…</c>.</summary>
    public Task<Answer> GetAsync(string url) => SendAsync(HttpMethod.Get, url);

    public async Task<Answer> SendAsync(HttpMethod method, string url, Action<HttpRequestHeaders>? headers = null, bool alone = false, byte[]? body = null, bool tellsLength = true)
    {
        X509Certificate2? leaf = null;
        var isTls = url.StartsWith("https:", StringComparison.Ordinal);
        // A connection of its own, so that the handshake is seen.
        using var own = isTls || alone ? NewClient(certificate => leaf = certificate) : null;
        using var request = new HttpRequestMessage(method, new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (OffersHttp2)
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower);
        headers?.Invoke(request.Headers);
        if (body is not null)
            request.Content = tellsLength ? new ByteArrayContent(body) : new UntoldContent(body);
        using var response = await (own ?? _client).SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        var all = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        if (_tls.Length > 0)
            all["~tls"] = _tls;
        return new Answer(response.StatusCode, response.Version, all, EchoPods.Read(answer), answer, leaf);
    }

    /// <summary>Asks in TLS for another name than that of the URL's host, which no ready-made client does.</summary>
    public async Task<Answer> SendUnderAsync(string serverName, string url)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_https, limit.Token);
#pragma warning disable CA5359 // As below.
        await using var stream = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, static (_, _, _, _) => true, (_, _, _, _, _) => _certificate!);
#pragma warning restore CA5359
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = serverName, AllowTlsResume = false }, limit.Token);
        var target = new Uri(url);
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET {target.PathAndQuery} HTTP/1.1\r\nhost: {target.Host}\r\nconnection: close\r\n\r\n"), limit.Token);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var text = await reader.ReadToEndAsync(limit.Token);
        var body = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return new Answer((HttpStatusCode)int.Parse(text.AsSpan(9, 3)), HttpVersion.Version11, new Dictionary<string, string>(), EchoPods.Read(body), body, null);
    }

    /// <summary>Sends bytes as they are over a connection of its own; status and the pod's answer.</summary>
    public async Task<(int Status, EchoAnswer? Echo)> SendRawAsync(string request)
    {
        var (status, body) = await ExchangeRawAsync(request);
        return (status, EchoPods.Read(body));
    }

    /// <summary>Sends bytes as they are over a connection of its own; status and the body of whoever answered.</summary>
    /// <param name="rest">What is sent later: after the time that a slow client takes.</param>
    public async Task<(int Status, string Body)> ExchangeRawAsync(string request, string? rest = null, TimeSpan later = default)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_http, limit.Token);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);
        if (rest is not null)
        {
            await Task.Delay(later, limit.Token);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(rest), limit.Token);
        }

        using var reader = new StreamReader(stream, Encoding.Latin1);
        var text = await reader.ReadToEndAsync(limit.Token);
        var body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var status = text.StartsWith("HTTP/", StringComparison.Ordinal) ? int.Parse(text.AsSpan(9, 3)) : 0;
        return (status, body < 0 ? "" : text[(body + 4)..]);
    }

    /// <summary>A pod's server refuses, too, but with nothing in the body: then the request has gone through.</summary>
    public static bool IsRefusalOfTheProxy(string body) => body.StartsWith("<html><body><h1>4", StringComparison.Ordinal);

    public void Dispose() => _client.Dispose();

    /// <summary>In chunks, or over HTTP/2 without a word on its length.</summary>
    private sealed class UntoldContent(byte[] body) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(body).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

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
        PlaintextStreamFilter = (context, _) =>
        {
            if (context.PlaintextStream is SslStream tls)
                _tls = $"{tls.SslProtocol} {tls.NegotiatedCipherSuite} {tls.NegotiatedApplicationProtocol}".TrimEnd();
            return ValueTask.FromResult(context.PlaintextStream);
        },
#pragma warning disable CA5359 // The certificates are the tests' own, self-signed; tests look at the leaf instead.
        SslOptions = new SslClientAuthenticationOptions
        {
            // A resumed session would show the certificate of the first one.
            AllowTlsResume = false,
            EnabledSslProtocols = OffersOldTls ? SslProtocols.Tls12 : SslProtocols.None,
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
