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

    /// <summary>For people: short and printable.</summary>
    public static string Show(string value) =>
        (value.Length > 40 ? $"{value[..20]}… ({value.Length} characters)" : value)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal);
}
