namespace MultiCluster.Cli.Api;

internal static class ServerAddress
{
    /// <summary>An absolute http or https address, perhaps with a path below which the API lies; otherwise null.</summary>
    public static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.Query.Length == 0
        && uri.Fragment.Length == 0
            ? uri
            : null;
}
