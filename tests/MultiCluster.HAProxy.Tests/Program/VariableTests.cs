using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace MultiCluster.HAProxy.Tests.Program;

/// <summary>
/// Variables of requests and sessions are of all sections: one that two of them set for themselves undoes the other's, and nobody is told.
/// </summary>
public sealed partial class VariableTests
{
    /// <summary>Set by several sections that mean the same by it, or of which no request meets the later before it is done with the earlier.</summary>
    private static readonly Dictionary<string, string> Shared = new(StringComparer.Ordinal)
    {
        ["txn.answer"] = "CorsSection FixedAnswerSection LimitSection RedirectSection",
        ["txn.asker"] = "AccountSection TokenSection",
        ["txn.bucket"] = "ChoiceSection PolicySection",
        ["txn.cookies"] = "SessionSection SteeringSection",
        ["txn.draw"] = "NamedPodsSection PassthroughSection SteeringSection TcpSection",
        ["txn.endpoint"] = "SessionSection SteeringSection",
        ["txn.flags"] = "NamedPodsSection SteeringSection",
        ["txn.group"] = "NamedPodsSection SteeringSection TcpSection",
        ["txn.host"] = "FrontendSection LogSection",
        ["txn.ingress"] = "LimitSection SteeringSection TcpSection",
        ["txn.name"] = "AccessSection AccountSection PassthroughSection",
        ["txn.route"] = "ChoiceSection ExpressionSection FallbackSection FrontendSection PolicySection SteeringSection TcpSection",
        ["txn.rule"] = "ExternalSection RedirectSection",
        ["txn.steer"] = "NamedPodsSection SteeringSection TcpSection",
        ["txn.subject"] = "ChoiceSection ExpressionSection PolicySection",
        ["txn.verifier"] = "AccountSection TokenSection",
    };

    [Fact]
    public void A_variable_is_of_one_section_unless_it_is_shared_on_purpose()
    {
        var owners = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Sources(), "*Section.cs"))
        {
            foreach (Match match in Setting().Matches(File.ReadAllText(file)))
            {
                var name = match.Groups[1].Value;
                if (!owners.TryGetValue(name, out var sections))
                    owners.Add(name, sections = new SortedSet<string>(StringComparer.Ordinal));
                sections.Add(Path.GetFileNameWithoutExtension(file));
            }
        }

        Assert.True(owners.Count > 100);
        Assert.Equal(
            Shared.OrderBy(static item => item.Key, StringComparer.Ordinal).Select(static item => $"{item.Key}: {item.Value}"),
            owners.Where(static item => item.Value.Count > 1).Select(static item => $"{item.Key}: {string.Join(' ', item.Value)}"));
    }

    [GeneratedRegex(@"set-var(?:-fmt)?\(((?:txn|sess)\.[A-Za-z0-9_]+)")]
    private static partial Regex Setting();

    private static string Sources([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src", "MultiCluster.HAProxy", "Program"));
}
