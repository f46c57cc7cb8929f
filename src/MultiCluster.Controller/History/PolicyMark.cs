using System.Security.Cryptography;
using MultiCluster.Model.Policies;

namespace MultiCluster.Controller.History;

/// <summary>What tells policies apart without saying what is in them.</summary>
internal static class PolicyMark
{
    public static string Of(RoutePolicy policy) => Convert.ToHexStringLower(SHA256.HashData(PolicyJson.Write(policy)).AsSpan(0, 4));
}
