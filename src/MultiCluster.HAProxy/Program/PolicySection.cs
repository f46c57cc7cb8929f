using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// What only requests of routes with a policy come to: an Ingress's own rules. Each looks for its letter among those of the policy and finds
/// what it needs in the maps, under the policy's id.
/// <para>
/// Who may not ask is told so first, then where to ask instead, and only what is let in is changed: that is the backend's matter, see
/// <see cref="ChangeSection"/>. What is answered without an endpoint is answered by <see cref="AnswerBackend"/>.
/// </para>
/// <para>
/// A rule that is passed over costs least where it asks for a variable that is not there, twice or thrice as much where it looks at text. So one rule
/// looks for the letter, and those that follow ask for what it found.
/// </para>
/// </summary>
internal static class PolicySection
{
    /// <summary>
    /// When the route is known: its value is that of a route without a policy from here on, with id and flags behind it that nobody reads.
    /// Without a choice among groups the search is over.
    /// </summary>
    public static void AppendEntry(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $$"""
            tcp-request content set-var(txn.does) var(txn.route),field(-1,|),add(0) if policed
            tcp-request content set-var(txn.policy) var(txn.route),field(-2,|) if { var(txn.does) -m found }
            tcp-request content set-var(txn.route) var(txn.route),bytes(1) if { var(txn.does) -m found } policed
            tcp-request content accept if { var(txn.does) -m found } !{ {{Has(PolicyFlags.Steered)}} }

        """);

    public static void Append(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                # The rules of an Ingress itself, each where its policy has their letter.
                http-request allow if {{PolicyStages.Nothing(PolicyStage.None)}}

            """);
        // What the proxy asks itself is asked for a client that such rules have been applied to, and comes from no address and over no TLS.
        text.Append(CultureInfo.InvariantCulture, $"    http-request set-var(txn.does) {PolicyMask.Without(OfClients)} if {{ so_name {ExternalSection.Asked} }}\n");
        ErrorPageSection.AppendKept(text);
        CaptureSection.Append(text, options, paths);
        AnswerSection.AppendKept(text, paths);
        FallbackSection.Append(text, paths);
        Leave(text, PolicyStage.Access);
        AccessSection.Append(text, paths);
        Leave(text, PolicyStage.Elsewhere);
        RedirectSection.AppendHttps(text);
        CorsSection.Append(text, paths);
        RedirectSection.Append(text);
        FixedAnswerSection.Append(text);
        AppendAnswer(text);
        Leave(text, PolicyStage.Limits);
        LimitSection.Append(text, paths);
        Leave(text, PolicyStage.Bodies);
        LimitSection.AppendBodies(text, paths);
        Leave(text, PolicyStage.Certificates);
        CertificateSection.Append(text, paths, options.CertificateHeaders);
        Leave(text, PolicyStage.Guards);
        AccountSection.Append(text, paths);
        FirewallSection.Append(text, options, paths);
        ExternalSection.Append(text, paths);
        Leave(text, PolicyStage.Tokens);
        TokenSection.Append(text, paths);
        AnswerSection.Append(text, options, paths);
    }

    /// <summary>Rules about where a request comes from.</summary>
    private static readonly IReadOnlyList<char> OfClients =
    [
        PolicyFlags.OnlyAllowed, PolicyFlags.SomeDenied, PolicyFlags.AddressHeader, PolicyFlags.AnyGuard, PolicyFlags.HttpsRedirect, PolicyFlags.ClientCertificates,
        PolicyFlags.Exempt, .. LimitSection.Letters,
    ];

    /// <summary>Who has no rule any more from this stage on leaves.</summary>
    private static void Leave(StringBuilder text, PolicyStage stage) =>
        text.Append(CultureInfo.InvariantCulture, $"    http-request allow if {PolicyStages.Before(stage)}\n");

    /// <summary>What is answered without an endpoint. The route's value keeps its ingress, but leads to no backend that there is.</summary>
    public static void AppendAnswer(StringBuilder text) => text.Append("""
            http-request set-var(txn.route) str(-),concat(,txn.route) if answered
            http-request allow if answered

        """);

    /// <summary>The value that goes with a letter; found nowhere if the policy has none.</summary>
    public static string Value(char letter, ProgramPaths paths) =>
        string.Create(CultureInfo.InvariantCulture, $"var(txn.policy),concat(:{letter}),map_str({paths.Full(ProgramPaths.PolicyMap)})");

    /// <summary>The same for the entry whose name a variable ends with.</summary>
    public static string Value(char letter, string variable, ProgramPaths paths) =>
        string.Create(CultureInfo.InvariantCulture, $"var(txn.policy),concat(:{letter},{variable}),map_str({paths.Full(ProgramPaths.PolicyMap)})");

    /// <summary>The expression "the policy has the letter", or one of several.</summary>
    public static string Has(params IReadOnlyList<char> letters) => PolicyMask.Test(letters);

    /// <summary>An expression of the policy's that matches the text in a variable; only the policy's own file is looked through.</summary>
    /// <param name="to">The variable that takes what the expression leads to.</param>
    /// <param name="rules">Of which kind the rules are.</param>
    public static void Match(StringBuilder text, ProgramPaths paths, string to, char letter, string variable, string condition, string rules = "http-request")
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                {{rules}} set-var(txn.subject) "var(txn.policy),concat(:{{letter}}\n,{{variable}})" if {{condition}}
                {{rules}} unset-var(txn.bucket)
                {{rules}} set-var(txn.bucket) var(txn.policy),bytes(0,1),hex2i if {{condition}}

            """);
        for (var i = 0; i < Data.RouteMaps.PatternFiles; i++)
            text.Append(CultureInfo.InvariantCulture, $"    {rules} set-var({to}) var(txn.subject),map_regm({paths.Full(ProgramPaths.PatternMap(i))}) if {{ var(txn.bucket) -m int {i} }}\n");
    }
}
