using System.Text.Json;
using System.Text.Json.Serialization;
using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Policies;

/// <summary>What of a request is looked at.</summary>
public enum RequestPart
{
    /// <summary>The whole of a header's line.</summary>
    Header,

    /// <summary>One of a header's values, which commas divide.</summary>
    HeaderItem,

    Cookie,

    /// <summary>As it came, without the query.</summary>
    Path,

    Method,

    /// <summary>The address of the connection.</summary>
    Source,

    /// <summary>A number that is drawn for each request.</summary>
    Share,
}

public enum TextMatch
{
    /// <summary>It is there.</summary>
    Present,

    Equal,

    Begin,

    /// <summary>In the form of <see cref="SafePattern"/>, taking no end of a line; of headers and paths.</summary>
    Pattern,
}

/// <summary>One thing that a request must have.</summary>
/// <param name="Name">Of a header (lower case) or a cookie; otherwise empty.</param>
/// <param name="Values">Printable ASCII, one of which it must be; networks for a source.</param>
public sealed record RequestTest(RequestPart Part, string Name, TextMatch Match, EquatableArray<string> Values)
{
    public bool IgnoresCase { get; init; }

    /// <summary>It must not have it.</summary>
    public bool IsNegated { get; init; }

    /// <summary>Of a share: the first of <see cref="Total"/> numbers that count.</summary>
    public int From { get; init; }

    /// <summary>And the first that does not any more.</summary>
    public int To { get; init; }

    public int Total { get; init; }

    public static RequestTest Share(int from, int to, int total) => new(RequestPart.Share, "", TextMatch.Present, []) { From = from, To = to, Total = total };
}

/// <param name="Takes">Otherwise a request that has all of it is left to others.</param>
/// <param name="Tests">All hold.</param>
public sealed record RouteRule(bool Takes, EquatableArray<RequestTest> Tests);

/// <summary>Which requests of its key a route takes from others of the same key.</summary>
public sealed record RouteCondition
{
    /// <summary>None: what could not be read may not take what it was not meant to.</summary>
    public static readonly RouteCondition Never = new();

    /// <summary>The first that holds decides; without one a request is left to others.</summary>
    public EquatableArray<RouteRule> Rules { get; init; } = [];

    /// <summary>
    /// It is there for the main route's sake, whose policy it has: it takes nothing without one, nor while it has no endpoint.
    /// </summary>
    public bool IsCanary { get; init; }

    /// <summary>A session that is bound to one of the two stays there, whatever the rules say.</summary>
    public bool IsSticky { get; init; }

    /// <summary>The more it asks for, the earlier it is tried.</summary>
    [JsonIgnore]
    public int TestCount => Rules.Items.Sum(static rule => rule.Tests.Count);

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, RouteConditionJsonContext.Default.RouteCondition);

    /// <returns>One that never holds for what is no condition, or asks for more than this version knows.</returns>
    public static RouteCondition Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RouteConditionJsonContext.Default.RouteCondition) ?? Never;
        }
        catch (JsonException)
        {
            return Never;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    Converters = [typeof(StringsConverter), typeof(ItemsConverter<RouteRule>), typeof(ItemsConverter<RequestTest>)])]
[JsonSerializable(typeof(RouteCondition))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(RouteRule[]))]
[JsonSerializable(typeof(RequestTest[]))]
internal sealed partial class RouteConditionJsonContext : JsonSerializerContext;
