namespace MultiCluster.Model.Identity;

/// <summary>Name of a member cluster: an RFC 1123 label, unique in the federation.</summary>
public readonly record struct MemberName(string Value) : IComparable<MemberName>
{
    public int CompareTo(MemberName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    public static bool operator <(MemberName left, MemberName right) => left.CompareTo(right) < 0;

    public static bool operator >(MemberName left, MemberName right) => left.CompareTo(right) > 0;

    public static bool operator <=(MemberName left, MemberName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(MemberName left, MemberName right) => left.CompareTo(right) >= 0;
}
