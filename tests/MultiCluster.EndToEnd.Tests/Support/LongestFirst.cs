using MultiCluster.EndToEnd.Tests.Conformance;
using MultiCluster.EndToEnd.Tests.Federation;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("MultiCluster.EndToEnd.Tests.Support.LongestFirst", "MultiCluster.EndToEnd.Tests")]

namespace MultiCluster.EndToEnd.Tests.Support;

/// <summary>Of the collections that run beside others those that take longest begin first, so that none still runs alone when all are through.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Names = [WorldsDefinition.Name, FederatedDefinition.Name];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(static collection => Array.IndexOf(Names, collection.DisplayName) is >= 0 and var place ? place : Names.Length);
}
