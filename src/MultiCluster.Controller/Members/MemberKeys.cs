using MultiCluster.Model.Identity;

namespace MultiCluster.Controller.Members;

/// <summary>A member's watcher as a key of shards: <c>member/aws</c>.</summary>
public static class MemberKeys
{
    private const string Prefix = "member/";

    public static string Of(MemberName member) => Prefix + member.Value;

    /// <returns>Null if it is no watcher's key.</returns>
    public static MemberName? Parse(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) && key.Length > Prefix.Length ? new MemberName(key[Prefix.Length..]) : null;
}
