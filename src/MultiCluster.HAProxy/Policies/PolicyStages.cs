namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// How far a request has to go through the program's rules: a route's value has, before the letters of its policy, the last stage of the
/// frontend's rules and the last of the backend's that have a rule for it.
/// </summary>
internal static class PolicyStages
{
    /// <summary>Of the frontend's rules, in order; '0' stands for none of them.</summary>
    public const char Access = '6';

    public const char Elsewhere = '7';

    public const char Limits = '8';

    public const char Certificates = '9';

    /// <summary>Of the backend's, in order; '.' stands for none of them.</summary>
    public const char Guards = '/';

    public const char Changes = ':';

    public const char Rewriting = '@';

    private const string Frontend = "06789";

    private const string Backend = "./:@";

    /// <summary>Whose rules are before all stages.</summary>
    private static readonly string Ever = $"{PolicyFlags.None}{PolicyFlags.Hsts}";

    /// <summary>Letters of rules by stage. One that is not here goes through all of them.</summary>
    private static readonly (char Stage, string Letters)[] Letters =
    [
        (Access, $"{PolicyFlags.Closed}{PolicyFlags.OnlyAllowed}{PolicyFlags.SomeDenied}{PolicyFlags.AddressHeader}"),
        (Elsewhere, $"{PolicyFlags.HttpsRedirect}{PolicyFlags.Cors}{PolicyFlags.AnyOrigin}{PolicyFlags.EachOrigin}{PolicyFlags.OriginPatterns}{PolicyFlags.Redirect}{PolicyFlags.AppRoot}{PolicyFlags.Answer}"),
        (Limits, $"12345{PolicyFlags.Connections}{PolicyFlags.Exempt}{PolicyFlags.MaxBody}"),
        (Certificates, $"{PolicyFlags.ClientCertificates}"),
        (Guards, $"{PolicyFlags.BasicAuthentication}{PolicyFlags.ExternalAuthentication}"),
        (Changes, $"{PolicyFlags.RequestHeaders}{PolicyFlags.ResponseHeaders}{PolicyFlags.UpstreamHost}{PolicyFlags.Timeouts}{PolicyFlags.ForwardedFor}{PolicyFlags.ForwardedPrefix}"),
        (Rewriting, $"{PolicyFlags.Rewrites}"),
    ];

    /// <summary>What stands before a policy's letters.</summary>
    public static string Of(string letters) => $"{Last(Frontend, letters)}{Last(Backend, letters)}";

    /// <summary>The condition that nothing from a stage on is for the request.</summary>
    public static string Before(char stage) => Frontend.Contains(stage, StringComparison.Ordinal)
        ? $"{{ var(txn.does) -m beg {string.Join(' ', Frontend[..Frontend.IndexOf(stage, StringComparison.Ordinal)].ToCharArray())} }}"
        : $"{{ var(txn.does) -m sub {string.Join(' ', Backend[..Backend.IndexOf(stage, StringComparison.Ordinal)].ToCharArray())} }}";

    private static char Last(string stages, string letters) => letters.Any(static letter => !IsKnown(letter))
        ? stages[^1]
        : stages.Last(stage => stage == stages[0] || Letters.Any(item => item.Stage == stage && item.Letters.AsSpan().IndexOfAny(letters) >= 0));

    private static bool IsKnown(char letter) => Ever.Contains(letter, StringComparison.Ordinal) || Letters.Any(item => item.Letters.Contains(letter, StringComparison.Ordinal));
}
