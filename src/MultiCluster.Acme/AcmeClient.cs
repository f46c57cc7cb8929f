using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MultiCluster.Acme.Http;
using MultiCluster.Acme.Jose;
using MultiCluster.Acme.Protocol;
using MultiCluster.Model.Collections;

namespace MultiCluster.Acme;

/// <summary>
/// One account at one authority. May be used by several orders at once. Nothing is thrown but OperationCanceledException of
/// the caller's own token.
/// </summary>
/// <param name="handler">Not disposed; see <see cref="AcmeHandlers"/>.</param>
public sealed class AcmeClient(AcmeOptions options, AccountKey key, HttpMessageHandler handler, TimeProvider time) : IDisposable
{
    private readonly AcmeTransport _transport = new(options, handler, time);
    private volatile AcmeDirectory? _directory;
    private volatile Uri? _account;

    internal AcmeOptions Options => options;

    internal TimeProvider Time => time;

    internal AccountKey Key => key;

    public void Dispose() => _transport.Dispose();

    /// <summary>The account's URL, which the authority knows it by; made if there is none for the key. Done by each call that needs it.</summary>
    public async Task<AcmeResult<Uri>> RegisterAsync(CancellationToken cancellationToken)
    {
        if (_account is { } known)
            return known;
        const string What = "account";
        if (!options.TermsAgreed)
            return new AcmeError(AcmeErrorKind.Invalid, $"{What}: nobody agreed to the terms of {options.Directory.Authority}; set acme.terms-agreed");
        var directory = await DirectoryAsync(cancellationToken);
        if (!directory.IsOk)
            return directory.Error;
        if (directory.Value.ExternalAccountRequired && options.ExternalAccount is null)
            return new AcmeError(AcmeErrorKind.Invalid, $"{What}: {options.Directory.Authority} gives accounts only to customers; set acme.external-account");
        var sent = await _transport.PostAsync(
            directory.Value, directory.Value.NewAccount, key, account: null, Serialize(Request(directory.Value), AcmeJson.Default.AccountRequest), What, cancellationToken);
        if (!sent.IsOk)
            return sent.Error;
        var status = AcmeReader.Account(sent.Value.Body.Span);
        if (!status.IsOk)
            return status.Error;
        if (status.Value != "valid")
            return new AcmeError(AcmeErrorKind.Refused, $"{What}: {AcmeProblem.Shown(status.Value)}; remove the account key to have a new account made");
        if (sent.Value.Location is not { } url)
            return new AcmeError(AcmeErrorKind.Malformed, $"{What}: made, but without its URL");
        _account = url;
        return url;
    }

    /// <summary>Has the authority tell everyone that the certificate is not to be trusted any more.</summary>
    /// <param name="leaf">DER.</param>
    /// <param name="reason">RFC 5280 §5.3.1: 1 is a key that others know, 4 a certificate replaced, 5 one not used any more.</param>
    /// <returns>Null when it is revoked, also when it was before.</returns>
    public async Task<AcmeError?> RevokeAsync(ReadOnlyMemory<byte> leaf, int? reason, CancellationToken cancellationToken)
    {
        const string What = "revocation";
        var directory = await DirectoryAsync(cancellationToken);
        if (!directory.IsOk)
            return directory.Error;
        if (directory.Value.RevokeCert is not { } url)
            return new AcmeError(AcmeErrorKind.Refused, $"{What}: {options.Directory.Authority} revokes nothing");
        var request = new RevokeRequest(Base64Url.EncodeToString(leaf.Span), reason);
        var sent = await PostAsync(url, Serialize(request, AcmeJson.Default.RevokeRequest), What, cancellationToken);
        return sent.IsOk || sent.Error.Problem?.Type == AcmeProblem.AlreadyRevoked ? null : sent.Error;
    }

    internal async Task<AcmeResult<Placed<Order>>> NewOrderAsync(EquatableArray<string> hosts, CancellationToken cancellationToken)
    {
        var what = $"order for {string.Join(", ", hosts.Items)}";
        var directory = await DirectoryAsync(cancellationToken);
        if (!directory.IsOk)
            return directory.Error;
        var request = new OrderRequest([.. hosts.Items.Select(static host => new IdentifierDocument("dns", host))]);
        var sent = await PostAsync(directory.Value.NewOrder, Serialize(request, AcmeJson.Default.OrderRequest), what, cancellationToken);
        if (!sent.IsOk)
            return sent.Error;
        var order = AcmeReader.Order(sent.Value.Body.Span);
        if (!order.IsOk)
            return order.Error;
        if (order.Value.Hosts != hosts)
            return new AcmeError(AcmeErrorKind.Malformed, $"{what}: the authority took it as one for {AcmeProblem.Shown(string.Join(", ", order.Value.Hosts.Items))}");
        return sent.Value.Location is { } url
            ? new Placed<Order>(url, order.Value, sent.Value.RetryAfter)
            : new AcmeError(AcmeErrorKind.Malformed, $"{what}: made, but without its URL");
    }

