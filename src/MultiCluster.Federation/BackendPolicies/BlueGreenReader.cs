using System.Globalization;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.BackendPolicies;

/// <param name="Header">In lower case; empty: a cookie alone names the group.</param>
/// <param name="Cookie">Empty: a header alone does.</param>
internal sealed record GroupChoice(string Label, string Header, string Cookie);

/// <summary>Which groups of pods take requests, by labels of theirs.</summary>
internal static class BlueGreenReader
{
    public const string Balance = "blue-green-balance";
    public const string Mode = "blue-green-mode";
    public const string Header = "blue-green-header";
    public const string Cookie = "blue-green-cookie";

    /// <summary>As there one entry that is wrong costs all: weights say something only together.</summary>
    public static EquatableArray<PodGroup>? Groups(BackendAnnotations all)
    {
        if (all.Text(Balance) is not { } text)
            return null;
        var groups = new List<PodGroup>();
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Read(entry) is not { } group)
                return Refuse($"holds {Shown.Quoted(entry)}; write LABEL=VALUE=WEIGHT for each group of pods, with a whole number for the weight");
            if (groups.Exists(other => other.Label == group.Label))
                return Refuse($"has two weights for {group.Label.Key}={group.Label.Value}; remove one");
            groups.Add(group with { Weight = Math.Clamp(group.Weight, 0, BlueGreen.MaxWeight) });
            if (groups[^1].Weight != group.Weight)
                all.Refuse(Balance, string.Create(CultureInfo.InvariantCulture, $"has {Shown.Quoted(entry)}, whose weight counts as {groups[^1].Weight}; write 0 to {BlueGreen.MaxWeight}"));
        }

        return groups.Count <= BlueGreen.MaxGroups
            ? groups.ToEquatableArray()
            : Refuse(string.Create(CultureInfo.InvariantCulture, $"has {groups.Count} groups; write at most {BlueGreen.MaxGroups}"));

        EquatableArray<PodGroup>? Refuse(string problem)
        {
            all.Refuse(Balance, $"{problem}. Until then all pods take requests alike");
            return null;
        }
    }

    public static GroupChoice? Choice(BackendAnnotations all)
    {
        var (header, cookie) = (Pair(all, Header), Pair(all, Cookie));
        if (header is { } one && cookie is { } two && one.Label != two.Label)
        {
            all.Refuse(Cookie, $"names label {Shown.Plain(two.Label)}, and {Header} label {Shown.Plain(one.Label)}, so that neither counts; write one label in both");
            return null;
        }

        return (header ?? cookie) is { } some ? new GroupChoice(some.Label, header?.Name.ToLowerInvariant() ?? "", cookie?.Name ?? "") : null;
    }

    private static (string Name, string Label)? Pair(BackendAnnotations all, string key)
    {
        if (all.Text(key) is not { } text)
            return null;
        if (text.Split(':', 2) is [var name, var label] && HashKey.IsName(name) && PodLabel.IsKey(label))
            return (name, label);
        all.Refuse(key, $"is {Shown.Quoted(text)}; write NAME:LABEL, the name of a {(key == Header ? "header" : "cookie")} and that of a label of pods");
        return null;
    }

    private static PodGroup? Read(string entry) =>
        entry.Split('=', StringSplitOptions.TrimEntries) is [var key, var value, var weight] && PodLabel.IsKey(key) && PodLabel.IsValue(value)
        && int.TryParse(weight, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? new PodGroup(new PodLabel(key, value), number)
            : null;
}
