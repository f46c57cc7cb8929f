using System.Buffers;
using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Policies;

/// <summary>A label of pods with one of its values: those pods are a group.</summary>
/// <param name="Key">See <see cref="IsKey"/>.</param>
/// <param name="Value">See <see cref="IsValue"/>.</param>
public readonly record struct PodLabel(string Key, string Value)
{
    private const int MaxName = 63;

    private const int MaxKey = 253 + 1 + MaxName;

    private static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>As Kubernetes has it: NAME, or a DNS name before it with '/'.</summary>
    public static bool IsKey(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        return text.Length <= MaxKey && (slash < 0 || IsWord(text[..slash], MaxKey)) && IsWord(text[(slash + 1)..], MaxName);
    }

    /// <summary>As Kubernetes has it, but for the empty one.</summary>
    public static bool IsValue(ReadOnlySpan<char> text) => IsWord(text, MaxName);

    public bool IsSafe => IsKey(Key) && IsValue(Value);

    public bool IsOf(EquatableMap labels) => string.Equals(labels.Find(Key), Value, StringComparison.Ordinal);

    private static bool IsWord(ReadOnlySpan<char> text, int most) =>
        text.Length > 0 && text.Length <= most && !text.ContainsAnyExcept(Characters) && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]);
}

/// <param name="Label">Its pods.</param>
/// <param name="Weight">0 to <see cref="BlueGreen.MaxWeight"/>.</param>
public sealed record PodGroup(PodLabel Label, int Weight);

/// <summary>How requests of one Service are parted among groups of its pods.</summary>
public sealed record BlueGreen
{
    public static readonly BlueGreen None = new();

    public const int MaxWeight = 256;

    public const int MaxGroups = 16;

    /// <summary>Each label once. Empty: all pods take requests alike.</summary>
    public EquatableArray<PodGroup> Groups { get; init; } = [];

    /// <summary>Weights are of each pod; otherwise of the group, however many pods it has.</summary>
    public bool IsOfPods { get; init; }

    /// <summary>A label of whose values a request may name one: its pods take the request then. Empty: none may.</summary>
    public string ChosenLabel { get; init; } = "";

    /// <summary>The header that names it, in lower case, see <see cref="HashKey.IsName"/>; empty: none does.</summary>
    public string ChosenByHeader { get; init; } = "";

    /// <summary>The cookie that names it, where the header does not, see <see cref="HashKey.IsName"/>; empty: none does.</summary>
    public string ChosenByCookie { get; init; } = "";

    /// <summary>Labels that it is about, each once.</summary>
    public IEnumerable<string> Labels => Groups.Items.Select(static group => group.Label.Key).Append(ChosenLabel).Where(static key => key.Length > 0).Distinct(StringComparer.Ordinal);

    /// <summary>Requests may name a group, and all that they name it by is what it has to be.</summary>
    public bool MayBeNamed => PodLabel.IsKey(ChosenLabel) && (ChosenByHeader.Length == 0 || HashKey.IsName(ChosenByHeader)) && (ChosenByCookie.Length == 0 || HashKey.IsName(ChosenByCookie));

    public bool IsEmpty => Groups.IsEmpty && ChosenLabel.Length == 0;
}
