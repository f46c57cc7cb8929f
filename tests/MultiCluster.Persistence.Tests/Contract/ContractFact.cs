using MultiCluster.TestKit.PostgreSql;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace MultiCluster.Persistence.Tests.Contract;

/// <summary>A fact of a contract: skipped, with the reason, in the classes whose database is not on this machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("MultiCluster.Persistence.Tests.Contract.ContractFactDiscoverer", "MultiCluster.Persistence.Tests")]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>Says what a class needs that not every machine has.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class NeedsAttribute : Attribute
{
    /// <summary>Null when it is here.</summary>
    public abstract string? WhyMissing { get; }
}

/// <summary>A PostgreSQL server program.</summary>
public sealed class NeedsPostgreSqlAttribute : NeedsAttribute
{
    public override string? WhyMissing => PostgreSqlPrograms.WhyMissing;
}

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
        var missing = TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsAttribute))
            .Select(static needs => needs.GetNamedArgument<string?>(nameof(NeedsAttribute.WhyMissing)))
            .FirstOrDefault(static why => why is not null);
        return missing ?? base.GetSkipReason(factAttribute);
    }
}
