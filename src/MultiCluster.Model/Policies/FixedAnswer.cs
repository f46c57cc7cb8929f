namespace MultiCluster.Model.Policies;

/// <summary>Every request of the route is answered by the proxy itself, with 200.</summary>
/// <param name="Text">Printable ASCII; sent as text/plain.</param>
public sealed record FixedAnswer(string Text);
