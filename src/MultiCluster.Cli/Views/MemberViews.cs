using System.Globalization;
using MultiCluster.Cli.Output;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Cli.Views;

internal static class MemberViews
{
    public const string Active = nameof(MemberState.Active);

    public static void List(IReadOnlyList<MemberDetailView> members, DateTimeOffset now, Terminal terminal)
    {
        if (members.Count == 0)
        {
            terminal.Remark("No members are configured.");
            return;
        }

        var table = new TextTable("NAME", "STATE", "STATUS", "REGION", "MODE", "INGRESSES", "SERVICES", "ENDPOINTS", "SESSIONS", "LAST EVENT", "PROBLEMS");
        foreach (var detail in members)
        {
            var member = detail.Member;
            table.Add(
                member.Name,
                State(detail.State),
                Status(detail),
                Word(detail.Region),
                Word(detail.EndpointMode),
                member.Ingresses,
                member.Services,
                member.Endpoints,
                Sessions(detail),
                Age.Of(member.LastEvent, now),
                Problems(detail));
        }
        table.WriteTo(terminal);
    }

    public static void Show(MemberDetailView detail, DateTimeOffset now, Terminal terminal)
    {
        Summary(detail, now, terminal);
        terminal.Line();
        SessionsByProxy(detail, terminal);
        Items("Held back", detail.Held, terminal);
        if (detail.Held.Count > 0)
            terminal.Line(new Cell($"  It looks like a loss; if it is meant: mcctl member approve {detail.Member.Name}", Tone.Warning));
        Items("Problems", detail.Member.Problems, terminal);
        terminal.Line();
        terminal.Line(new Cell(detail.Conditions.Count == 0 ? "Conditions: none" : "Conditions:", Tone.Heading));
        if (detail.Conditions.Count > 0)
            ConditionViews.List(detail.Conditions, $"mcctl member show {detail.Member.Name} -o json", terminal);
    }

    public static void Problems(MemberProblemsView problems, Terminal terminal)
    {
        if (problems.Problems.Count == 0)
            terminal.Remark("All that names members can be used.");
        foreach (var problem in problems.Problems)
            terminal.Line(problem);
    }

    public static Cell State(string state) => new(state, state switch
    {
        Active => Tone.Plain,
        nameof(MemberState.Drain) => Tone.Warning,
        _ => Tone.Bad,
    });

    /// <summary>The one thing to know first; what is held back and behind stands beside it in the other columns.</summary>
    private static Cell Status(MemberDetailView detail) => detail switch
    {
        { Removed: true } => new Cell("Removed", Tone.Bad),
        { Leaving: true } => new Cell("Leaving", Tone.Warning),
        { Registered: false } => new Cell("Unregistered", Tone.Bad),
        { Member.Reachable: false } => new Cell("Unreachable", Tone.Bad),
        { Held.Count: > 0 } => new Cell("Held", Tone.Bad),
        { Stale: true } => new Cell(detail.BehindSeconds is { } behind ? $"Stale {Age.OfSeconds(behind)}" : "Stale", Tone.Bad),
        { Member.Complete: false } => new Cell("Reading", Tone.Warning),
        { Member.Problems.Count: > 0 } => new Cell("Degraded", Tone.Warning),
        _ => new Cell("Ready", Tone.Good),
    };

    private static Cell Problems(MemberDetailView detail)
    {
        if (detail.Held.Count == 0 && detail.Member.Problems.Count == 0)
            return "-";
        IEnumerable<string> held = detail.Held.Count == 0 ? [] : [$"{Count(detail.Held.Count, "item")} held back (mcctl member approve {detail.Member.Name})"];
        return new Cell(string.Join("; ", held.Concat(detail.Member.Problems)), Tone.Bad);
    }

