using MultiCluster.Controller;
using MultiCluster.Controller.Members;
using MultiCluster.Hocon;
using MultiCluster.Host.Configuration;
using MultiCluster.Model.Identity;

namespace MultiCluster.Host.Members;

/// <summary>
/// Members that are added to the configuration, or changed in it, while the program runs. One that is not in it any more is not read any
/// longer and keeps what it had: only "mcctl member remove" takes it away, since a file may be half written, or be that of another node.
/// </summary>
/// <param name="load">Reads the configuration anew; throws <see cref="HoconException"/>.</param>
/// <param name="create">Makes a member's registration.</param>
/// <param name="names">Told of what the configuration names.</param>
internal sealed class ConfigurationFeed(
    IReadOnlyCollection<MemberOptions> initial,
    Func<IReadOnlyCollection<MemberOptions>> load,
    Func<MemberOptions, MemberRegistration> create,
    ConfiguredNames names,
    TimeProvider time) : IMemberFeed
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Dictionary<MemberName, string> _known = initial.ToDictionary(static member => member.Name, Digest);
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

        names.Set(members.Select(static member => member.Name));
        var errors = new List<string>();
        foreach (var member in members.Where(member => _known.GetValueOrDefault(member.Name) != Digest(member)))
        {
            // Only of what is new here: credentials that have gone bad are its own problem, and those before go on.
            if (MemberFactory.Problem(member) is { } problem)
            {
                errors.Add($"member {member.Name}: what it is to be read from {problem}");
                continue;
            }

            _known[member.Name] = Digest(member);
            tell(new MemberNews.Found(create(member)));
        }

        foreach (var gone in _known.Keys.Except(members.Select(static member => member.Name)).ToList())
        {
            _known.Remove(gone);
            tell(new MemberNews.Lost(gone, $"the configuration doesn't name it any more; \"mcctl member remove {gone}\" takes it out with all it had"));
        }

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

    /// <summary>Arrays in it are compared by their content.</summary>
    private static string Digest(MemberOptions member) => $"{member with { Namespaces = [] }} {string.Join(',', member.Namespaces)} {string.Join(',', member.Labels)}";
}
