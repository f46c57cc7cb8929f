using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.Kubernetes.Credentials;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Model.Identity;

namespace MultiCluster.Kubernetes.Client;

/// <summary>
/// One API server. Every failure (refused, unreachable, timed out, not Kubernetes at all) is an <see cref="ApiError"/>;
/// only the caller's own cancellation throws. Thread-safe.
/// </summary>
public sealed class KubernetesClient : IApiConnection, IDisposable
{
    internal const string Json = "application/json";
    internal const string MergePatch = "application/merge-patch+json";
    internal const string ApplyPatch = "application/apply-patch+yaml";

    /// <summary>An API server answers in seconds even when it is busy; the largest page takes a few.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Those before have long been idle: nothing is left of them but memory.</summary>
    private const int MaxRetired = 4;

    private readonly KubeConfig _config;
    private readonly TimeProvider _time;
    private readonly ConnectionTiming _timing;
    private readonly ICredentialSource _credentials;
    private readonly Lock _lock = new();
    private readonly List<HttpClient> _retired = [];
    private HttpClient _http;
    private X509Certificate2? _certificate;

    /// <param name="timing">Null for that of lists and watches.</param>
    public KubernetesClient(KubeConfig config, TimeProvider time, ConnectionTiming? timing = null)
    {
        _config = config;
        _time = time;
        _timing = timing ?? new ConnectionTiming();
        _http = HttpTransport.CreateClient(config, _timing);
        _certificate = config.ClientCertificate;
        _credentials = CredentialSources.Of(config, time);
    }

    public Uri Server => _config.Server;

    /// <summary>Told of each refusal of the credential (401), on the thread of the request.</summary>
    internal Action? Unauthorized { get; init; }

    /// <summary>This client itself, whose owner closes it.</summary>
    public ClientLease Take() => new(this);

    /// <summary>The object's JSON.</summary>
    public Task<ApiResult<byte[]>> GetAsync(ResourcePath resource, ObjectKey key, CancellationToken cancellationToken) =>
        SendForBytesAsync(HttpMethod.Get, resource.Item(key), null, default, cancellationToken);

    public Task<ApiResult<byte[]>> DeleteAsync(ResourcePath resource, ObjectKey key, CancellationToken cancellationToken) =>
        SendForBytesAsync(HttpMethod.Delete, resource.Item(key), null, default, cancellationToken);

    /// <param name="options">JSON of meta/v1 DeleteOptions, such as preconditions.</param>
    public Task<ApiResult<byte[]>> DeleteAsync(
        ResourcePath resource, ObjectKey key, ReadOnlyMemory<byte> options, CancellationToken cancellationToken) =>
        SendForBytesAsync(HttpMethod.Delete, resource.Item(key), Json, options, cancellationToken);

    /// <summary>PUT: the object becomes what <paramref name="json"/> says, if it is still at the uid and resourceVersion named there.</summary>
    public Task<ApiResult<byte[]>> ReplaceAsync(ResourcePath resource, ObjectKey key, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        SendForBytesAsync(HttpMethod.Put, resource.Item(key), Json, json, cancellationToken);

    public Task<ApiResult<byte[]>> CreateAsync(ResourcePath resource, string? inNamespace, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        SendForBytesAsync(HttpMethod.Post, resource.Collection(inNamespace), Json, json, cancellationToken);

    /// <summary>JSON merge patch (RFC 7396).</summary>
    /// <param name="subresource">Such as status; null for the object itself.</param>
    public Task<ApiResult<byte[]>> MergePatchAsync(
        ResourcePath resource, ObjectKey key, string? subresource, ReadOnlyMemory<byte> patch, CancellationToken cancellationToken) =>
        SendForBytesAsync(
            HttpMethod.Patch, subresource is null ? resource.Item(key) : $"{resource.Item(key)}/{subresource}", MergePatch, patch, cancellationToken);

    /// <summary>Server-side apply, taking over fields that others own.</summary>
    public Task<ApiResult<byte[]>> ApplyAsync(
        ResourcePath resource, ObjectKey key, ReadOnlyMemory<byte> json, string fieldManager, CancellationToken cancellationToken) =>
        SendForBytesAsync(
            HttpMethod.Patch,
            $"{resource.Item(key)}?force=true&fieldManager={Uri.EscapeDataString(fieldManager)}",
            ApplyPatch,
            json,
            cancellationToken);

    public void Dispose()
    {
        _retired.ForEach(static http => http.Dispose());
        _http.Dispose();
    }

    /// <summary>Sends a GET and returns the answer with its headers read and its status checked; the body is still to come.</summary>
    /// <param name="timeout">For the headers.</param>
    /// <param name="accept">The form of the answer.</param>
    internal async Task<ApiResult<HttpResponseMessage>> OpenAsync(string path, bool gzip, TimeSpan timeout, CancellationToken cancellationToken, string accept = Json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        if (gzip)
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var timer = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await SendAsync(request, either.Token);
        }
        catch (Exception e) when (IsTransport(e, cancellationToken))
        {
            return TransportError(e);
        }
    }

    internal async Task<ApiError?> ReadBodyAsync(HttpResponseMessage response, PooledBody body, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            await ReadAsync(response, body, either.Token);
            return null;
        }
        catch (Exception e) when (IsTransport(e, cancellationToken))
        {
            return TransportError(e);
        }
    }

