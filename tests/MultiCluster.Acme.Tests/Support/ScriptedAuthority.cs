using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace MultiCluster.Acme.Tests.Support;

/// <summary>An authority in memory that proves every host at once, unless a test has it say something else: what pebble can't be made to do.</summary>
internal sealed class ScriptedAuthority(TimeProvider time) : HttpMessageHandler
{
    public const string Token = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
    private const string Base = "https://ca.example";

    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpResponseMessage>>> _instead = new(StringComparer.Ordinal);
    private int _nonces;
    private string _order = "pending";
    private byte[]? _csr;

    public static AcmeOptions Options { get; } = new(new Uri($"{Base}/dir")) { TermsAgreed = true };

    /// <summary>Paths asked for, with the time.</summary>
    public ConcurrentQueue<(string Path, DateTimeOffset At)> Asked { get; } = new();

    public ConcurrentQueue<string> Nonces { get; } = new();

    /// <summary>The host that orders and authorizations are said to be for.</summary>
    public string Host { get; set; } = "shop.example";

    /// <summary>From the certificate request to the PEM of the answer.</summary>
    public Func<CertificateRequest, string> Issue { get; set; } = request => Sign(request);

    /// <summary>As if the challenge had been answered.</summary>
    public void Prove() => _order = "ready";

    public int Count(string path) => Asked.Count(one => one.Path == path);

    /// <summary>The next answers for a path.</summary>
    public void Say(string path, params Func<HttpResponseMessage>[] answers)
    {
        var queue = _instead.GetOrAdd(path, static _ => new ConcurrentQueue<Func<HttpResponseMessage>>());
        foreach (var answer in answers)
            queue.Enqueue(answer);
    }

    public static HttpResponseMessage Problem(HttpStatusCode status, string type, string detail = "", string? retryAfter = null)
    {
        var answer = Json(status, JsonSerializer.Serialize(new { type = $"urn:ietf:params:acme:error:{type}", detail }));
        if (retryAfter is not null)
            answer.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return answer;
    }

    public static HttpResponseMessage Json(HttpStatusCode status, string json) => new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public HttpResponseMessage PendingOrder(string retryAfter)
    {
        var answer = Order("pending");
        answer.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return answer;
    }

    public HttpResponseMessage PendingAuthorization() => Authorization("pending", "processing");

    public static string Sign(CertificateRequest request, ECDsa? otherKey = null, TimeSpan? life = null, string? name = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=Test Root", key, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var from = new DateTimeOffset(2025, 12, 31, 0, 0, 0, TimeSpan.Zero);
        using var issuer = root.CreateSelfSigned(from, from.AddYears(2));
        var leaf = otherKey is null ? new CertificateRequest(new X500DistinguishedName(""), request.PublicKey, HashAlgorithmName.SHA256) : new CertificateRequest("", otherKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in request.CertificateExtensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames())
            names.AddDnsName(name ?? host);
        leaf.CertificateExtensions.Add(names.Build());
        using var certificate = leaf.Create(issuer, from, from + (life ?? TimeSpan.FromDays(90)), [1, 2, 3]);
        return certificate.ExportCertificatePem() + "\n" + issuer.ExportCertificatePem() + "\n";
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        Asked.Enqueue((path, time.GetUtcNow()));
        using var payload = await PayloadAsync(request, cancellationToken);
        var answer = _instead.TryGetValue(path, out var queue) && queue.TryDequeue(out var instead) ? instead() : Answer(path, payload);
        if (path != "/dir")
            answer.Headers.TryAddWithoutValidation("Replay-Nonce", string.Create(CultureInfo.InvariantCulture, $"nonce-{Interlocked.Increment(ref _nonces)}"));
        return answer;
    }

    private HttpResponseMessage Answer(string path, JsonDocument? payload)
    {
        switch (path)
        {
            case "/dir":
                return Json(HttpStatusCode.OK, $$"""{"newNonce":"{{Base}}/nonce","newAccount":"{{Base}}/account","newOrder":"{{Base}}/new","revokeCert":"{{Base}}/revoke"}""");
            case "/account":
                return At(Json(HttpStatusCode.Created, """{"status":"valid"}"""), $"{Base}/account/1");
            case "/new":
                return At(Order(_order), $"{Base}/order");
            case "/order":
                return Order(_order);
            case "/authorization":
                return Authorization(_order == "pending" ? "pending" : "valid", _order == "pending" ? "pending" : "valid");
            case "/challenge":
                Prove();
                return Json(HttpStatusCode.OK, "{}");
            case "/finalize":
                _csr = Base64Url.DecodeFromChars(payload!.RootElement.GetProperty("csr").GetString());
                _order = "valid";
                return Order(_order);
            case "/certificate":
                return new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent(Issue(CertificateRequest.LoadSigningRequest(_csr!, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions))),
                };
            default:
                return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }

    private HttpResponseMessage Order(string status) => Json(HttpStatusCode.OK, $$"""
        {"status":"{{status}}","identifiers":[{"type":"dns","value":"{{Host}}"}],"authorizations":["{{Base}}/authorization"],
         "finalize":"{{Base}}/finalize","certificate":"{{Base}}/certificate"}
        """);

    private HttpResponseMessage Authorization(string status, string challenge) => Json(HttpStatusCode.OK, $$"""
        {"status":"{{status}}","identifier":{"type":"dns","value":"{{Host}}"},
         "challenges":[{"type":"http-01","url":"{{Base}}/challenge","status":"{{challenge}}","token":"{{Token}}"}]}
        """);

    private static HttpResponseMessage At(HttpResponseMessage answer, string url)
    {
        answer.Headers.Location = new Uri(url);
        return answer;
    }

    private async Task<JsonDocument?> PayloadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null)
            return null;
        Assert.Equal("application/jose+json", request.Content.Headers.ContentType?.ToString());
        using var body = JsonDocument.Parse(await request.Content.ReadAsStringAsync(cancellationToken));
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(body.RootElement.GetProperty("protected").GetString()));
        Nonces.Enqueue(header.RootElement.GetProperty("nonce").GetString()!);
        Assert.Equal(request.RequestUri!.OriginalString, header.RootElement.GetProperty("url").GetString());
        var payload = Base64Url.DecodeFromChars(body.RootElement.GetProperty("payload").GetString());
        return payload.Length == 0 ? null : JsonDocument.Parse(payload);
    }
}
