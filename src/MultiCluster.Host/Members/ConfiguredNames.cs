using System.Collections.Immutable;
using MultiCluster.Model.Identity;

namespace MultiCluster.Host.Members;

/// <summary>The members that the configuration names now; written by who follows it, read by all.</summary>
internal sealed class ConfiguredNames(IEnumerable<MemberName> names)
{
    private ImmutableHashSet<MemberName> _names = [.. names];

    /// <summary>Raised by <see cref="Set"/>, on its thread.</summary>
    public event EventHandler? Changed;

    public bool Contains(MemberName name) => Volatile.Read(ref _names).Contains(name);

    /// <summary>Before members that are new in the configuration are told of: from now on nobody else tells of them.</summary>
    public void Add(IEnumerable<MemberName> names) => Volatile.Write(ref _names, Volatile.Read(ref _names).Union(names));

    /// <summary>After those that are not in it any more have been told to be lost: from now on others may tell of them.</summary>
    public void Set(IEnumerable<MemberName> names)
    {
        Volatile.Write(ref _names, [.. names]);
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
