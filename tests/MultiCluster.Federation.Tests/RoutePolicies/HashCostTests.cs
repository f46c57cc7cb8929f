namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class HashCostTests
{
    [Theory]
    [InlineData("$2y$12$abc/.9", true)]
    [InlineData("$2y$13$abc/.9", false)]
    [InlineData("$2b$31$abc/.9", false)]
    [InlineData("$2a$5$abc/.9", false)]
    [InlineData("$6$salt$Zz/.09", true)]
    [InlineData("$5$rounds=1000000$salt$Zz/.09", true)]
    [InlineData("$6$rounds=1000001$salt$Zz/.09", false)]
    [InlineData("$6$rounds=999999999999$salt$Zz/.09", false)]
    [InlineData("$7$CU..../....salt$Zz/.09", true)]
    [InlineData("$7$DU..../....salt$Zz/.09", false)]
    [InlineData("$7$GU..../....salt$Zz/.09", false)]
    [InlineData("$7$z........zzsalt$Zz/.09", false)]
    [InlineData("$7$CU....0....salt$Zz/.09", false)]
    [InlineData("$7$CUzzzz/....salt$Zz/.09", false)]
    [InlineData("$7$short$Zz/.09", false)]
    [InlineData("$y$j9T$salt$Zz/.09", true)]
    [InlineData("$y$jBT$salt$Zz/.09", true)]
    [InlineData("$y$jCT$salt$Zz/.09", false)]
    [InlineData("$y$jFT$salt$Zz/.09", false)]
    [InlineData("$y$jkz$salt$Zz/.09", false)]
    [InlineData("$y$j9T/z$salt$Zz/.09", false)]
    [InlineData("$apr1$salt$Zz/.09", true)]
    [InlineData("$1$salt$Zz/.09", true)]
    public void Nobody_gets_in_by_a_hash_that_takes_the_machine(string hash, bool isOk)
    {
        var reading = Reading.Of("J:auth-secret=users", Reading.Context(secrets: ("users", "auth", $"bob:$6$salt$Zz/.09\nann:{hash}")));
        Assert.Equal(isOk ? "ann bob" : "bob", string.Join(' ', reading.Policy.BasicAuthentication!.Users.Select(static user => user.Name)));
        if (isOk)
            Assert.True(reading.Problems.IsEmpty, reading.Problems.ToString());
        else
            Assert.Matches("names Secret shop/users, whose line 2 lets nobody in: a check of its hash takes more than .*; make one that takes less", Assert.Single(reading.Problems).Text);
    }
}
