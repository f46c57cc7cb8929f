using System.Globalization;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// How far a request has to go through the program's rules: what a route says of its policy begins with the last stage of the frontend's rules
/// and the last of the backend's that have a rule for it.
/// </summary>
internal enum PolicyStage
{
    /// <summary>No rule of the frontend's.</summary>
    None,

    /// <summary>What answers and the log say, whoever answers.</summary>
    Sayings,

    Access,

    Elsewhere,

    Limits,

    Bodies,

    Certificates,

    Guards,

    Tokens,

    /// <summary>No rule of the backend's.</summary>
    Plain,

    /// <summary>How long is waited, and what answers will be changed to.</summary>
    Settings,

    Headers,

    Renaming,

    MoreHeaders,

    Rewriting,
}

internal static class PolicyStages
{
    private const int BackendShift = 4;

    /// <summary>Whose rules are before all stages.</summary>
    private static readonly string Ever = $"{PolicyFlags.None}{PolicyFlags.Unlogged}{PolicyFlags.Steered}";

    /// <summary>Letters of rules by stage. One that is not here goes through all of them.</summary>
    private static readonly (PolicyStage Stage, string Letters)[] Letters =
    [
        (PolicyStage.Sayings, $"{PolicyFlags.Hsts}{PolicyFlags.ErrorPages}{PolicyFlags.Fallback}{PolicyFlags.Capture}"),
        (PolicyStage.Access, $"{PolicyFlags.Closed}{PolicyFlags.OnlyAllowed}{PolicyFlags.SomeDenied}{PolicyFlags.AddressHeader}{PolicyFlags.AnyGuard}"),
        (PolicyStage.Elsewhere, $"{PolicyFlags.HttpsRedirect}{PolicyFlags.Cors}{PolicyFlags.AnyOrigin}{PolicyFlags.EachOrigin}{PolicyFlags.OriginPatterns}{PolicyFlags.Redirect}{PolicyFlags.AppRoot}{PolicyFlags.Answer}"),
        (PolicyStage.Limits, $"12345{PolicyFlags.Connections}{PolicyFlags.Exempt}"),
        (PolicyStage.Bodies, $"{PolicyFlags.MaxBody}"),
        (PolicyStage.Certificates, $"{PolicyFlags.ClientCertificates}"),
        (PolicyStage.Guards, $"{PolicyFlags.BasicAuthentication}{PolicyFlags.ExternalAuthentication}{PolicyFlags.Firewall}{PolicyFlags.FirewallDetects}"),
        (PolicyStage.Tokens, $"{PolicyFlags.Token}"),
        (PolicyStage.Settings, $"{PolicyFlags.Timeouts}{PolicyFlags.ResponseHeaders}{PolicyFlags.MoreResponseHeaders}{PolicyFlags.Rewritten}{PolicyFlags.Bandwidth}{PolicyFlags.Mirror}"),
        (PolicyStage.Headers, $"{PolicyFlags.RequestHeaders}"),
        (PolicyStage.Renaming, $"{PolicyFlags.PrefixRewrite}{PolicyFlags.FixedPath}"),
        (PolicyStage.MoreHeaders, $"{PolicyFlags.ForwardedFor}{PolicyFlags.ForwardedPrefix}{PolicyFlags.UpstreamHost}{PolicyFlags.MoreRequestHeaders}"),
        (PolicyStage.Rewriting, $"{PolicyFlags.Rewrites}"),
    ];

    /// <summary>The bits of a policy's letters.</summary>
    public static long Of(string letters) =>
        NumberOf(Last(letters, PolicyStage.None, PolicyStage.Tokens)) | (NumberOf(Last(letters, PolicyStage.Plain, PolicyStage.Rewriting)) << BackendShift);

    /// <summary>The condition that no stage of a set of rules has one for the request, policy or not.</summary>
    /// <param name="none">Of that set.</param>
    public static string Nothing(PolicyStage none) =>
        string.Create(CultureInfo.InvariantCulture, $"!{{ var(txn.does),and({((1 << BackendShift) - 1) << ShiftOf(none)}) -m bool }}");

    /// <summary>The condition that nothing from a stage on is for the request.</summary>
    public static string Before(PolicyStage stage)
    {
        var shift = ShiftOf(stage);
        return string.Create(CultureInfo.InvariantCulture, $"{{ var(txn.does),and({((1 << BackendShift) - 1) << shift}) lt {NumberOf(stage) << shift} }}");
    }

    private static int ShiftOf(PolicyStage stage) => stage < PolicyStage.Plain ? 0 : BackendShift;

    /// <summary>Among those of its set of rules.</summary>
    private static long NumberOf(PolicyStage stage) => (long)stage % (long)PolicyStage.Plain;

    private static PolicyStage Last(string letters, PolicyStage none, PolicyStage last) => letters.Any(static letter => !IsKnown(letter))
        ? last
        : Letters.Where(item => item.Stage > none && item.Stage <= last && item.Letters.Any(letter => letters.Contains(letter, StringComparison.Ordinal))).Select(static item => item.Stage).DefaultIfEmpty(none).Last();

    private static bool IsKnown(char letter) => Ever.Contains(letter, StringComparison.Ordinal) || Letters.Any(item => item.Letters.Contains(letter, StringComparison.Ordinal));
}
