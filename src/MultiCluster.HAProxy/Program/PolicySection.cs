using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// What only requests of routes with a policy come to, between the lookup of the route and the choice of its backend: an Ingress's own
/// rules. Each looks for its letter in the route's value and finds what it needs in the maps, under the policy's id.
/// <para>
/// Who may not ask is told so first, then where to ask instead, and only what is let in is changed. In the end the route's value is that of
/// a route without a policy, with id and flags behind it that nobody reads.
/// </para>
/// </summary>
internal static class PolicySection
{
    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        text.Append("""
                # The rules of an Ingress itself, each where the route's value has its letter.
                acl policed var(txn.route) -m beg +
                http-request set-var(txn.policy) var(txn.route),field(4,|) if policed
                http-request set-var(txn.does) var(txn.route),field(5,|) if policed
                http-request set-var(txn.ingress) var(txn.route),field(3,|) if policed

            """);
        AnswerSection.AppendKept(text, paths);
        Leave(text, 0);
        AccessSection.Append(text, paths);
        Leave(text, 1);
        RedirectSection.AppendHttps(text, paths);
        CertificateSection.Append(text, paths);
        CorsSection.Append(text, paths);
        RedirectSection.Append(text, paths);
        Leave(text, 2);
        AccountSection.Append(text, paths);
        ExternalSection.Append(text, paths);
        Leave(text, 3);
        LimitSection.Append(text, paths);
        Leave(text, 4);
        UpstreamSection.Append(text, paths);
        text.Append("    http-request set-var(txn.route) var(txn.route),bytes(1) if policed\n");
        AnswerSection.Append(text);
    }

    /// <summary>
    /// Who has no rule any more behind this stage leaves: a rule that is passed over costs a look all the same, and there are many. Letters are
    /// in the order of stages, so the last one tells.
    /// </summary>
    private static void Leave(StringBuilder text, int stage)
    {
        var letters = Enumerable.Range(0, stage + 1).SelectMany(static before => PolicyFlags.OfStage(before));
        text.Append(CultureInfo.InvariantCulture, $"""
                acl done_{stage} var(txn.does) -m end -- {string.Join(' ', letters)}
                http-request set-var(txn.route) var(txn.route),bytes(1) if done_{stage} policed
                http-request allow if done_{stage} !steered

            """);
    }

    /// <summary>The value that goes with a letter; found nowhere if the policy has none.</summary>
    public static string Value(char letter, ProgramPaths paths) =>
        string.Create(CultureInfo.InvariantCulture, $"var(txn.policy),concat(:{letter}),map_str({paths.Full(ProgramPaths.PolicyMap)})");

    /// <summary>The same for the entry whose name a variable ends with.</summary>
    public static string Value(char letter, string variable, ProgramPaths paths) =>
        string.Create(CultureInfo.InvariantCulture, $"var(txn.policy),concat(:{letter},{variable}),map_str({paths.Full(ProgramPaths.PolicyMap)})");

    /// <summary>The expression "the policy has the letter", or one of several.</summary>
    public static string Has(params IReadOnlyList<char> letters) => $"var(txn.does) -m sub {string.Join(' ', letters)}";

    /// <summary>An expression of the policy's that matches the text in a variable; only the policy's own file is looked through.</summary>
    /// <param name="to">The variable that takes what the expression leads to.</param>
    public static void Match(StringBuilder text, ProgramPaths paths, string to, char letter, string variable, string condition)
    {
        text.Append(CultureInfo.InvariantCulture, $"    http-request set-var(txn.subject) \"var(txn.policy),concat(:{letter}\\n,{variable})\" if {condition}\n");
        for (var i = 0; i < Data.RouteMaps.PatternFiles; i++)
            text.Append(CultureInfo.InvariantCulture, $"    http-request set-var({to}) var(txn.subject),map_regm({paths.Full(ProgramPaths.PatternMap(i))}) if {condition} {{ var(txn.policy) -m beg {i:x} }}\n");
    }
}
