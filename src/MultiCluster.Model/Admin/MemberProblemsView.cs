namespace MultiCluster.Model.Admin;

/// <summary>What names members (the configuration, objects of the home cluster) and can't be used, as the asked controller sees it.</summary>
/// <param name="Problems">For people, each naming the object and the fix.</param>
public sealed record MemberProblemsView(IReadOnlyList<string> Problems);
