namespace MultiCluster.Cli;

/// <summary>What mcctl takes from its surroundings.</summary>
/// <param name="Handler">Makes the way to a server; the caller disposes it.</param>
/// <param name="Server">Address used without --server; null is <see cref="DefaultServer"/>.</param>
/// <param name="Colour">The output is a terminal that shows colours.</param>
/// <param name="Person">Somebody who can be asked back: standard input, if it is a terminal.</param>
public sealed record CliContext(
    TextWriter Output,
    TextWriter Error,
    Func<Uri, HttpMessageHandler> Handler,
    TimeProvider Time,
    string? Server = null,
    bool Colour = false,
    TextReader? Person = null)
{
    public const string DefaultServer = "http://127.0.0.1:9070";
    public const string ServerVariable = "MCCTL_SERVER";
    public const string TokenVariable = "MCCTL_TOKEN_FILE";
    public const string AuthorityVariable = "MCCTL_CA_FILE";
    public const string CertificateVariable = "MCCTL_CERT_FILE";
    public const string KeyVariable = "MCCTL_KEY_FILE";

    /// <summary>What is used where no option names a file.</summary>
    public CredentialFiles Files { get; init; } = new(null, null, null, null);

    public static CliContext OfProcess() => new(
        Console.Out,
        Console.Error,
        Connect,
        TimeProvider.System,
        Variable(ServerVariable),
        // https://no-color.org: any value but an empty one.
        !Console.IsOutputRedirected && Variable("NO_COLOR") is null && Variable("TERM") is not (null or "dumb"),
        Console.IsInputRedirected ? null : Console.In)
    {
        Files = new CredentialFiles(Variable(TokenVariable), Variable(AuthorityVariable), Variable(CertificateVariable), Variable(KeyVariable)),
    };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    // A proxy for the web, as http_proxy names it, knows nothing of this machine's loopback.
    private static SocketsHttpHandler Connect(Uri server) => new()
    {
        UseProxy = !server.IsLoopback,
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };
}

/// <param name="Token">With the token that the admin API gets; null for none.</param>
/// <param name="Authority">PEM of who signs the admin API's certificate; null for those of the system.</param>
/// <param name="Certificate">PEM of the caller's own certificate; null for none.</param>
/// <param name="Key">PEM of its key.</param>
public sealed record CredentialFiles(string? Token, string? Authority, string? Certificate, string? Key);
