using System.Security.Cryptography;
using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Policies;

namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// What a policy comes to in the maps. Its id is a digest of its content: equal policies share their entries, and a changed one is another,
/// whose entries are all there before a route's value names it, so that no request sees half of it.
/// </summary>
/// <param name="Id">16 hexadecimal digits.</param>
/// <param name="Flags">A letter for each kind of rule that the policy has, which the program looks for; never empty.</param>
/// <param name="Entries">Every key begins with the id.</param>
public sealed record PolicyData(string Id, string Flags, IReadOnlyDictionary<MapKey, string> Entries)
{
    public const int IdLength = 16;

    public static PolicyData Of(RoutePolicy policy)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(PolicyJson.Write(policy)))[..IdLength];
        var entries = new Dictionary<MapKey, string>();
        var flags = "";
        if (policy.Closed)
            flags += PolicyFlags.Closed;
        if (policy.HttpsRedirect is { } https)
        {
            flags += PolicyFlags.HttpsRedirect;
            entries[KeyOf(id, PolicyFlags.HttpsRedirect)] = $"{https.Code}|{https.Port}";
        }

        return new PolicyData(id, flags, entries);
    }

    /// <summary>Of the value that goes with a flag.</summary>
    private static MapKey KeyOf(string id, char flag) => new(MapName.Policies, $"{id}:{flag}");
}
