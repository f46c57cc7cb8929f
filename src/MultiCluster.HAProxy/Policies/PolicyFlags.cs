namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// Letters that the program looks for in a route's value, one for each kind of rule. Where a rule has a value, its key in the map is the
/// policy's id, ':' and the letter.
/// </summary>
public static class PolicyFlags
{
    public const char Closed = 'x';

    /// <summary>Who is in no network is refused.</summary>
    public const char OnlyAllowed = 'a';

    /// <summary>Who is in no network is let in.</summary>
    public const char SomeDenied = 'd';

    /// <summary>The client's address is in a header of the request.</summary>
    public const char AddressHeader = 'h';

    public const char HttpsRedirect = 's';

    public const char Redirect = 'r';

    public const char AppRoot = 'n';

    public const char Cors = 'o';

    /// <summary>Every origin is told the same, so that answers don't depend on it.</summary>
    public const char AnyOrigin = 'i';

    /// <summary>Every origin is told its own name: credentials go to no "*".</summary>
    public const char EachOrigin = 'k';

    public const char OriginPatterns = 'j';

    public const char BasicAuthentication = 'b';

    /// <summary>A service is asked.</summary>
    public const char ExternalAuthentication = 'g';

    /// <summary>Requests under way.</summary>
    public const char Connections = 'c';

    /// <summary>Some networks are exempt from limits.</summary>
    public const char Exempt = 'e';

    public const char MaxBody = 'z';

    /// <summary>A firewall for applications may turn requests down.</summary>
    public const char Firewall = 'M';

    /// <summary>It is asked, and nothing more.</summary>
    public const char FirewallDetects = 'D';

    /// <summary>Clients show certificates.</summary>
    public const char ClientCertificates = 'm';

    public const char Hsts = 'u';

    /// <summary>Nothing but the first of <see cref="KnownHeaders"/> is set.</summary>
    public const char RequestHeaders = 'q';

    /// <summary>Other headers are, or some are taken away or added; the value is under the other letter.</summary>
    public const char MoreRequestHeaders = 'Q';

    public const char ResponseHeaders = 'y';

    public const char MoreResponseHeaders = 'Y';

    public const char Rewrites = 'w';

    /// <summary>A path's beginning gets another's place.</summary>
    public const char PrefixRewrite = 'W';

    /// <summary>All paths become the same.</summary>
    public const char FixedPath = 'F';

    public const char UpstreamHost = 'v';

    public const char Timeouts = 't';

    public const char ForwardedFor = 'f';

    public const char ForwardedPrefix = 'p';

    /// <summary>The proxy answers itself.</summary>
    public const char Answer = 'A';

    /// <summary>Of addresses and names one is enough.</summary>
    public const char AnyGuard = 'V';

    /// <summary>Of what endpoints say in answers, parts are replaced.</summary>
    public const char Rewritten = 'l';

    public const char Unlogged = 'U';

    /// <summary>Answers are held back.</summary>
    public const char Bandwidth = 'R';

    /// <summary>Answers of the proxy's own have other pages; the status follows in the key.</summary>
    public const char ErrorPages = 'E';

    /// <summary>Another Service takes requests while no server of the route's can.</summary>
    public const char Fallback = 'G';

    /// <summary>A token is asked for.</summary>
    public const char Token = 'T';

    /// <summary>Requests are sent elsewhere besides.</summary>
    public const char Mirror = 'C';

    /// <summary>Lines of the log tell more of requests.</summary>
    public const char Capture = 'H';

    /// <summary>The route is steered: no matter of the policy, but of the same number.</summary>
    public const char Steered = '~';

    /// <summary>Stands for all letters of a policy that has none.</summary>
    public const char None = '-';

    /// <summary>Of requests within a period, by its place in <see cref="Model.Policies.RateLimit.Periods"/>.</summary>
    public static char Period(int index) => (char)('1' + index);

    /// <summary>Under which the hash of a name's password is found that only crypt(3) tells.</summary>
    internal const char PasswordHash = 'K';

    /// <summary>Under which an account's digest is found: that of "name:password", and that of the name and the password's SHA-1.</summary>
    internal const char ClearDigest = 'B';

    internal const char ShaDigest = 'S';

    /// <summary>Under which a page's body is found, by status: as it is, and in one line.</summary>
    internal const char Body = 'P';

    internal const char OneLine = 'L';

    /// <summary>Under which an allowed origin is found.</summary>
    internal const char Origin = 'O';
}