    internal ApiError TransportError(Exception exception) => exception switch
    {
        OperationCanceledException => new ApiError(0, ApiError.Timeout, $"{Server} did not answer in time"),
        { InnerException: AuthenticationException tls } => new ApiError(0, ApiError.Unreachable, $"TLS with {Server} failed: {tls.Message}"),
        _ => new ApiError(0, ApiError.Unreachable, $"{Server}: {exception.Message}"),
    };

    /// <summary>A failure of the way there and back, as opposed to the caller's own cancellation or a bug.</summary>
    internal static bool IsTransport(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        HttpRequestException or IOException or InvalidDataException => true,
        _ => false,
    };

    private async Task<ApiResult<byte[]>> SendForBytesAsync(
        HttpMethod method, string path, string? contentType, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (contentType is not null)
        {
            request.Content = new ReadOnlyMemoryContent(content);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        using var timer = new CancellationTokenSource(RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            var sent = await SendAsync(request, either.Token);
            if (!sent.Succeeded)
                return sent.Error;
            using var response = sent.Value;
            using var body = new PooledBody();
            await ReadAsync(response, body, either.Token);
            return body.Span.ToArray();
        }
        catch (Exception e) when (IsTransport(e, cancellationToken))
        {
            return TransportError(e);
        }
    }

    private async Task<ApiResult<HttpResponseMessage>> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (credential, error) = await _credentials.GetAsync(cancellationToken);
        if (credential is null)
            return new ApiError(0, ApiError.Credentials, error!);
        if (credential.Token is { } unusable && !BearerToken.IsUsable(unusable))
            return new ApiError(0, ApiError.Credentials, BearerToken.Problem);
        if (credential.Token is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        // HTTP/2 by ALPN where there is TLS, HTTP/1.1 in the clear.
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        if (request.Headers.Accept.Count == 0)
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Json));

        // The handler takes SNI and the name to verify from here.
        request.Headers.Host = _config.TlsServerName;
        var response = await HttpFor(credential).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode && IsJson(response))
            return response;
        using (response)
        {
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                _credentials.Refused(credential);
                Unauthorized?.Invoke();
            }

            return await ErrorOfAsync(response, cancellationToken);
        }
    }

    /// <summary>
    /// Connections belong to a certificate. Those of an earlier one serve what is under way, watches above all, and are closed when they have been idle.
    /// </summary>
    private HttpClient HttpFor(Credential credential)
    {
        lock (_lock)
        {
            if (credential.Certificate is not { } certificate || ReferenceEquals(certificate, _certificate))
                return _http;
            _retired.Add(_http);
            if (_retired.Count > MaxRetired)
                _retired.RemoveAt(0);
            _certificate = certificate;
            return _http = HttpTransport.CreateClient(_config with { ClientCertificate = certificate }, _timing);
        }
    }

    private async Task<ApiError> ErrorOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = new PooledBody();
        await ReadAsync(response, body, cancellationToken);
        var code = (int)response.StatusCode;
        var retryAfter = RetryAfter(response.Headers.RetryAfter);
        if (ResourceDecoder.DecodeStatus(body.Span) is { } status)
            return ApiError.From(status with { Code = code < 300 ? status.Code : code }, retryAfter);
        var type = response.Content.Headers.ContentType?.MediaType ?? "no content type";
        return code < 300
            ? new ApiError(0, ApiError.NotKubernetes, $"{Server} answers {type} instead of JSON; is it an API server?")
            : new ApiError(code, response.StatusCode.ToString(), $"{Server} answers {code} with {type} and no Status", retryAfter);
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);

    private static bool IsJson(HttpResponseMessage response) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, Json, StringComparison.OrdinalIgnoreCase);

    private static async Task ReadAsync(HttpResponseMessage response, PooledBody body, CancellationToken cancellationToken)
    {
        await using var raw = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (!response.Content.Headers.ContentEncoding.Contains("gzip"))
        {
            await body.ReadAsync(raw, cancellationToken);
            return;
        }

        await using var plain = new GZipStream(raw, CompressionMode.Decompress);
        await body.ReadAsync(plain, cancellationToken);
    }
}
