using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Data;

namespace MultiCluster.HAProxy.Policies;

/// <summary>Collects what a policy comes to. Nothing is cut: what does not fit is left out as a whole and said.</summary>
internal sealed class PolicyWriter(string id)
{
    private readonly Dictionary<MapKey, string> _entries = [];

    private readonly List<string> _refused = [];

    private readonly StringBuilder _flags = new();

    private bool _isClosed;

    public string Id => id;

    /// <summary>Free text in a value: base64url, which the program decodes. Nothing for nothing.</summary>
    public static string Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    public static string Text(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public void Flag(char letter)
    {
        if (!Has(letter))
            _flags.Append(letter);
    }

    public bool Has(char letter) => _flags.ToString().Contains(letter, StringComparison.Ordinal);

    /// <summary>With the value that goes with it; divided by '|' where there are several.</summary>
    /// <param name="what">For people, should it not fit.</param>
    /// <returns>False: it was left out.</returns>
    public bool Flag(char letter, string value, string what)
    {
        if (!Named(letter, "", value, what))
            return false;
        Flag(letter);
        return true;
    }

    /// <summary>An entry of the policy without a letter of its own.</summary>
    public bool Named(char letter, string name, string value, string what) =>
        Entry(new MapKey(MapName.Policies, string.Create(CultureInfo.InvariantCulture, $"{id}:{letter}{name}")), value, what);

    /// <param name="list">Letter of the list of networks.</param>
    /// <param name="network">As <see cref="NetworkKeys"/> writes it.</param>
    public void Network(char list, string network, string value) =>
        _entries[new MapKey(MapName.Sources, $"{id}:{list}{network}")] = value;

    public bool Pattern(string key, string value, string what) => Entry(new MapKey(RouteMaps.PatternsOf(id), key), value, what);

    public void Refuse(string what) => _refused.Add(what);

    /// <summary>Nobody gets in.</summary>
    public void Close(string? why = null)
    {
        _isClosed = true;
        if (why is not null)
            Refuse(why);
    }

    public PolicyData ToData()
    {
        // Nobody comes to the other rules.
        if (_isClosed)
            return new PolicyData(id, PolicyFlags.Closed.ToString(), new Dictionary<MapKey, string>()) { Refused = _refused };
        return new PolicyData(id, _flags.Length == 0 ? PolicyFlags.None.ToString() : _flags.ToString(), _entries) { Refused = _refused };
    }

    public bool Entry(MapKey key, string value, string what)
    {
        if (!SafeText.IsKey(key) || !SafeText.IsValue(key.Map, value))
        {
            Refuse($"{what}: too long, or not writable as an entry of a map");
            return false;
        }

        _entries[key] = value;
        return true;
    }
}
