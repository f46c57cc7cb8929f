using MultiCluster.Model.Collections;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>
/// Lists of networks and of exceptions from them. Networks lie within each other or apart, so that addresses of a network that lie in no smaller
/// one of the lists all have the same answer.
/// </summary>
internal sealed class NetworkLists
{
    /// <summary>Null: there is no such list, and everybody is allowed.</summary>
    public HashSet<Network>? Allow { get; set; }

    public HashSet<Network> AllowExcept { get; } = [];

    public HashSet<Network> Deny { get; } = [];

    public HashSet<Network> DenyExcept { get; } = [];

    /// <summary>The same as networks of which the longest decides, none of them more than needed.</summary>
    public (EquatableArray<string> Allow, EquatableArray<string> Deny) Flatten()
    {
        var answers = new Dictionary<Network, bool>();
        foreach (var network in (Allow ?? []).Concat(AllowExcept).Concat(Deny).Concat(DenyExcept))
            answers.TryAdd(network, IsAllowed(network));
        var kept = answers.Where(item => item.Value != AnswerAround(item.Key, answers)).ToList();
        return (Listed(true), Listed(false));

        EquatableArray<string> Listed(bool answer) =>
            kept.Where(item => item.Value == answer).Select(static item => item.Key.ToString()).Order(StringComparer.Ordinal).ToEquatableArray();
    }

    private bool IsAllowed(Network network) =>
        (Allow is null || (IsWithin(network, Allow) && !IsWithin(network, AllowExcept))) && (!IsWithin(network, Deny) || IsWithin(network, DenyExcept));

    private bool AnswerAround(Network network, Dictionary<Network, bool> answers)
    {
        for (var length = network.Length - 1; length >= 0; length--)
        {
            if (answers.TryGetValue(network.Of(length), out var answer))
                return answer;
        }

        return Allow is null;
    }

    private static bool IsWithin(Network network, HashSet<Network> networks)
    {
        if (networks.Count == 0)
            return false;
        for (var length = network.Length; length >= 0; length--)
        {
            if (networks.Contains(network.Of(length)))
                return true;
        }

        return false;
    }
}
