using System.Text.Json;
using System.Text.Json.Serialization;
using MultiCluster.Model.Collections;

namespace MultiCluster.Model.Policies;

/// <summary>
/// A policy as stored, sent and digested. What is not set is not written, and what a reader doesn't know it passes over, so that versions
/// of the program can differ; but for what guards access, of which the names are written besides: with one that it doesn't know it lets in
/// nobody.
/// </summary>
public static class PolicyJson
{
    public static byte[] Write(RoutePolicy policy) => JsonSerializer.SerializeToUtf8Bytes(policy, PolicyJsonContext.Default.RoutePolicy);

    /// <returns>Null for what is no policy.</returns>
    public static RoutePolicy? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var policy = JsonSerializer.Deserialize(json, PolicyJsonContext.Default.RoutePolicy);
            var guards = JsonSerializer.Deserialize(json, PolicyJsonContext.Default.GuardNames)?.Guards;
            return policy is not null && guards?.All(static guard => RoutePolicy.GuardNames.Contains(guard, StringComparer.Ordinal)) == false ? policy with { Closed = true } : policy;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    Converters = [typeof(StringsConverter), typeof(ItemsConverter<UserPassword>), typeof(ItemsConverter<RateLimit>), typeof(ItemsConverter<HeaderChange>), typeof(ItemsConverter<PathRewrite>), typeof(ItemsConverter<ErrorPage>), typeof(ItemsConverter<PodGroup>), typeof(ItemsConverter<CapturedPart>)])]
[JsonSerializable(typeof(RoutePolicy))]
[JsonSerializable(typeof(GuardNames))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(UserPassword[]))]
[JsonSerializable(typeof(RateLimit[]))]
[JsonSerializable(typeof(HeaderChange[]))]
[JsonSerializable(typeof(PathRewrite[]))]
[JsonSerializable(typeof(ErrorPage[]))]
[JsonSerializable(typeof(PodGroup[]))]
[JsonSerializable(typeof(CapturedPart[]))]
internal sealed partial class PolicyJsonContext : JsonSerializerContext;

/// <summary>The part of a policy that every version understands.</summary>
internal sealed record GuardNames(string[]? Guards);

internal class ItemsConverter<T> : JsonConverter<EquatableArray<T>>
    where T : IEquatable<T>
{
    public override EquatableArray<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        EquatableArray.Of((T[]?)JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(typeof(T[]))) ?? []);

    public override void Write(Utf8JsonWriter writer, EquatableArray<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Items.ToArray(), options.GetTypeInfo(typeof(T[])));
}

internal sealed class StringsConverter : ItemsConverter<string>;
