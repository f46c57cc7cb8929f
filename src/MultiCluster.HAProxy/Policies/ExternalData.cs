using System.Net;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Security;

namespace MultiCluster.HAProxy.Policies;

/// <summary>A service that is asked about every request. Where it can't be asked, nobody gets in.</summary>
internal static class ExternalData
{
    /// <summary>The service is behind a route of the proxy's own.</summary>
    public const string Here = "h";

    /// <summary>Which cookies of the service clients get.</summary>
    public const string Success = "s";

    public const string Always = "a";

    public static void Write(PolicyWriter writer, ExternalAuthentication external)
    {
        if (Problem(external) is { } problem)
        {
            writer.Close($"the service {external.Url} is not asked, so nobody gets in: {problem}");
            return;
        }

        var value = string.Join(
            '|',
            PolicyWriter.Text(external.Url),
            external.Method?.ToLowerInvariant() ?? "",
            Names(external.RequestHeaders),
            Names(external.SuccessHeaders),
            Names(external.FailureHeaders),
            PolicyWriter.Text(external.SignIn ?? ""),
            PolicyWriter.Text(external.Redirect ?? ""),
            external.Cookies switch
            {
                AuthCookies.WithSuccess => Success,
                AuthCookies.Always => Always,
                _ => "",
            },
            HeaderData.ListOf(writer, external.Headers, "headers for the service that is asked").ValuesText(),
            external.Url.StartsWith('/') ? Here : "");
        if (!writer.Flag(PolicyFlags.ExternalAuthentication, value, "the service that is asked"))
            writer.Close();
    }

    private static string Names(IEnumerable<string> patterns) => PolicyWriter.Text(string.Join(' ', patterns));

    /// <summary>
    /// The proxy asks from where it is: whoever may write an Ingress could otherwise reach what listens to its machine alone, or what clouds
    /// tell machines of themselves. A name can lead there too; that is for the network to prevent.
    /// </summary>
    public static string? AddressProblem(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || !text.All(static c => c is > ' ' and <= '~'))
            return "it has no address that can be asked";
        return url.IsLoopback || (IPAddress.TryParse(url.DnsSafeHost, out var address) && MachineAddresses.Holds(address)) ? "it is an address of the proxy's own machine" : null;
    }

    private static string? Problem(ExternalAuthentication external)
    {
        if (external.Method is { } method && method.ToUpperInvariant() is not ("GET" or "HEAD" or "POST" or "PUT" or "DELETE"))
            return $"HAProxy can't ask with {method}";
        // A path is the proxy's own to serve, as any client may ask for it.
        if (external.Url.StartsWith('/') && external.Url.All(static c => c is > ' ' and <= '~'))
            return null;
        return AddressProblem(external.Url);
    }
}
