using System.Net;
using Microsoft.AspNetCore.Http;
using MultiCluster.Model.Admin;

namespace MultiCluster.Host.Admin;

/// <summary>Who may call the admin API, and do what.</summary>
/// <param name="Hosts">Names that it may be called by, lower case.</param>
/// <param name="Tokens">Null: there are none. Without certificates, too, whoever is on this machine may do all, and others look.</param>
/// <param name="TakesCertificates">Callers may show one that TLS has verified.</param>
internal sealed record AdminGate(IReadOnlyList<string> Hosts, AdminTokenFile? Tokens, bool TakesCertificates, TimeProvider Time)
{
    private const string Scheme = "Bearer ";

    /// <returns>Who calls, or why the call is refused.</returns>
    public (AdminCaller? Caller, ProblemView? Refusal) Judge(HttpContext call)
    {
        var request = call.Request;
        if (!HostGuard.Admits(request.Host, Hosts))
            return (null, new ProblemView("Host refused", 421, "the admin API is called by IP address, as localhost, or by a name of admin.hosts"));
        // A browser says where the page comes from that sends a request which changes something; mcctl says nothing of the kind.
        if (!HttpMethods.IsGet(request.Method) && (request.Headers.ContainsKey("Origin") || request.Headers.ContainsKey("Sec-Fetch-Site")))
            return (null, new ProblemView("Origin refused", 403, "what changes something is not taken from web pages: use mcctl"));
        var metadata = call.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<OpenToAll>() is not null)
            return (new AdminCaller("", AdminRole.View), null);
        var needed = metadata?.GetMetadata<Needs>()?.Role ?? (HttpMethods.IsGet(request.Method) ? AdminRole.View : AdminRole.Operate);
        // A token counts before a certificate: it is what somebody has asked for with this call.
        if (TakesCertificates && call.Connection.ClientCertificate is { } certificate && (Tokens is null || request.Headers.Authorization.Count == 0))
            return CertificateCaller.Judge(certificate, needed, Time.GetUtcNow());
        if (Tokens is { } file)
            return ByToken(file.Current, request, needed);
        return TakesCertificates
            ? (null, new ProblemView("Certificate missing", 401, "the admin API wants a certificate: mcctl --cert-file FILE --key-file FILE, or MCCTL_CERT_FILE and MCCTL_KEY_FILE"))
            : ByPlace(call.Connection.RemoteIpAddress, needed);
    }

    private static (AdminCaller?, ProblemView?) ByToken(AdminTokens tokens, HttpRequest request, AdminRole needed)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return (null, new ProblemView("Token missing", 401, "the admin API wants a token: mcctl --token-file FILE, or MCCTL_TOKEN_FILE"));
        if (tokens.Find(header[Scheme.Length..].Trim()) is not { } caller)
            return (null, new ProblemView("Token refused", 401, "nobody has this token (any more): \"mcctl token new\" makes one, whose line goes into the file of admin.tokens-file"));
        return ByRole(caller, needed);
    }

    public static (AdminCaller?, ProblemView?) ByRole(AdminCaller caller, AdminRole needed) => caller.Role >= needed
        ? (caller, null)
        : (null, new ProblemView("Not allowed", 403, $"{caller.Name} has role {Word(caller.Role)}, and this needs {Word(needed)}"));

    private static (AdminCaller?, ProblemView?) ByPlace(IPAddress? address, AdminRole needed)
    {
        var isHere = address is null || IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        return isHere || needed == AdminRole.View
            ? (new AdminCaller("", AdminRole.Admin), null)
            : (null, new ProblemView("Not allowed", 403, "without admin.tokens-file changes are taken from the controller's own machine only"));
    }

    private static string Word(AdminRole role) => role.ToString().ToLowerInvariant();
}
