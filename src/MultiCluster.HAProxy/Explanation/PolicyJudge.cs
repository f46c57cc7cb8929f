using System.Globalization;
using System.Net;
using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Explanation;

/// <summary>
/// A policy's rules in the order in which the program has them, see <see cref="PolicyStages"/>: who may ask, where to ask instead, how much, with
/// whose leave, and what endpoints see.
/// </summary>
public sealed class PolicyJudge
{
    private readonly RoutePolicy _policy;
    private readonly AskedRequest _request;
    private readonly List<string> _steps = [];
    private readonly List<string> _open = [];
    private bool _isVouchedFor;

    private PolicyJudge(RoutePolicy policy, AskedRequest request) => (_policy, _request) = (policy, request);

    public static RequestVerdict Judge(RoutePolicy? policy, AskedRequest request)
    {
        var judge = new PolicyJudge(policy ?? RoutePolicy.None, request);
        var (status, location) = judge.Access() ?? judge.Elsewhere() ?? judge.Limits() ?? judge.Certificates() ?? judge.Guards() ?? (0, null);
        if (status == 0)
            return new RequestVerdict(null, null, judge.Upstream(), [.. judge._steps], [.. judge._open]);
        if (location is null && OwnPage(judge._policy, status) is { } page)
        {
            judge._steps.Add(page.Why);
            (status, location) = (page.Status, page.Location);
        }

        return new RequestVerdict(status, location, null, [.. judge._steps], [.. judge._open]);
    }

    /// <summary>What a page of the policy's own says in the place of an answer of the proxy; null: there is none.</summary>
    public static (int Status, string? Location, string Why)? OwnPage(RoutePolicy? policy, int status) => policy?.ErrorPages.Items.FirstOrDefault(page => page.Status == status) is { } page
        ? (page.Code, page.Headers.Items.LastOrDefault(static header => header.Name == "location")?.Value, Text($"the page for {status} is the Ingress's own, and answers with {page.Code}"))
        : null;

    private (int, string?)? Answer(int status, string why, string? location = null)
    {
        _steps.Add(Text($"{why}: {status}{(location is null ? "" : $", to {location}")}"));
        return (status, location);
    }

    private (int, string?)? Access()
    {
        if (_policy.Closed || (_policy.Sources is null && Data.Flags.Contains(PolicyFlags.Closed, StringComparison.Ordinal)))
            return Answer(403, "a rule that guards access can't be read, so nobody gets in");
        if (_policy.Sources is not { } sources)
            return null;
        var isAnyGuard = Data.Flags.Contains(PolicyFlags.AnyGuard, StringComparison.Ordinal);
        var address = sources.Header is { } header ? AddressIn(_request.Lines(header).LastOrDefault()) : _request.Source;
        if (address is null && sources.Header is null)
        {
            _open.Add("which addresses may ask: say with --from whose the request is");
            return null;
        }

        var network = address is null ? null : Longest(sources, address);
        var isWelcome = address is not null && (network is { } found ? !found.Denies : !sources.OnlyAllowed);
        var who = address is null ? $"no address in {sources.Header}" : network is { Text: var text } ? $"{address} is in {text}" : $"{address} is in no network that is named";
        if (isWelcome)
        {
            _steps.Add($"{who}: let in");
            _isVouchedFor = isAnyGuard;
            return null;
        }

        if (!isAnyGuard)
            return Answer(403, who);
        _steps.Add($"{who}: needs an account instead");
        return null;
    }

    private (int, string?)? Elsewhere()
    {
        if (_policy.Answer is not null)
            return Answer(200, "the proxy answers itself");
        var pathAndQuery = _request.Path + _request.Query;
        if (_policy.HttpsRedirect is { } https && !_request.IsTls)
        {
            var port = https.Port is { } number ? Text($":{number}") : "";
            return _request.Host.Length == 0 ? Answer(400, "requests in clear text go to https, and this one names no host") : Answer(https.Code, "requests in clear text go to https", $"https://{_request.HostWithoutPort}{port}{pathAndQuery}");
        }

        if (_policy.Cors is not null && _request.Method == "OPTIONS" && _request.Header("origin") is not null && _request.Header("access-control-request-method") is not null)
            return Answer(204, "a page of another origin asks what it may do");
        if (_policy.Redirect is { } redirect)
        {
            return Answer(redirect.Code, "requests go elsewhere", redirect.Kind switch
            {
                RedirectionKind.Host => $"{(_request.IsTls ? "https" : "http")}://{redirect.Target}{pathAndQuery}",
                RedirectionKind.Prefix => redirect.Target + pathAndQuery,
                _ => redirect.Target,
            });
        }

        return _policy.AppRoot is { } root && _request.Path == "/" ? Answer(302, "\"/\" goes elsewhere", root) : null;
    }

