using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Records;

/// <summary>
/// An entity's name as a key of shards, table and database: <c>ingress/web/shop</c>, <c>cluster/aws</c>. Names of Kubernetes hold neither '/' nor
/// anything beyond visible ASCII; what does is escaped, so that every entity has one key and every key at most one entity.
/// </summary>
public static class EntityKeys
{
    private const string Ingress = "ingress";
    private const string Backend = "backend";
    private const string Member = "cluster";

    public static string Of(EntityId entity) => entity.Kind switch
    {
        EntityKind.Ingress => $"{Ingress}/{Escape(entity.Key.Namespace)}/{Escape(entity.Key.Name)}",
        EntityKind.Backend => $"{Backend}/{Escape(entity.Key.Namespace)}/{Escape(entity.Key.Name)}",
        EntityKind.Member => $"{Member}/{Escape(entity.Key.Name)}",
        _ => throw new ArgumentOutOfRangeException(nameof(entity), entity.Kind, "has no keys"),
    };

    /// <returns>Null if it is no entity's key.</returns>
    public static EntityId? Parse(string key)
    {
        EntityId? entity = key.Split('/') switch
        {
            [Ingress, var space, var name] => EntityId.Ingress(Unescape(space, name)),
            [Backend, var space, var name] => EntityId.Backend(Unescape(space, name)),
            [Member, var name] => EntityId.Member(new MemberName(Uri.UnescapeDataString(name))),
            _ => null,
        };
        return entity is { } known && string.Equals(Of(known), key, StringComparison.Ordinal) ? known : null;
    }

    private static ObjectKey Unescape(string space, string name) => new(Uri.UnescapeDataString(space), Uri.UnescapeDataString(name));

    private static string Escape(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_' or '~'))
                return Uri.EscapeDataString(name);
        }

        return name;
    }
}
