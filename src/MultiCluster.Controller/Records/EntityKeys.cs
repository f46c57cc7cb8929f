using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Records;

/// <summary>
/// An entity's name as a key of shards, table and database: <c>ingress/web/shop</c>. Names of Kubernetes hold neither '/' nor anything
/// beyond visible ASCII; what does is escaped, so that every entity has one key and every key at most one entity.
/// </summary>
public static class EntityKeys
{
    private const string Ingress = "ingress";
    private const string Backend = "backend";

    public static string Of(EntityId entity) =>
        $"{(entity.Kind == EntityKind.Ingress ? Ingress : Backend)}/{Escape(entity.Key.Namespace)}/{Escape(entity.Key.Name)}";

    /// <returns>Null if it is no entity's key.</returns>
    public static EntityId? Parse(string key)
    {
        var parts = key.Split('/');
        if (parts.Length != 3)
            return null;
        EntityKind? kind = parts[0] switch
        {
            Ingress => EntityKind.Ingress,
            Backend => EntityKind.Backend,
            _ => null,
        };
        if (kind is not { } known)
            return null;
        var entity = new EntityId(known, new ObjectKey(Uri.UnescapeDataString(parts[1]), Uri.UnescapeDataString(parts[2])));
        return string.Equals(Of(entity), key, StringComparison.Ordinal) ? entity : null;
    }

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
