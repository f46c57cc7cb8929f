using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MultiCluster.HAProxy.Runtime.Sockets;

namespace MultiCluster.EndToEnd.Tests.Hostile;

/// <summary>Everything that went over HAProxy's socket, and the grammar of what may.</summary>
internal sealed partial class RecordingTranscript : IRuntimeTranscript
{
    private readonly ConcurrentQueue<(string Sent, string? Reply)> _exchanges = new();

    public int Count => _exchanges.Count;

    public void Exchange(string sent, string? reply) => _exchanges.Enqueue((sent, reply));

    /// <summary>Commands that are none of ours, or that HAProxy did not understand.</summary>
    public IReadOnlyList<string> Strangers() =>
    [
        .. _exchanges
            .Where(static item => !Planned().IsMatch(item.Sent) || item.Reply?.StartsWith("Unknown command", StringComparison.Ordinal) == true)
            .Select(static item => $"{item.Sent.Replace("\n", "\\n", StringComparison.Ordinal)} -> {item.Reply}"),
    ];

    /// <summary>
    /// Each command of the planner and each query, word by word. Written anew here and not taken from the product, whose alphabets
    /// it checks.
    /// </summary>
    [GeneratedRegex(
        """
        \A(?:
          prompt | set\ timeout\ cli\ [0-9]+ | show\ cli\ level | show\ info | show\ backend | show\ servers\ state
        | show\ map\ (?<file>/[A-Za-z0-9/._-]+) | show\ ssl\ (?:cert|ca-file|crl-file) | show\ ssl\ cert\ (?<file>/[A-Za-z0-9/._-]+) | show\ ssl\ crt-list\ -n\ (?<file>/[A-Za-z0-9/._-]+)
        | (?:add|set)\ map\ (?<file>/[A-Za-z0-9/._-]+)\ (?<key>[A-Za-z0-9._~!$&()*+,=:@/\-\u00A1-\uFFFC-[\s]]+\x01?)\ (?<value>[A-Za-z0-9._:/|@,*-]+)
        | del\ map\ (?<file>/[A-Za-z0-9/._-]+)\ (?<key>[A-Za-z0-9._~!$&()*+,=:@/\-\u00A1-\uFFFC-[\s]]+\x01?)
        | add\ server\ [A-Za-z0-9._-]+/[A-Za-z0-9.:-]+\ (?:[0-9.]+|\[[0-9a-f:.]+\]):[0-9]+\ weight\ 1\ pool-max-conn\ 1000\ pool-purge-delay\ 5s
        | set\ server\ [A-Za-z0-9._-]+/[A-Za-z0-9.:-]+\ state\ (?:ready|maint)
        | del\ server\ [A-Za-z0-9._-]+/[A-Za-z0-9.:-]+
        | add\ backend\ [A-Za-z0-9._-]+\ from\ slot\ mode\ http
        | (?:publish|unpublish|del)\ backend\ [A-Za-z0-9._-]+
        | (?:new|commit|del)\ ssl\ cert\ /[A-Za-z0-9/._-]+
        | set\ ssl\ cert\ /[A-Za-z0-9/._-]+\ <<\n\*\*\*\n
        | add\ ssl\ crt-list\ /[A-Za-z0-9/._-]+\ <<\n/[A-Za-z0-9/._-]+(?:\ (?:\*\.)?[a-z0-9.-]+)+\n
        | del\ ssl\ crt-list\ /[A-Za-z0-9/._-]+\ /[A-Za-z0-9/._-]+
        )\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Planned();
}
