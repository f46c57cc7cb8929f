using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// How much a client may ask, by Ingress and address, whatever policy the Ingress has at the time; of an IPv6 address the first half counts,
/// since a client has the other to choose from. What was refused is not counted, so a client that goes on too fast gets what the limit
/// allows; only by ten seconds, for which HAProxy's tables have no counter left, it must slow down first.
/// <para>
/// A body is measured by what its request says of its length. One that doesn't say, in chunks or over HTTP/2, is refused: HAProxy can't count
/// it. Over HTTP/2 only the first byte tells that there is a body; a WebSocket, whose upgrade no client can claim there, has none.
/// </para>
/// </summary>
internal static class LimitSection
{
    /// <summary>Requests under way, and by 1 s, 10 s and an hour.</summary>
    public const string ShortBackend = "limits-short";

    /// <summary>By a minute and ten.</summary>
    public const string LongBackend = "limits-long";

    /// <summary>By place in <see cref="RateLimit.Periods"/>: what tells the rate, and what counts one more.</summary>
    private static readonly (string Rate, string? Count, bool IsLong)[] Counters =
    [
        ("sc_gpc0_rate(1)", "sc-inc-gpc0(1)", false),
        ("sc_http_req_rate(1)", null, false),
        ("sc_gpc0_rate(2)", "sc-inc-gpc0(2)", true),
        ("sc_gpc1_rate(2)", "sc-inc-gpc1(2)", true),
        ("sc_gpc1_rate(1)", "sc-inc-gpc1(1)", false),
    ];

    public static IReadOnlyList<char> Letters { get; } = [.. Enumerable.Range(0, Counters.Length).Select(PolicyFlags.Period), PolicyFlags.Connections];

    public static void Append(StringBuilder text, ProgramPaths paths)
    {
        var longs = Letters.Where(static (_, i) => i < Counters.Length && Counters[i].IsLong).ToList();
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl counts {{PolicySection.Has(Letters)}}
                acl counted var(txn.counted) -m found

            """);
        AccessSection.AppendClient(text, "counts !{ var(txn.client) -m found }");
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.exempt) var(txn.policy),concat(:{{PolicyFlags.Exempt}},txn.client),map_beg({{paths.Full(ProgramPaths.SourceMap)}}) if { {{PolicySection.Has(PolicyFlags.Exempt)}} }
                http-request set-var(txn.ingress) var(txn.route),field(3,|) if counts
                http-request set-var(txn.counted) var(txn.client),bytes(0,17) if counts
                http-request set-var(txn.counted) var(txn.ingress),concat(/,txn.counted),sha1 if counted
                http-request track-sc1 var(txn.counted) table {{ShortBackend}} if counted { {{PolicySection.Has([.. Letters.Except(longs)])}} }
                http-request track-sc2 var(txn.counted) table {{LongBackend}} if counted { {{PolicySection.Has(longs)}} }

            """);
        for (var i = 0; i < Counters.Length; i++)
            Limit(text, paths, PolicyFlags.Period(i), Counters[i].Rate, Counters[i].Count is null ? "gt" : "ge");
        Limit(text, paths, PolicyFlags.Connections, "sc_conn_cur(1)", "gt");
        text.Append(CultureInfo.InvariantCulture, $"    http-request set-var(txn.answer) str({AnswerBackend.TooMany}) if {{ var(txn.over) -m found }}\n");
        PolicySection.AppendAnswer(text);
        for (var i = 0; i < Counters.Length; i++)
        {
            if (Counters[i].Count is { } count)
                text.Append(CultureInfo.InvariantCulture, $"    http-request {count} if {Applies(PolicyFlags.Period(i))}\n");
        }
    }

    public static void AppendBodies(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.most) {{PolicySection.Value(PolicyFlags.MaxBody, paths)}},add(0) if { {{PolicySection.Has(PolicyFlags.MaxBody)}} }
                http-request return status 413 content-type text/plain {{ErrorPageSection.Body(413, "too large", paths)}} if { var(txn.most) -m found } { req.hdr_val(content-length),sub(txn.most) gt 0 }
                acl untold var(txn.untold) -m found
                http-request set-var(txn.untold) bool(true) if { var(txn.most) -m found } !{ req.fhdr(content-length) -m found }
                http-request wait-for-body time 10s at-least 1 if untold !{ req.fhdr(transfer-encoding) -m found } !{ req.fhdr(upgrade) -m found }
                http-request return status 411 content-type text/plain string "say how long it is\n" if untold { req.fhdr(transfer-encoding) -m found }
                http-request return status 411 content-type text/plain string "say how long it is\n" if untold !{ req.fhdr(upgrade) -m found } { req.body_len gt 0 }

            """);
    }

    /// <summary>The tables; an entry is a client of an Ingress.</summary>
    public static void AppendTables(StringBuilder text)
    {
        var periods = RateLimit.Periods;
        text.Append(CultureInfo.InvariantCulture, $"""

            # Requests by Ingress and client, for limits of policies. A counter is kept for as long as its longest period looks back.
            backend {ShortBackend} from base
                stick-table type binary len 20 size 100k expire {Twice(periods[4])} store gpc0_rate({Seconds(periods[0])}),http_req_rate({Seconds(periods[1])}),gpc1_rate({Seconds(periods[4])}),conn_cur
            backend {LongBackend} from base
                stick-table type binary len 20 size 100k expire {Twice(periods[3])} store gpc0_rate({Seconds(periods[2])}),gpc1_rate({Seconds(periods[3])})

            """);
    }

    private static void Limit(StringBuilder text, ProgramPaths paths, char letter, string rate, string compare) => text.Append(CultureInfo.InvariantCulture, $$"""
            http-request set-var(txn.most{{letter}}) {{PolicySection.Value(letter, paths)}},field(1,|),add(0) if { {{PolicySection.Has(letter)}} }
            http-request set-var(txn.over) str({{letter}}) if {{Applies(letter)}} { {{rate}},sub(txn.most{{letter}}) {{compare}} 0 } !{ var(txn.over) -m found }

        """);

    private static string Applies(char letter) => $"{{ var(txn.most{letter}) -m found }} !{{ var(txn.exempt) -m sub {letter} }}";

    /// <summary>In <see cref="AnswerBackend"/>. HAProxy's own rules answer with fixed statuses: these with the usual ones, a script with any other.</summary>
    public static void AppendAnswers(StringBuilder text, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                acl over var(txn.over) -m found
                http-request set-var(txn.bound) var(txn.policy),concat(:,txn.over),map_str({{paths.Full(ProgramPaths.PolicyMap)}}) if over
                http-request set-var(txn.status) var(txn.bound),field(2,|) if over
                http-request set-var(txn.after) var(txn.bound),field(3,|) if over

            """);
        foreach (var status in new[] { 403, 429, 503 })
            text.Append(CultureInfo.InvariantCulture, $"    http-request return status {status} content-type text/plain {ErrorPageSection.Body(status, "too many requests", paths)} hdr retry-after \"%[var(txn.after)]\" if over {{ var(txn.status) -m str {status} }}\n");
        text.Append(CultureInfo.InvariantCulture, $"""
            .if feature(LUA)
                http-request lua.{PolicyScript.Refuse} if over
            .endif
                http-request deny deny_status 429 if over

            """);
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalSeconds}s");

    private static string Twice(TimeSpan time) => Seconds(time * 2);
}
