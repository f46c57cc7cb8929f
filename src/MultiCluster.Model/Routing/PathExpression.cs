namespace MultiCluster.Model.Routing;

/// <summary>How requests are matched with a route whose path is no plain text.</summary>
/// <param name="Pattern">
/// Without groups that capture, in the form of <see cref="Policies.SafePattern"/>; begins with ^. Matched with the path percent-decoded.
/// </param>
/// <param name="Rank">Of the expressions of a host that match the greatest counts, unless a Prefix that matches is longer than its rank.</param>
public sealed record PathExpression(string Pattern, int Rank);
