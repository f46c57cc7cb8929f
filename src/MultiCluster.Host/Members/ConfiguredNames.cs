using System.Collections.Immutable;
using MultiCluster.Model.Identity;

namespace MultiCluster.Host.Members;

/// <summary>The members that the configuration names now; written by who follows it, read by all.</summary>
internal sealed class ConfiguredNames(IEnumerable<MemberName> names)
{
    private ImmutableHashSet<MemberName> _names = [.. names];

    public bool Contains(MemberName name) => Volatile.Read(ref _names).Contains(name);

    public void Set(IEnumerable<MemberName> names) => Volatile.Write(ref _names, [.. names]);
}
