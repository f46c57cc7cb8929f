using MultiCluster.Controller;
using MultiCluster.Controller.Members;
using MultiCluster.Hocon;
using MultiCluster.Host.Configuration;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;

namespace MultiCluster.Host.Members;

/// <summary>
/// Members that are added to the configuration, or changed in it, while the program runs. One that is not in it any more is not read any
/// longer and keeps what it had: only "mcctl member remove" takes it away, since a file may be half written, or be that of another node.
/// </summary>
/// <param name="load">Reads the configuration anew; throws <see cref="HoconException"/>.</param>
/// <param name="initial">With their registrations.</param>
/// <param name="create">Makes a member's registration, of the one before when only labels or the state are others: then nothing is read anew.</param>
/// <param name="names">Told of what the configuration names.</param>
internal sealed class ConfigurationFeed(
    IReadOnlyCollection<(MemberOptions Options, MemberRegistration Registration)> initial,
    Func<IReadOnlyCollection<MemberOptions>> load,
    Func<MemberOptions, MemberRegistration?, MemberRegistration> create,
    ConfiguredNames names,
    TimeProvider time) : IMemberFeed
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Dictionary<MemberName, (MemberOptions Options, MemberRegistration Registration)> _known =
        initial.ToDictionary(static member => member.Options.Name, static member => member);

    private string? _trouble;

    public string Description => "the configuration";

    public async Task RunAsync(Action<MemberNews> tell, CancellationToken cancellationToken)
    {
        tell(MemberNews.Synced.Instance);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            Look(tell);
    }

    private void Look(Action<MemberNews> tell)
    {
        IReadOnlyCollection<MemberOptions> members;
        try
        {
            members = load();
        }
        catch (HoconException wrong)
        {
            Complain(tell, $"the configuration was changed and can't be used, so the members stay as they were: {wrong.Message}");
            return;
        }

        // Only of what is new here: credentials that have gone bad are its own problem, and those before go on.
        var news = members.Where(member => !IsKnown(member)).Select(static member => (Member: member, Problem: MemberFactory.Problem(member))).ToList();
        var errors = news.Where(static item => item.Problem is not null).Select(static item => $"member {item.Member.Name}: what it is to be read from {item.Problem}").ToList();
        var usable = news.Where(static item => item.Problem is null).Select(static item => item.Member).ToList();
        names.Add(usable.Select(static member => member.Name));
        foreach (var member in usable)
        {
            var before = _known.TryGetValue(member.Name, out var known) && string.Equals(Reading(known.Options), Reading(member), StringComparison.Ordinal) ? known.Registration : null;
            var registration = create(member, before);
            _known[member.Name] = (member, registration);
            tell(new MemberNews.Found(registration));
        }

        foreach (var gone in _known.Keys.Except(members.Select(static member => member.Name)).ToList())
        {
            _known.Remove(gone);
            tell(new MemberNews.Lost(gone, $"the configuration doesn't name it any more; \"mcctl member remove {gone}\" takes it out with all it had"));
        }

        // One of that name that can't be read takes nobody's place.
        names.Set(_known.Keys);
        Complain(tell, errors.Count == 0 ? null : string.Join('\n', errors));
    }

    /// <summary>Once for each trouble.</summary>
    private void Complain(Action<MemberNews> tell, string? trouble)
    {
        if (string.Equals(trouble, _trouble, StringComparison.Ordinal))
            return;
        _trouble = trouble;
        tell(new MemberNews.Troubles(trouble is null ? [] : [trouble]));
    }

    private bool IsKnown(MemberOptions member) => _known.TryGetValue(member.Name, out var known) && string.Equals(Digest(known.Options), Digest(member), StringComparison.Ordinal);

    /// <summary>What is read of it, and how.</summary>
    private static string Reading(MemberOptions member) => Digest(member with { Labels = EquatableMap.Empty, State = default });

    /// <summary>Arrays in it are compared by their content.</summary>
    private static string Digest(MemberOptions member) => $"{member with { Namespaces = [] }} {string.Join(',', member.Namespaces)} {string.Join(',', member.Labels)}";
}