    private (int, string?)? Limits()
    {
        foreach (var limit in _policy.RateLimits)
        {
            if (_request.Source is { } source && limit.Exempt.Any(network => NetworkKeys.Parse(network) is { } parsed && Sources.Holds(parsed, source)))
                continue;
            var what = limit.Kind == RateLimitKind.Connections ? "requests under way" : Text($"requests in {limit.Period.TotalSeconds} s");
            _open.Add(Text($"a client with more than {limit.Limit} {what} gets {limit.Status}"));
        }

        if (_policy.MaxBodyBytes is not { } most)
            return null;
        if (_request.Header("content-length") is { } length)
            return long.TryParse(length, CultureInfo.InvariantCulture, out var bytes) && bytes > most ? Answer(413, Text($"a body may have {most} bytes")) : null;
        return _request.Header("transfer-encoding") is null ? null : Answer(411, "bodies are measured, and this one does not say how long it is");
    }

    /// <summary>The request shows none.</summary>
    private (int, string?)? Certificates()
    {
        if (_policy.ClientCertificates is not { } certificates)
            return null;
        if (certificates.Verification == ClientVerification.Required)
        {
            var isNginx = certificates.Dialect == CertificateDialect.Nginx;
            return certificates.ErrorPage is { } page
                ? Answer(isNginx ? 302 : 303, "clients show a certificate", page)
                : Answer(isNginx ? 400 : 496, "clients show a certificate");
        }

        return certificates.SubjectPattern is null ? null : Answer(403, "the subject of a certificate has to match");
    }

    private (int, string?)? Guards()
    {
        if (_policy.BasicAuthentication is { } accounts && !_isVouchedFor)
        {
            if (_request.Header("authorization")?.StartsWith("basic ", StringComparison.OrdinalIgnoreCase) != true)
                return Answer(401, Text($"one of {accounts.Users.Count} accounts is needed"));
            _open.Add("whether name and password are right, else 401");
        }

        if (_policy.Firewall is { } mode)
            _open.Add($"what the firewall says of it{(mode == FirewallMode.Deny ? "" : ", which counts for nothing")}");
        if (_policy.ExternalAuthentication is { } external && !_isVouchedFor)
            _open.Add($"what {external.Url} says of it");
        if (_policy.Token is not { } token)
            return null;
        var line = token.Header is { } header ? _request.Header(header) : _request.Header("authorization") is { } given && given.StartsWith("bearer ", StringComparison.OrdinalIgnoreCase) ? given : null;
        if (line is null)
            return Answer(401, $"a token signed by {token.Algorithm} is needed");
        _open.Add("whether the token is good, else 401");
        return null;
    }

    private string Upstream()
    {
        if (_policy.UpstreamHost is { } host)
            _steps.Add($"endpoints see the host {host}");
        if (_policy.Mirror is { } mirror)
            _steps.Add($"a copy goes to {mirror.Target}");
        foreach (var change in _policy.RequestHeaders)
            _steps.Add($"{change.Action.ToString().ToLowerInvariant()} header {change.Name} of the request");
        foreach (var change in _policy.ResponseHeaders)
            _steps.Add($"{change.Action.ToString().ToLowerInvariant()} header {change.Name} of the answer");
        var path = PathJudge.Rewrite(_policy.Rewrites, _request);
        if (path != _request.Path)
            _steps.Add($"endpoints see the path {path}");
        return path;
    }

    private PolicyData Data => field ??= PolicyData.Of(_policy);

    private static (string Text, int Length, bool Denies)? Longest(SourceRules sources, IPAddress address) => sources.Allow.Select(static text => (Text: text, Denies: false))
        .Concat(sources.Deny.Select(static text => (Text: text, Denies: true)))
        .Select(static rule => (rule.Text, Network: NetworkKeys.Parse(rule.Text), rule.Denies))
        .Where(rule => rule.Network is { } network && Sources.Holds(network, address))
        .Select(static rule => (rule.Text, rule.Network!.Value.PrefixLength, rule.Denies))
        .OrderByDescending(static rule => rule.PrefixLength).ThenByDescending(static rule => rule.Denies)
        .Select(static rule => ((string, int, bool)?)rule)
        .FirstOrDefault();

    /// <summary>The last of a list: the nearest proxy wrote it.</summary>
    private static IPAddress? AddressIn(string? line) => line is not null && IPAddress.TryParse(line.Split(',')[^1].Trim(' ', '\t'), out var address) ? address : null;

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
