using System.Globalization;
using MultiCluster.Cli.Views;
using MultiCluster.Model.Admin;

namespace MultiCluster.Cli.Members;

/// <summary>What polls of a member that drains have told so far, each poll in full or not at all.</summary>
internal sealed class DrainWatch
{
    /// <summary>Polls in a row: one alone may fall between two requests of the same client, or be answered by a node that is about to hear of the order.</summary>
    private const int Enough = 3;

    private readonly SortedDictionary<string, (long Sessions, bool IsCurrent)> proxies = new(StringComparer.Ordinal);
    private MemberDetailView? last;
    private string? problem;
    private int quiet;
    private int active;
    private bool hasDrained;

    /// <summary>No session has been left for long enough, at any proxy of any controller.</summary>
    public bool IsOver => quiet >= Enough;

    /// <summary>Why there is nothing to wait for any more, though it is not over.</summary>
    public string? Ended => last switch
    {
        { Removed: true } => "it has been removed meanwhile",
        not null when hasDrained && active >= Enough => "it takes new sessions again: somebody has undrained it meanwhile",
        _ => null,
    };

    public void Take(MemberDetailView detail)
    {
        (last, problem) = (detail, null);
        var isActive = detail.State == MemberViews.Active;
        active = isActive ? active + 1 : 0;
        hasDrained |= !isActive;
        foreach (var proxy in proxies.Keys.ToList())
            proxies[proxy] = proxies[proxy] with { IsCurrent = false };
        foreach (var (proxy, sessions) in detail.Sessions)
            proxies[proxy] = (sessions, true);
        // A proxy that tells nothing has an unknown number of sessions, not none.
        var isQuiet = !isActive && proxies.Count > 0 && detail is { SilentControllers.Count: 0, SilentProxies.Count: 0 } && proxies.Values.All(static p => p is { IsCurrent: true, Sessions: 0 });
        quiet = isQuiet ? quiet + 1 : 0;
    }

    /// <param name="error">Why a poll told nothing.</param>
    public void Miss(string error) => (quiet, active, problem) = (0, 0, error);

    /// <summary>Such as "12 sessions left (edge 8, local 4)".</summary>
    public string Words
    {
        get
        {
            if (problem is not null)
                return problem;
            if (last is null || proxies.Count == 0)
                return $"sessions left: not known, no proxy could be asked{(last is null ? "" : Silence)}";
            var sum = MemberViews.SumOf(proxies.Values.Select(static p => p.Sessions));
            var left = string.Create(CultureInfo.InvariantCulture, $"{sum} {(sum == "1" ? "session" : "sessions")} left ({string.Join(", ", proxies.Select(WordsOf))})") + Silence;
            return last.State == MemberViews.Active ? $"{left}; the order has not taken effect yet" : left;
        }
    }

    private string Silence => string.Concat(MemberViews.SilenceOf(last!).Select(static part => $"; {part}"));

    /// <summary>Those that told, for people.</summary>
    public string Proxies => string.Join(", ", proxies.Keys);

    private static string WordsOf(KeyValuePair<string, (long Sessions, bool IsCurrent)> proxy) =>
        string.Create(CultureInfo.InvariantCulture, $"{proxy.Key} {proxy.Value.Sessions}{(proxy.Value.IsCurrent ? "" : " when last asked")}");
}
