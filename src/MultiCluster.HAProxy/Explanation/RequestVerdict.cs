using MultiCluster.Model.Collections;

namespace MultiCluster.HAProxy.Explanation;

/// <summary>What a policy makes of a request, as far as that can be told without asking anybody.</summary>
/// <param name="Status">The proxy answers with it itself; null: an endpoint is asked.</param>
/// <param name="Location">Of a redirection.</param>
/// <param name="UpstreamPath">That endpoints see, without the query; null where none is asked.</param>
/// <param name="Steps">For people: each rule that had a word in it, in the order in which a proxy applies them.</param>
/// <param name="Open">What depends on somebody's word, or on what came before, so that the answer may be another one.</param>
public sealed record RequestVerdict(int? Status, string? Location, string? UpstreamPath, EquatableArray<string> Steps, EquatableArray<string> Open)
{
    public bool IsCertain => Open.IsEmpty;
}
