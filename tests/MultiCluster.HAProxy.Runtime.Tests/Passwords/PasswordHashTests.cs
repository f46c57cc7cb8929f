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

    // Right but for what the method reads, or for the time that it takes.
    [Theory]
    [InlineData("$6$rounds=1000000$abcdefgh$j9txYZ.LYqCjOyneI2v.SR1PPLfue87ZZMUq3I8T.8BhXwqXPaj3PRZ42RmWuNapLeyq3fEHGllw7RE2FmxcJ0", 'a', 100, false)]
    [InlineData("$5$rounds=1000000$abcdefgh$5Afn3BeSdbqumGF1vlNmWfYqWab6aHxKUm.lH6c.fF1", 'd', 36, true)]
    [InlineData("$2y$04$abcdefghijklmnopqrstuuUJf9qAIqFFWObw4K4AvdtuO.PaE5J/W", 'b', 72, true)]
    [InlineData("$2y$04$abcdefghijklmnopqrstuuUJf9qAIqFFWObw4K4AvdtuO.PaE5J/W", 'b', 73, false)]
    [InlineData("ab67qWMuSfrG2", 'c', 8, true)]
    [InlineData("ab67qWMuSfrG2", 'c', 9, false)]
    public void A_password_that_is_longer_than_its_method_is_good_for_fits_nothing(string hash, char letter, int length, bool fits) =>
        Assert.Equal(fits, Fits(hash, new string(letter, length)));

    [Fact]
    public void Nobody_has_so_long_a_password() => Assert.False(Fits("$6$abcdefgh$a", new string('a', PasswordHash.MaxPassword + 1)));

    private static bool Fits(string hash, string password) => PasswordHash.Fits(hash, Encoding.UTF8.GetBytes(password));
}
