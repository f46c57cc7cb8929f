using System.Text.Json.Serialization;
using MultiCluster.Cli.Top;
using MultiCluster.Cli.Validation;

namespace MultiCluster.Cli.Migration;

/// <summary>The JSON of answers that mcctl finds by itself.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(AnnotationListView))]
[JsonSerializable(typeof(CoverageView))]
[JsonSerializable(typeof(MigrationView))]
[JsonSerializable(typeof(ValidationView))]
[JsonSerializable(typeof(TopView))]
internal sealed partial class LocalJson : JsonSerializerContext;
