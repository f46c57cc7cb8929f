using MultiCluster.Controller.Entities;

namespace MultiCluster.Controller.Tests.Support;

internal sealed class ScriptedResolver : IHostResolver
{
    private readonly Dictionary<string, string[]> _addresses = new(StringComparer.Ordinal);

    public List<string> Asked { get; } = [];

    /// <summary>Throws in the face of the caller: a bug, for which supervision is there.</summary>
    public bool IsBroken { get; set; }

    public void Answer(string name, params string[] addresses) => _addresses[name] = addresses;

    /// <summary>DNS fails for it.</summary>
    public void Forget(string name) => _addresses.Remove(name);

    public Task<IReadOnlyList<string>> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        if (IsBroken)
            throw new InvalidOperationException("broken on purpose");
        Asked.Add(name);
        return _addresses.TryGetValue(name, out var addresses)
            ? Task.FromResult<IReadOnlyList<string>>(addresses)
            : Task.FromException<IReadOnlyList<string>>(new IOException($"no answer for {name}"));
    }
}
