using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MultiCluster.HAProxy.Runtime.Sockets;

namespace MultiCluster.EndToEnd.Tests.Hostile;

/// <summary>
/// Everything that went over HAProxy's socket, judged by its shape alone: one command a line, of the words that it has, with no character
/// that ends a command or begins another. Expressions and servers' options are free within that, unlike in <see cref="RecordingTranscript"/>.
/// </summary>
internal sealed partial class CommandTranscript : IRuntimeTranscript
{
    private readonly ConcurrentQueue<(string Sent, string? Reply)> _exchanges = new();

    public int Count => _exchanges.Count;

    public void Exchange(string sent, string? reply) => _exchanges.Enqueue((sent, reply));

    public IReadOnlyList<string> Strangers() =>
    [
        .. _exchanges
            .Where(static item => !Shape().IsMatch(item.Sent) || item.Reply?.StartsWith("Unknown command", StringComparison.Ordinal) == true)
            .Select(static item => $"{HostileValues.Show(item.Sent)} -> {item.Reply}"),
    ];

    [GeneratedRegex(
        """
        \A(?:
          prompt | set\ timeout\ cli\ [0-9]+
        | show(?:\ (?<word>[A-Za-z0-9/._-]+))+
        | (?:add|set)\ map\ (?<file>/[A-Za-z0-9/._-]+)\ (?<key>(?<c>[!-:<-~\u00A1-\uFFFC-[\s]])+\x01?)\ (?<value>[A-Za-z0-9._:/|@,*+~\\-]+)
        | del\ map\ (?<file>/[A-Za-z0-9/._-]+)\ (?<key>(?<c>[!-:<-~\u00A1-\uFFFC-[\s]])+\x01?)
        | (?:add|set|del|enable|disable)\ server\ [A-Za-z0-9._-]+/[A-Za-z0-9.:-]+(?:\ (?<word>[A-Za-z0-9/._:@,+\[\]()-]+))*
        | (?:add|publish|unpublish|del)\ backend(?:\ (?<word>[A-Za-z0-9._-]+))+
        | (?:new|commit|del|abort)\ ssl\ (?:cert|ca-file|crl-file)\ [@/A-Za-z0-9._-]+
        | (?:set|add)\ ssl\ (?:cert|ca-file|crl-file)\ [@/A-Za-z0-9._-]+\ <<\n\*\*\*\n
        | add\ ssl\ crt-list\ /[A-Za-z0-9/._-]+\ <<\n/[A-Za-z0-9/._-]+(?:\ (?<word>[A-Za-z0-9/._:@,+\[\]*!-]+))+\n
        | del\ ssl\ crt-list\ /[A-Za-z0-9/._-]+\ /[A-Za-z0-9/._-]+
        )\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Shape();
}
