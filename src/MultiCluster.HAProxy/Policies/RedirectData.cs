using System.Globalization;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>Requests that are sent elsewhere.</summary>
internal static class RedirectData
{
    /// <summary>Scheme before the target, path and query behind it.</summary>
    public const char Host = 'h';

    public const char Prefix = 'p';

    public const char Url = 'u';

    public static void Write(PolicyWriter writer, RoutePolicy policy)
    {
        if (policy.HttpsRedirect is { } https)
        {
            var port = https.Port is { } number ? string.Create(CultureInfo.InvariantCulture, $":{number}") : "";
            writer.Flag(PolicyFlags.HttpsRedirect, string.Create(CultureInfo.InvariantCulture, $"{https.Code}|{port}"), "the redirection to https");
        }

        if (policy.Redirect is { } redirect)
        {
            var kind = redirect.Kind switch
            {
                RedirectionKind.Host => Host,
                RedirectionKind.Prefix => Prefix,
                _ => Url,
            };
            // Without it, requests would be answered by endpoints that they are not meant for.
            if (!writer.Flag(PolicyFlags.Redirect, string.Create(CultureInfo.InvariantCulture, $"{redirect.Code}|{kind}|{PolicyWriter.Text(redirect.Target)}"), "the redirection"))
                writer.Close();
        }

        if (policy.AppRoot is { } root)
            writer.Flag(PolicyFlags.AppRoot, PolicyWriter.Text(root), "the path that \"/\" is redirected to");
    }
}
