using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Model.Collections;

namespace MultiCluster.Federation.Settings;

/// <summary>Networks of addresses that checks and agents' questions may go to in place of endpoints.</summary>
public static class CheckNetworks
{
    /// <summary>What <see cref="Read"/> takes.</summary>
    public const string Meant = "IP addresses and networks such as 10.0.0.5 or 10.1.0.0/16";

    /// <returns>Null: one is none.</returns>
    public static EquatableArray<string>? Read(IEnumerable<string> texts)
    {
        var networks = texts.Select(Network.Parse).ToList();
        return networks.Contains(null) ? null : networks.Select(static network => network!.Value.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToEquatableArray();
    }

    internal static bool Have(EquatableArray<string> networks, string address) => networks.Count > 0 && Network.Parse(address) is { } one
        && networks.Any(text => Network.Parse(text) is { } network && network.IsSix == one.IsSix && one.Length >= network.Length && one.Of(network.Length) == network);
}
