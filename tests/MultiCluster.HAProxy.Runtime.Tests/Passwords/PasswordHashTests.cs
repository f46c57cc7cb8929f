using System.Text;
using MultiCluster.HAProxy.Runtime.Passwords;

namespace MultiCluster.HAProxy.Runtime.Tests.Passwords;

public sealed class PasswordHashTests
{
    // Made by openssl passwd, and those of bcrypt, yescrypt and DES by libcrypt.
    [Theory]
    [InlineData("$apr1$abcdefgh$bw9gEObk10asetVLiysIZ0", "geheim")]
    [InlineData("$apr1$12345678$RkSsHiO1RUdjaoav57ZaW/", "a much longer password than sixteen bytes")]
    [InlineData("$1$abcdefgh$eKehL.s8tG6zTf8hBtmEF.", "geheim")]
    [InlineData("$5$abcdefgh$azU9PNNJw9essBuwq5yihWY9lFXM0dF54Ph4sAxX.YB", "geheim")]
    [InlineData("$6$abcdefgh$msgktWxVAbjjh3X7lA5LaM7dS/ZfABJL6T4qcRsnjcOTj0kptUvZcrvrXIoO5fgPA9xz6UnF2To2Y7jGc/IZY/", "geheim")]
    [InlineData("$2b$06$abcdefghijklmnopqrstuukOxHcSInxxailTrgs0cMRUiIbAqEx3u", "geheim")]
    [InlineData("$2y$06$abcdefghijklmnopqrstuukOxHcSInxxailTrgs0cMRUiIbAqEx3u", "geheim")]
    [InlineData("$y$j9T$abcdefghijkl$rm3DZjgfogqCAOLjOHi5lEn4PpQIZASy22CRuq/wmtD", "geheim")]
    [InlineData("abOkmxXhjDb.Y", "geheim")]
    public void A_hash_fits_its_password_alone(string hash, string password)
    {
        Assert.Null(PasswordHash.Problem);
        Assert.True(Fits(hash, password));
        Assert.False(Fits(hash, password[1..]));
        Assert.False(Fits(hash, password + "\0"));
        Assert.False(Fits(hash[..^1], password));
        Assert.False(Fits(hash + "a", password));
    }

    [Theory]
    [InlineData("", "a")]
    [InlineData("*0", "a")]
    [InlineData("$", "a")]
    [InlineData("$6$", "a")]
    [InlineData("$6$rounds=999999999999$a$b", "a")]
    [InlineData("$apr1$", "a")]
    [InlineData("$apr1$$", "")]
    [InlineData("$2b$06$\u00e4", "a")]
    [InlineData("a\0b", "a")]
    public void What_is_no_hash_fits_nothing(string hash, string password) => Assert.False(Fits(hash, password));

    [Fact]
    public void Nobody_has_so_long_a_password() => Assert.False(Fits("$6$abcdefgh$a", new string('a', PasswordHash.MaxPassword + 1)));

    private static bool Fits(string hash, string password) => PasswordHash.Fits(hash, Encoding.UTF8.GetBytes(password));
}
