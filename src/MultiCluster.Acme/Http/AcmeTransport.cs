using System.Net.Http.Headers;
using System.Security.Authentication;
using MultiCluster.Acme.Jose;
using MultiCluster.Acme.Protocol;

namespace MultiCluster.Acme.Http;

/// <summary>One request and its answer: nonces, signatures, time-outs. Whatever goes wrong on the way is a value.</summary>
internal sealed class AcmeTransport : IDisposable
{
    /// <summary>In bytes; a chain has a few thousand.</summary>
    private const int MaxBody = 1 << 20;

    private static readonly MediaTypeHeaderValue JoseJson = new("application/jose+json");

    private readonly AcmeOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly Nonces _nonces = new();

    public AcmeTransport(AcmeOptions options, HttpMessageHandler handler, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _http = new HttpClient(handler, disposeHandler: false) { MaxResponseContentBufferSize = MaxBody, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(options.UserAgent);
        _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
    }

    public void Dispose() => _http.Dispose();

    public async Task<AcmeResult<AcmeResponse>> GetAsync(Uri url, string what, CancellationToken cancellationToken)
    {
        var sent = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, url), what, cancellationToken);
        return Judge(sent, what);
    }

    /// <param name="payload">Empty for POST-as-GET.</param>
    public async Task<AcmeResult<AcmeResponse>> PostAsync(
        AcmeDirectory directory, Uri url, AccountKey key, Uri? account, ReadOnlyMemory<byte> payload, string what, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var nonce = await NonceAsync(directory, what, cancellationToken);
            if (!nonce.IsOk)
                return nonce.Error;
            var body = Jws.Sign(key, url, nonce.Value, account, payload.Span);
            var sent = await SendAsync(() => Post(url, body), what, cancellationToken);
            if (!sent.IsOk)
                return sent;
            if (sent.Value.IsSuccess || AcmeReader.Problem(sent.Value.Body.Span)?.Type != AcmeProblem.BadNonce || attempt >= _options.NonceAttempts)
                return Judge(sent, what);
            _nonces.Forget();
            _nonces.Keep(sent.Value.Nonce);
        }
    }

    private static HttpRequestMessage Post(Uri url, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = JoseJson;
        return new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
    }

    private AcmeResult<AcmeResponse> Judge(AcmeResult<AcmeResponse> sent, string what)
    {
        if (!sent.IsOk)
            return sent;
        // A refused request leaves its nonce's successor, too.
        _nonces.Keep(sent.Value.Nonce);
        return sent.Value.IsSuccess ? sent : sent.Value.Error(what, _time.GetUtcNow());
    }

    private async Task<AcmeResult<string>> NonceAsync(AcmeDirectory directory, string what, CancellationToken cancellationToken)
    {
        if (_nonces.Take() is { } kept)
            return kept;
        var sent = await SendAsync(() => new HttpRequestMessage(HttpMethod.Head, directory.NewNonce), what, cancellationToken);
        if (!sent.IsOk)
            return sent.Error;
        if (sent.Value is { IsSuccess: true, Nonce: { } nonce })
            return nonce;
        return sent.Value.IsSuccess
            ? new AcmeError(AcmeErrorKind.Malformed, $"{what}: {directory.NewNonce} gave no nonce")
            : sent.Value.Error(what, _time.GetUtcNow());
    }

    private async Task<AcmeResult<AcmeResponse>> SendAsync(Func<HttpRequestMessage> make, string what, CancellationToken cancellationToken)
    {
        using var request = make();
        using var deadline = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            return AcmeResponse.Of(response, body, _time.GetUtcNow());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unreachable($"{what}: no answer from {request.RequestUri?.Authority} within {_options.RequestTimeout.TotalSeconds:0} s");
        }
        catch (HttpRequestException error)
        {
            var hint = error.InnerException is AuthenticationException ? "; a private authority's own certificate has to be trusted (acme.authorities)" : "";
            return Unreachable($"{what}: {request.RequestUri?.Authority}: {Reason(error)}{hint}");
        }
        catch (IOException error)
        {
            return Unreachable($"{what}: {request.RequestUri?.Authority}: {Reason(error)}");
        }
    }

    private static string Reason(Exception error) =>
        AcmeProblem.Shown(error.InnerException is { } inner ? $"{error.Message} ({inner.Message})" : error.Message);

    private static AcmeError Unreachable(string message) => new(AcmeErrorKind.Unreachable, message);
}
