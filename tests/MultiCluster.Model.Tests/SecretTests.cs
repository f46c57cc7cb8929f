using System.Text.Json;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Security;

namespace MultiCluster.Model.Tests;

public sealed class SecretTests
{
    private static readonly Secret Password = Secret.FromText("hunter2");

    [Fact]
    public void A_secret_shows_in_no_text()
    {
        var holder = new TlsSecretResource(new ObjectMeta(new ObjectKey("web", "tls"))) { PrivateKeyPem = Password };

        Assert.Equal("***", Password.ToString());
        Assert.DoesNotContain("hunter2", holder.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", JsonSerializer.Serialize(Password), StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Password.Reveal().Span), JsonSerializer.Serialize(holder), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_equal_by_content()
    {
        Assert.Equal(Password, Secret.FromText("hunter2"));
        Assert.Equal(Password.GetHashCode(), Secret.FromText("hunter2").GetHashCode());
        Assert.NotEqual(Password, Secret.FromText("hunter3"));
        Assert.Equal(7, Password.Length);
        Assert.Equal("hunter2"u8.ToArray(), Password.Reveal().ToArray());
    }
}
