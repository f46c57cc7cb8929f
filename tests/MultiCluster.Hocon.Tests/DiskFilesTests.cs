using System.Text;

namespace MultiCluster.Hocon.Tests;

public sealed class DiskFilesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hocon-");

    private string Main => Path.Combine(folder.FullName, "app.conf");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Files_and_their_includes_are_read()
    {
        File.WriteAllText(Main, "include \"other.conf\"\na = ${b}", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        File.WriteAllText(Path.Combine(folder.FullName, "other.conf"), "b = \"h\u00e9\"");
        Assert.Equal("h\u00e9", Load().GetString("a"));
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Equal($"{Main}: the file does not exist", Assert.Throws<HoconException>(Load).Message);

    [Fact]
    public void A_directory_is_no_file()
    {
        Directory.CreateDirectory(Main);
        Assert.Equal($"{Main}: cannot be read: it is a directory", Assert.Throws<HoconException>(Load).Message);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        File.WriteAllBytes(Main, [(byte)'a', (byte)'=', 0xC3, 0x28]);
        Assert.Equal($"{Main}: cannot be read: it is not valid UTF-8", Assert.Throws<HoconException>(Load).Message);
    }

    [Fact]
    public void A_file_beyond_all_measure_is_refused_unread()
    {
        using (var file = File.Create(Main))
            file.SetLength(17 * 1024 * 1024);
        Assert.Equal($"{Main}: cannot be read: it is larger than 16 MiB", Assert.Throws<HoconException>(Load).Message);
    }

    [Fact]
    public void An_unreadable_include_is_an_error_at_the_include()
    {
        File.WriteAllText(Main, "\ninclude \".\"");
        Assert.StartsWith($"{Main}:2: included file {folder.FullName}", Assert.Throws<HoconException>(Load).Message, StringComparison.Ordinal);
    }

    private HoconDocument Load() => new HoconLoader(new DiskHoconFiles(), static _ => null).Load(Main);
}
