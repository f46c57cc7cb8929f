namespace MultiCluster.EndToEnd.Tests.Hostile;

/// <summary>What a field may hold when somebody means harm, or a tool went wrong. None is a DNS name.</summary>
internal static class HostileValues
{
    public static readonly IReadOnlyList<string> All =
    [
        " ",
        "a b",
        "a\tb",
        "a\nshow info",
        "a\n\ndisable frontend ingress\n",
        "a\r\nb",
        "a\0b",
        "a\u0001",
        "a\u001b[2J",
        "a\u007fb",
        "a;shutdown frontend ingress",
        "a\\;b",
        "a\\",
        "a<<",
        "a <<\nb",
        "\"a\"",
        "'a'",
        "%[env(PATH)]",
        "a%0ab",
        "a|b||c",
        "~r5",
        "a#b",
        "a?b",
        "../../../etc/passwd",
        "${HOME}",
        "b\u00fccher.example",
        "a\u2028b",
        "\u212aelvin",
        "\U0001F4A5",
        new string('a', 10_000),
    ];

    /// <summary>What readers of IP addresses take, or take for one, although it is none or holds more.</summary>
    private static readonly IReadOnlyList<string> Addresses =
    [
        "fd00::1%lo",
        "fe80::1%0;show info",
        "[fd00::1]",
        "[fd00::1]:80",
        "fd00::1/64",
        "fd00::1 weight 256",
        "fd00::1\nshow info",
        "0x7f.1",
        "1",
        "010.0.0.1",
    ];

    private static readonly IReadOnlyList<string> AllAndAddresses = [.. All, .. Addresses];

    /// <param name="field">As in <see cref="HostileSet.Field"/>.</param>
    public static IReadOnlyList<string> For(string field) => field.EndsWith(".addresses[0]", StringComparison.Ordinal) ? AllAndAddresses : All;

    /// <summary>For people: short and printable.</summary>
    public static string Show(string value) =>
        (value.Length > 40 ? $"{value[..20]}… ({value.Length} characters)" : value)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal);
}
