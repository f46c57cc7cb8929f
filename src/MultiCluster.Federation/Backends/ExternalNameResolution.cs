using MultiCluster.Model.Collections;

namespace MultiCluster.Federation.Backends;

/// <summary>
/// Addresses of ExternalName Services as last resolved, by normal name (<see cref="BackendFederation.ExternalNames"/>).
/// Whoever resolves keeps the last addresses when DNS fails (promise P10).
/// </summary>
public sealed class ExternalNameResolution(IReadOnlyDictionary<string, EquatableArray<string>> addresses)
{
    public static readonly ExternalNameResolution Empty = new(new Dictionary<string, EquatableArray<string>>(StringComparer.Ordinal));

    /// <summary>Empty while the name is unresolved.</summary>
    public EquatableArray<string> Find(string name) => addresses.TryGetValue(name, out var found) ? found : [];
}
