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

    /// <param name="option">As given with --server.</param>
    /// <param name="error">Names the option or variable that is wrong; null with an address.</param>
    public static Uri? Resolve(string? option, CliContext context, out string? error)
    {
        var address = option ?? context.Server ?? CliContext.DefaultServer;
        var server = Parse(address);
        error = server is null ? $"{(option is null ? CliContext.ServerVariable : "--server")}: '{address}' is no address such as {CliContext.DefaultServer}" : null;
        return server;
    }
}
