using System.Text;
using MultiCluster.Acme.Issued;
using MultiCluster.Acme.Protocol;
using MultiCluster.Acme.Tests.Support;

namespace MultiCluster.Acme.Tests.Protocol;

/// <summary>Answers that were damaged on purpose, from seeds: nothing is thrown, and what is accepted is safe.</summary>
public sealed class HostileAnswerTests
{
    private const string Authorization = """
        {"status":"invalid","identifier":{"type":"dns","value":"shop.example"},"challenges":[{"type":"http-01","url":"https://ca.example/c","status":"invalid",
        "token":"LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0","error":{"type":"urn:ietf:params:acme:error:dns","detail":"no such host","subproblems":[{"type":"x"}]},
        "validationRecord":[{"url":"http://shop.example/x","addressUsed":"192.0.2.7"}]}]}
        """;

    private const string Order = """
        {"status":"valid","identifiers":[{"type":"dns","value":"shop.example"}],"authorizations":["https://ca.example/a"],"finalize":"https://ca.example/f",
        "certificate":"https://ca.example/x","error":{"type":"urn:ietf:params:acme:error:caa","detail":"d","identifier":{"type":"dns","value":"shop.example"}}}
        """;

    private const string Directory = """
        {"newNonce":"https://ca.example/n","newAccount":"https://ca.example/a","newOrder":"https://ca.example/o","meta":{"externalAccountRequired":true}}
        """;

    private static readonly string[] Inserted = ["null", "[]", "{}", "1e999", "\"\"", "true", ",", "\"", "\\u0000", "\u0001", "[[[[[[[[[[[[[[[[[[[["];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_damage_is_thrown_and_no_token_escapes(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 3000; i++)
        {
            var order = AcmeReader.Order(Damage(random, Order));
            var authorization = AcmeReader.Authorization(Damage(random, Authorization));
            var directory = AcmeReader.Directory(Damage(random, Directory));
            _ = AcmeReader.Problem(Damage(random, Authorization))?.ToString();
            _ = AcmeReader.Account(Damage(random, Order));

            Assert.True(order.IsOk != (order.Error is not null));
            Assert.True(directory.IsOk != (directory.Error is not null));
            if (authorization.Value?.Http is { } challenge)
                Assert.Matches("^[A-Za-z0-9_-]{22,128}\\z", challenge.Token);
            if (order.IsOk)
                Assert.All(order.Value.Authorizations, static url => Assert.Equal("https", new Uri(url).Scheme));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_damaged_chain_is_thrown_and_none_is_accepted_without_our_key(int seed)
    {
        using var run = new ScriptedRun();
        var chain = (await run.IssueAsync()).Value!.Chain;
        using var key = new CertificateKey();
        var random = new Random(seed);
        for (var i = 0; i < 1000; i++)
            Assert.False(Chain.Read(Damage(random, chain), key, ["shop.example"], run.Clock.GetUtcNow()).IsOk);
    }

    private static byte[] Damage(Random random, string text)
    {
        var damaged = text;
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var (from, length) = (random.Next(damaged.Length), random.Next(12));
            damaged = random.Next(3) switch
            {
                0 => damaged.Remove(from, Math.Min(length, damaged.Length - from - 1)),
                1 => damaged.Insert(from, Inserted[random.Next(Inserted.Length)]),
                _ => damaged.Replace(damaged.Substring(from, Math.Min(length, damaged.Length - from)) is { Length: > 0 } part ? part : "x", Inserted[random.Next(Inserted.Length)], StringComparison.Ordinal),
            };
            if (damaged.Length < 2)
                break;
        }

        var bytes = Encoding.UTF8.GetBytes(damaged);
        if (bytes.Length > 0 && random.Next(2) == 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }
}