    internal async Task<AcmeResult<Placed<Order>>> OrderAsync(Uri url, CancellationToken cancellationToken) =>
        Place(url, await PostAsync(url, ReadOnlyMemory<byte>.Empty, "order", cancellationToken), AcmeReader.Order);

    internal async Task<AcmeResult<Placed<Authorization>>> AuthorizationAsync(Uri url, CancellationToken cancellationToken) =>
        Place(url, await PostAsync(url, ReadOnlyMemory<byte>.Empty, "authorization", cancellationToken), AcmeReader.Authorization);

    /// <summary>Tells the authority that the challenge's answer is there.</summary>
    internal Task<AcmeResult<AcmeResponse>> RespondAsync(OfferedChallenge challenge, string host, CancellationToken cancellationToken) =>
        PostAsync(challenge.Url, "{}"u8.ToArray(), $"challenge for {host}", cancellationToken);

    internal async Task<AcmeResult<Placed<Order>>> FinalizeAsync(Uri order, Uri finalize, byte[] csr, CancellationToken cancellationToken)
    {
        var request = new FinalizeRequest(Base64Url.EncodeToString(csr));
        return Place(order, await PostAsync(finalize, Serialize(request, AcmeJson.Default.FinalizeRequest), "certificate request", cancellationToken), AcmeReader.Order);
    }

    internal Task<AcmeResult<AcmeResponse>> CertificateAsync(Uri url, CancellationToken cancellationToken) =>
        PostAsync(url, ReadOnlyMemory<byte>.Empty, "certificate", cancellationToken);

    private static AcmeResult<Placed<T>> Place<T>(Uri url, AcmeResult<AcmeResponse> sent, Decode<T> decode)
        where T : notnull
    {
        if (!sent.IsOk)
            return sent.Error;
        var read = decode(sent.Value.Body.Span);
        return read.IsOk ? new Placed<T>(url, read.Value, sent.Value.RetryAfter) : read.Error;
    }

    private static byte[] Serialize<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    /// <summary>As the account; an authority that has lost it gets it anew, once.</summary>
    private async Task<AcmeResult<AcmeResponse>> PostAsync(Uri url, ReadOnlyMemory<byte> payload, string what, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var directory = await DirectoryAsync(cancellationToken);
            if (!directory.IsOk)
                return directory.Error;
            var account = await RegisterAsync(cancellationToken);
            if (!account.IsOk)
                return account.Error;
            var sent = await _transport.PostAsync(directory.Value, url, key, account.Value, payload, what, cancellationToken);
            if (sent.IsOk)
                return sent;
            if (sent.Error.Kind is AcmeErrorKind.Malformed or AcmeErrorKind.Unreachable)
                _directory = null;
            if (sent.Error.Kind != AcmeErrorKind.AccountUnknown || attempt > 1)
                return sent;
            _account = null;
        }
    }

    private async Task<AcmeResult<AcmeDirectory>> DirectoryAsync(CancellationToken cancellationToken)
    {
        if (_directory is { } known)
            return known;
        if (AcmeReader.Url(options.Directory.OriginalString) is not { } url)
            return new AcmeError(AcmeErrorKind.Invalid, $"{AcmeProblem.Shown(options.Directory.OriginalString)} is no https URL; acme.directory names the authority's directory");
        var sent = await _transport.GetAsync(url, $"directory {url}", cancellationToken);
        if (!sent.IsOk)
            return sent.Error;
        var directory = AcmeReader.Directory(sent.Value.Body.Span);
        if (directory.IsOk)
            _directory = directory.Value;
        return directory;
    }

    private AccountRequest Request(AcmeDirectory directory)
    {
        JsonElement? binding = null;
        if (options.ExternalAccount is { } external)
        {
            using var parsed = JsonDocument.Parse(Jws.Bind(external, key, directory.NewAccount));
            binding = parsed.RootElement.Clone();
        }

        return new AccountRequest(true, options.Emails.IsEmpty ? null : [.. options.Emails.Items.Select(static email => $"mailto:{email}")], binding);
    }

    private delegate AcmeResult<T> Decode<T>(ReadOnlySpan<byte> json)
        where T : notnull;
}

/// <param name="RetryAfter">When the authority wants to be asked again, if it says.</param>
internal sealed record Placed<T>(Uri Url, T Value, TimeSpan? RetryAfter);