    private static void Summary(MemberDetailView detail, DateTimeOffset now, Terminal terminal)
    {
        var member = detail.Member;
        terminal.Field("Name", detail.Home ? $"{member.Name} (the home cluster)" : member.Name);
        terminal.Field("State", new Cell(Ordered(detail), State(detail.State).Tone));
        terminal.Field("Status", Status(detail));
        terminal.Field("Source", Word(member.Source));
        terminal.Field("Region", Word(detail.Region));
        terminal.Field("Zone", Word(detail.Zone));
        terminal.Field("Endpoint mode", Word(detail.EndpointMode));
        terminal.Field("Labels", Cell.Of([.. detail.Labels.OrderBy(static l => l.Key, StringComparer.Ordinal).Select(static l => $"{l.Key}={l.Value}")], ", "));
        terminal.Field("Holds", $"{Count(member.Ingresses, "Ingress", "es")}, {Count(member.Services, "Service")}, {Count(member.Endpoints, "endpoint")}{(member.Complete ? "" : "; not all has been read yet")}");
        terminal.Field("Last event", member.LastEvent is null ? "none yet" : $"{Age.Of(member.LastEvent, now)} ago");
        terminal.Field("Behind", detail.BehindSeconds is { } behind ? new Cell($"for {Age.OfSeconds(behind)}; what was known before is served", Tone.Bad) : "no");
    }

    private static string Ordered(MemberDetailView detail) => detail.Ordered switch
    {
        null => detail.State,
        var ordered when ordered == detail.State => $"{detail.State}, as an operator has ordered",
        var ordered => $"{detail.State}; an operator has ordered {ordered}",
    };

    private static void SessionsByProxy(MemberDetailView detail, Terminal terminal)
    {
        if (detail.Sessions.Count == 0)
        {
            terminal.Line(new Cell("Sessions: not known, no proxy could be asked", Tone.Heading));
            Silence(detail, terminal);
            return;
        }

        terminal.Line(new Cell("Sessions:", Tone.Heading));
        var table = new TextTable("PROXY", "SESSIONS");
        foreach (var (proxy, sessions) in detail.Sessions.OrderBy(static s => s.Key, StringComparer.Ordinal))
            table.Add(proxy, sessions);
        table.WriteTo(terminal, indent: 2);
        Silence(detail, terminal);
    }

    private static void Silence(MemberDetailView detail, Terminal terminal)
    {
        foreach (var part in SilenceOf(detail))
            terminal.Line(new Cell($"  {part}", Tone.Warning));
    }

    private static void Items(string heading, IReadOnlyList<string> items, Terminal terminal)
    {
        terminal.Line();
        terminal.Line(new Cell(items.Count == 0 ? $"{heading}: nothing" : $"{heading}:", Tone.Heading));
        foreach (var item in items)
            terminal.Line(new Cell($"  {item}", Tone.Bad));
    }

    private static Cell Sessions(MemberDetailView detail) => detail.Sessions.Count == 0 ? "-" : SumOf(detail.Sessions.Values);

    /// <summary>Whose sessions nobody knows.</summary>
    public static IEnumerable<string> SilenceOf(MemberDetailView detail)
    {
        if (detail.SilentControllers.Count > 0)
            yield return $"not known of proxies told by {string.Join(", ", detail.SilentControllers)}, which {(detail.SilentControllers.Count == 1 ? "does" : "do")} not answer";
        if (detail.SilentProxies.Count > 0)
            yield return $"not known of {string.Join(", ", detail.SilentProxies)}, which {(detail.SilentProxies.Count == 1 ? "has" : "have")} not told yet";
    }

    /// <summary>Of any numbers that a server may send.</summary>
    public static string SumOf(IEnumerable<long> numbers) => numbers.Sum(static number => (decimal)number).ToString(CultureInfo.InvariantCulture);

    private static string Count(int number, string one, string plural = "s") =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {one}{(number == 1 ? "" : plural)}");

    private static string Word(string text) => text.Length == 0 ? "-" : text;
}
