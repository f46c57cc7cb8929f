using System.Globalization;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;

namespace MultiCluster.Model.Routing;

/// <summary>
/// Order of precedence of claims on one thing: oldest first, unknown ages last, then member name, then namespace/name.
/// Arrival order never decides.
/// </summary>
/// <param name="Created">Null when nobody knows: no claim to be older than anything.</param>
public readonly record struct Rank(DateTimeOffset? Created, MemberName Member, ObjectKey Ingress) : IComparable<Rank>
{
    /// <summary>For people.</summary>
    public string Age => Created is { } created
        ? string.Create(CultureInfo.InvariantCulture, $"created {created.UtcDateTime:u}")
        : "of unknown age";

    public int CompareTo(Rank other)
    {
        var byAge = (Created ?? DateTimeOffset.MaxValue).CompareTo(other.Created ?? DateTimeOffset.MaxValue);
        if (byAge != 0)
            return byAge;
        var byMember = Member.CompareTo(other.Member);
        return byMember != 0 ? byMember : Ingress.CompareTo(other.Ingress);
    }

    public static bool operator <(Rank left, Rank right) => left.CompareTo(right) < 0;

    public static bool operator >(Rank left, Rank right) => left.CompareTo(right) > 0;

    public static bool operator <=(Rank left, Rank right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Rank left, Rank right) => left.CompareTo(right) >= 0;
}

/// <summary>A federated ingress' wish to own a route.</summary>
/// <param name="Members">The members whose copies declare this key with this backend; sorted, never empty.</param>
public sealed record RouteClaim(RouteKey Key, BackendRef Backend, EquatableArray<MemberName> Members, Rank Rank)
{
    /// <summary>Null for a path that is plain text.</summary>
    public PathExpression? Expression { get; init; }

    /// <summary>Of a host that the ingress has besides those of its rules: it yields to whoever has the host in a rule.</summary>
    public bool IsFurtherName { get; init; }

    /// <summary>Null: requests go to the backend as they come.</summary>
    public RoutePolicy? Policy { get; init; }

    /// <summary>Null: all requests of the key, but for those that others take by a condition.</summary>
    public RouteCondition? When { get; init; }
}

/// <summary>A federated ingress' wish to have a host served with a certificate.</summary>
/// <param name="Host">Lower case, exact or "*.rest"; or <see cref="AnyHost"/>.</param>
/// <param name="SecretName">For people.</param>
public sealed record TlsClaim(string Host, Certificate Certificate, string SecretName, Rank Rank)
{
    /// <summary>The host of the certificate that names get which no other covers. No Ingress can name it.</summary>
    public const string AnyHost = "*";
}
