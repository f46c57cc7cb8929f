using System.Text;
using MultiCluster.Model.Policies;

namespace MultiCluster.Model.Tests.Policies;

public sealed class PolicyJsonTests
{
    [Fact]
    public void A_guard_of_a_later_version_lets_in_nobody()
    {
        var later = """{"clientCertificate":{"authority":"x"},"maxBodyBytes":5,"guards":["Sources","ClientCertificate"]}""";

        Assert.Equal(new RoutePolicy { Closed = true, MaxBodyBytes = 5 }, PolicyJson.Read(Encoding.UTF8.GetBytes(later)));
    }

    [Fact]
    public void What_does_not_guard_is_passed_over()
    {
        Assert.Equal(new RoutePolicy { MaxBodyBytes = 5 }, PolicyJson.Read("""{"ofLater":"x","maxBodyBytes":5,"guards":[]}"""u8));
        Assert.Null(PolicyJson.Read("[]"u8));
    }

    [Fact]
    public void Guards_are_named()
    {
        var policy = new RoutePolicy { Sources = new SourceRules(true, ["10.0.0.0/8"], []), MaxBodyBytes = 1 };

        Assert.Equal(["Sources"], policy.Guards);
        Assert.Equal(policy, PolicyJson.Read(PolicyJson.Write(policy)));
    }
}
