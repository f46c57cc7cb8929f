using Xunit.Abstractions;
using Xunit.Sdk;

namespace MultiCluster.Persistence.Tests.Contract;

/// <summary>A fact of a contract: skipped, with the reason, in the classes whose database is not on this machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("MultiCluster.Persistence.Tests.Contract.ContractFactDiscoverer", "MultiCluster.Persistence.Tests")]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>Says that a class needs a PostgreSQL server program.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgreSqlAttribute : Attribute;

public sealed class ContractFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new ContractTestCase(diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

public sealed class ContractTestCase : XunitTestCase
{
    [Obsolete("For the deserializer only.")]
    public ContractTestCase()
    {
    }

    public ContractTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute)
    {
        var needs = TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgreSqlAttribute)).Any();
        return needs ? PostgreSql.PostgreSqlPrograms.WhyMissing : base.GetSkipReason(factAttribute);
    }
}
