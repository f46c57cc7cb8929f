using MultiCluster.TestKit.Pebble;

namespace MultiCluster.Acme.Tests.Support;

public sealed class PebbleFactAttribute : FactAttribute
{
    public PebbleFactAttribute() => Skip = PebbleServer.WhyMissing;
}

public sealed class PebbleTheoryAttribute : TheoryAttribute
{
    public PebbleTheoryAttribute() => Skip = PebbleServer.WhyMissing;
}
