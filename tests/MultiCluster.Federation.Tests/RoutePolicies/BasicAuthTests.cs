using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.Tests.RoutePolicies;

public sealed class BasicAuthTests
{
    private const string Hash = "$6$salt$Zz/.09";

    [Theory]
    [InlineData("H:auth-type=basic-auth & H:auth-secret=users", "ann", Hash, "Protected Content ann")]
    [InlineData("H:auth-type=basic-auth & H:auth-secret=users & H:auth-realm=My shop", "ann", Hash + "\n", "My shop ann")]
    [InlineData("J:auth-secret=users", "auth", "bob:" + Hash + "\n# nobody\n\nann:" + Hash, "localhost ann bob")]
    [InlineData("J:auth-type=basic & J:auth-secret=shop/users", "auth", "ann:$apr\nann:" + Hash, "localhost ann", "line 1 lets nobody in")]
    [InlineData("N:auth-type=basic & N:auth-secret=users", "auth", "ann:$2y$05$abc/.9\r\nbob:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\ncal:abJnggxhB/yWI", "Authentication Required ann bob cal")]
    [InlineData("N:auth-secret=users & N:auth-secret-type=auth-map", "ann", "$y$j9T$a$b", "Authentication Required ann")]
    public void Users_are_those_of_the_Secret(string lines, string key, string value, string expected, string? problem = null)
    {
        var reading = Reading.Of(lines, Reading.Context(secrets: ("users", key, value)));
        Assert.False(reading.Policy.Closed);
        var auth = reading.Policy.BasicAuthentication!;
        Assert.Equal(expected, $"{auth.Realm} {string.Join(' ', auth.Users.Select(static user => user.Name))}");
        Assert.Contains(problem ?? "", string.Join(' ', reading.Problems), StringComparison.Ordinal);
        Assert.Equal(problem is null, reading.Problems.IsEmpty);
    }

    [Theory]
    [InlineData("J:auth-secret=users", "ann::secret")]
    [InlineData("N:auth-secret=users", "ann:{PLAIN}secret")]
    public void A_password_in_clear_is_hashed_with_the_name(string lines, string value) => Assert.Equal(
        [new UserPassword("ann", "{CLEAR-SHA256}816f9bf0766e9b74f04ecb467e9977d9b3c0ac5af8b6373246d575de00d2c8ad")],
        Reading.Policy(lines, Reading.Context(secrets: ("users", "auth", value))).BasicAuthentication!.Users);

    [Theory]
    [InlineData("H:auth-type=basic-auth", "stands without haproxy.org/auth-secret; name a Secret there, and until then every request is refused")]
    [InlineData("H:auth-type=digest & H:auth-secret=users", "write basic-auth, and until then every request is refused")]
    [InlineData("N:auth-type=digest & N:auth-secret=users", "would need passwords in clear; write basic")]
    [InlineData("N:auth-secret=users & N:auth-secret-type=other", "write auth-file or auth-map, and until then every request is refused")]
    [InlineData("J:auth-secret=other", "names Secret shop/other, which there is not; create it, and until then every request is refused", Reasons.SecretNotFound)]
    [InlineData("J:auth-secret=bank/users", "of another namespace, in which no ReferenceGrant lets Ingresses of shop use it; create one in bank, or copy the Secret", Reasons.RefNotPermitted)]
    [InlineData("J:auth-secret=file:///etc/passwd", "a file of the proxy's machine")]
    [InlineData("J:auth-secret=A B", "write the name of a Secret")]
    [InlineData("J:auth-secret=", "is empty")]
    [InlineData("N:auth-secret=map", "which has no text under the key auth")]
    [InlineData("J:auth-secret=bad", "whose line 1 lets nobody in: it has no hash of a password; write one of htpasswd, such as of htpasswd -B")]
    [InlineData("J:auth-secret=quote", "whose line 1 lets nobody in: it has no name of letters, digits and ")]
    [InlineData("J:auth-secret=clear", "what stands for the password is no hash that is known")]
    public void Where_users_cannot_be_read_everybody_is_refused(string lines, string problem, string reason = Reasons.InvalidPolicy)
    {
        var reading = Reading.Of(lines, Reading.Context(secrets:
        [
            ("users", "auth", $"ann:{Hash}"), ("map", "ann", Hash), ("bad", "auth", "ann"), ("quote", "auth", $"a\"b:{Hash}"), ("clear", "auth", "ann:topsecret"),
        ]));
        Assert.Equal((true, null), (reading.Policy.Closed, reading.Policy.BasicAuthentication));
        Assert.Contains(problem, reading.Problems[0].Text, StringComparison.Ordinal);
        Assert.Equal(reason, reading.Problems[0].Reason);
        Assert.DoesNotContain("topsecret", reading.Problems.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_realm_alone_guards_nothing_and_a_bad_one_is_the_default()
    {
        Assert.True(Reading.Policy("J:auth-realm=shop").IsEmpty);
        var reading = Reading.Of("J:auth-secret=users & J:auth-realm=a\"b", Reading.Context(secrets: ("users", "auth", $"ann:{Hash}")));
        Assert.Equal("localhost", reading.Policy.BasicAuthentication!.Realm);
        Assert.Contains("write printable ASCII", Assert.Single(reading.Problems).Text, StringComparison.Ordinal);
    }
}
