using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Members;

/// <summary>Objects of one kind that lists lack, and that stay all the same until they are there again, deleted one by one, or approved.</summary>
/// <param name="SinceList">Number of the first list of that kind that is held, the first one read being 1.</param>
/// <param name="Samples">Names of the first few.</param>
public sealed record HeldList(ResourceKind Kind, int Count, int SinceList, EquatableArray<string> Samples);
