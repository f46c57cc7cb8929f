using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MultiCluster.Model.Collections;

namespace MultiCluster.Acme.Protocol;

/// <summary>From JSON of the authority to what we work with. Whatever comes, nothing is thrown; unknown members are skipped (RFC 8555 §7.1).</summary>
internal static class AcmeReader
{
    private const string HttpChallengeType = "http-01";
    private const int MaxToken = 128;
    private const int MaxUrl = 2048;

    /// <summary>RFC 8555 §8.3 asks for 128 bits at least; that is 22 characters.</summary>
    private const int MinToken = 22;

    public static AcmeResult<AcmeDirectory> Directory(ReadOnlySpan<byte> json)
    {
        if (Parse(json, AcmeJson.Default.DirectoryDocument) is not { } document)
            return Malformed("the directory is no JSON of an ACME directory; acme.directory names the authority's directory URL");
        if (Url(document.NewNonce) is not { } nonce || Url(document.NewAccount) is not { } account || Url(document.NewOrder) is not { } order)
            return Malformed("the directory lacks newNonce, newAccount or newOrder with an https URL; is it one of ACME v2?");
        return new AcmeDirectory(nonce, account, order)
        {
            RevokeCert = Url(document.RevokeCert),
            TermsOfService = document.Meta?.TermsOfService,
            ExternalAccountRequired = document.Meta?.ExternalAccountRequired ?? false,
        };
    }

    /// <returns>The account's status.</returns>
    public static AcmeResult<string> Account(ReadOnlySpan<byte> json) =>
        Parse(json, AcmeJson.Default.AccountDocument)?.Status is { } status ? status : Malformed("the account has no status");

    public static AcmeResult<Order> Order(ReadOnlySpan<byte> json)
    {
        if (Parse(json, AcmeJson.Default.OrderDocument) is not { } document || Url(document.Finalize) is not { } finalize)
            return Malformed("the order is no JSON of an order with an https URL to finalize it");
        if (!Enum.TryParse<OrderStatus>(Pascal(document.Status), out var status))
            return Malformed($"the order has the unknown status {AcmeProblem.Shown(document.Status ?? "null")}");
        var urls = document.Authorizations ?? [];
        if (urls.Length == 0 || urls.Any(static url => Url(url) is null))
            return Malformed("the order has no authorizations with https URLs");
        var certificate = Url(document.Certificate);
        if (status == OrderStatus.Valid && certificate is null)
            return Malformed("the order is valid but says not where its certificate is");
        var hosts = Present(document.Identifiers).Select(static identifier => (identifier.Value ?? "").ToLowerInvariant());
        return new Order(
            status, hosts.Order(StringComparer.Ordinal).ToEquatableArray(), urls.ToEquatableArray(), finalize, certificate,
            document.Error is { } error ? Problem(error) : null);
    }

    public static AcmeResult<Authorization> Authorization(ReadOnlySpan<byte> json)
    {
        if (Parse(json, AcmeJson.Default.AuthorizationDocument) is not { Identifier.Value: { Length: > 0 } host } document)
            return Malformed("the authorization is no JSON of an authorization with an identifier");
        if (!Enum.TryParse<AuthorizationStatus>(Pascal(document.Status), out var status))
            return Malformed($"the authorization has the unknown status {AcmeProblem.Shown(document.Status ?? "null")}");
        var challenges = Present(document.Challenges).ToList();
        var http = challenges.Find(static challenge => challenge.Type == HttpChallengeType);
        if (http is not null && !IsToken(http.Token))
            return Malformed($"the challenge for {AcmeProblem.Shown(host)} has a token that is none");
        if (http is not null && Url(http.Url) is null)
            return Malformed($"the challenge for {AcmeProblem.Shown(host)} has no https URL");
        return new Authorization(
            host.ToLowerInvariant(), status, http is null ? null : Challenge(http),
            challenges.Select(static challenge => AcmeProblem.Shown(challenge.Type ?? "")).ToEquatableArray());
    }

    /// <returns>Null: that is none.</returns>
    public static AcmeProblem? Problem(ReadOnlySpan<byte> json) =>
        Parse(json, AcmeJson.Default.ProblemDocument) is { } document && (document.Type ?? document.Detail) is not null ? Problem(document) : null;

    public static Uri? Url(string? text) =>
        text is { Length: <= MaxUrl } && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps ? url : null;

    internal static bool IsToken(string? token) =>
        token is { Length: >= MinToken and <= MaxToken } && token.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static OfferedChallenge Challenge(ChallengeDocument document)
    {
        // A status that we don't know is one that is under way: time limits it.
        if (!Enum.TryParse<ChallengeStatus>(Pascal(document.Status), out var status))
            status = ChallengeStatus.Processing;
        var last = Present(document.ValidationRecord).LastOrDefault();
        var looked = last switch
        {
            { Url: { } url, AddressUsed: { Length: > 0 } address } => AcmeProblem.Shown($"{url} at {address}"),
            { Url: { } url } => AcmeProblem.Shown(url),
            _ => "",
        };
        return new OfferedChallenge(Url(document.Url)!, status, document.Token!, document.Error is { } error ? Problem(error) : null, looked);
    }

    private static AcmeProblem Problem(ProblemDocument document)
    {
        const string Prefix = "urn:ietf:params:acme:error:";
        var type = document.Type ?? "";
        return new AcmeProblem(type.StartsWith(Prefix, StringComparison.Ordinal) ? type[Prefix.Length..] : type, document.Detail ?? "", document.Identifier?.Value)
        {
            Subproblems = Present(document.Subproblems).Select(Problem).ToEquatableArray(),
        };
    }

    /// <summary>Numbers and lists, which an enum would be read from too, are none of the authority's words.</summary>
    private static string Pascal(string? status) =>
        status is { Length: > 0 } && status.All(char.IsAsciiLetterLower) ? char.ToUpperInvariant(status[0]) + status[1..] : "";

    private static T? Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>JSON may hold a null wherever there should be an object.</summary>
    private static IEnumerable<T> Present<T>(T?[]? items)
        where T : class => (items ?? []).OfType<T>();

    private static AcmeError Malformed(string message) => new(AcmeErrorKind.Malformed, message);
}
