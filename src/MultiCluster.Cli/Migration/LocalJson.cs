using System.Text.Json.Serialization;

namespace MultiCluster.Cli.Migration;

/// <summary>The JSON of answers that mcctl finds by itself.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(AnnotationListView))]
[JsonSerializable(typeof(CoverageView))]
[JsonSerializable(typeof(MigrationView))]
internal sealed partial class LocalJson : JsonSerializerContext;
