namespace MultiCluster.Hocon.Schema;

/// <summary>What a key of the reference asks for, read off its default.</summary>
internal enum HoconType
{
    /// <summary>The default is null: any single value, and none will do.</summary>
    Optional,
    Boolean,
    Whole,
    Number,
    Duration,
    Size,
    Text,
    List,
    Object,
}

internal static class HoconTypes
{
    public static HoconType Of(ConfigNode value) => value switch
    {
        ConfigObject => HoconType.Object,
        ConfigList => HoconType.List,
        ConfigScalar { Kind: ScalarKind.Null } => HoconType.Optional,
        ConfigScalar { Kind: ScalarKind.Boolean } => HoconType.Boolean,
        ConfigScalar { Kind: ScalarKind.Number } number => HoconUnits.TryWhole(number.Text, out _) ? HoconType.Whole : HoconType.Number,
        ConfigScalar text when HoconUnits.IsDurationWithUnit(text.Text) => HoconType.Duration,
        ConfigScalar text when HoconUnits.IsSizeWithUnit(text.Text) => HoconType.Size,
        _ => HoconType.Text,
    };

    public static string Words(HoconType type) => type switch
    {
        HoconType.Boolean => "true or false",
        HoconType.Whole => "a whole number",
        HoconType.Number => "a number",
        HoconType.Duration => "a duration such as 5s or 200 ms",
        HoconType.Size => "a size such as 512 KiB or 10 MB",
        HoconType.Text => "text",
        HoconType.List => "a list",
        HoconType.Object => "an object",
        _ => "a single value",
    };

    public static bool Accepts(HoconType type, ConfigNode value) => (type, value) switch
    {
        (HoconType.Object, ConfigObject) or (HoconType.List, ConfigList) or (HoconType.Optional, ConfigScalar) => true,
        (_, ConfigScalar { IsNull: false } scalar) => Accepts(type, scalar.Text),
        _ => false,
    };

    /// <summary>The spelling that .NET's own converters read: <c>True</c>-like booleans, <c>c</c>-format time spans, bytes.</summary>
    public static string Canonical(HoconType type, string text) => type switch
    {
        HoconType.Boolean when HoconUnits.TryBoolean(text, out var value) => value ? "true" : "false",
        HoconType.Duration when HoconUnits.TryDuration(text, out var duration) => duration.ToString("c"),
        HoconType.Size when HoconUnits.TrySize(text, out var bytes) => bytes.ToString(),
        HoconType.Whole when HoconUnits.TryWhole(text, out var number) => number.ToString(),
        _ => text,
    };

    private static bool Accepts(HoconType type, string text) => type switch
    {
        HoconType.Boolean => HoconUnits.TryBoolean(text, out _),
        HoconType.Whole => HoconUnits.TryWhole(text, out _),
        HoconType.Number => HoconUnits.TryNumber(text, out _),
        HoconType.Duration => HoconUnits.TryDuration(text, out _),
        HoconType.Size => HoconUnits.TrySize(text, out _),
        HoconType.Text => true,
        _ => false,
    };
}
