using System.Runtime.Versioning;
using MultiCluster.Controller.Wire.Storage;

namespace MultiCluster.Controller.Tests.Wire;

[UnsupportedOSPlatform("windows")]
public sealed class SnapshotKeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mc-key-").FullName;

    private string KeyFile => Path.Combine(_folder, "state", "snapshot.key");

    [Fact]
    public void The_first_start_makes_a_key_that_only_the_owner_may_read_and_later_ones_use_it()
    {
        var first = SnapshotKeyFile.LoadOrCreate(KeyFile).Value!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal(first.Current!.Id, SnapshotKeyFile.LoadOrCreate(KeyFile).Value!.Current!.Id);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(KeyFile)!));
    }

    [Fact]
    public async Task Processes_that_start_together_agree_on_one_key()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SnapshotKeyFile.LoadOrCreate(KeyFile).Value!.Current!.Id)));
        Assert.Single(ids.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void The_first_of_several_keys_is_the_current_one()
    {
        var (older, newer) = (SnapshotKey.New(), SnapshotKey.New());
        Write($"# rotated\n{newer.Reveal()}\n\n{older.Reveal()}\n");
        var keys = SnapshotKeyFile.LoadOrCreate(KeyFile).Value!;
        Assert.Equal(newer.Id, keys.Current!.Id);
        Assert.NotNull(keys.Find(older.Id));
    }

    [Theory]
    [InlineData("", "holds no key")]
    [InlineData("c2hvcnQ=\n", "key 1 is not 32 bytes")]
    [InlineData("not base64 at all\n", "key 1 is not 32 bytes")]
    public void A_damaged_file_is_an_error_with_the_way_out_and_stays_as_it_is(string content, string expected)
    {
        Write(content);
        var error = SnapshotKeyFile.LoadOrCreate(KeyFile).Error!;
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains(KeyFile, error, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(KeyFile));
    }

    [Fact]
    public void A_file_that_others_may_read_is_refused()
    {
        Write(SnapshotKey.New().Reveal());
        File.SetUnixFileMode(KeyFile, File.GetUnixFileMode(KeyFile) | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", SnapshotKeyFile.LoadOrCreate(KeyFile).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_can_not_be_written_is_an_error()
    {
        File.WriteAllText(Path.Combine(_folder, "state"), "a file in the way");
        Assert.Contains(KeyFile, SnapshotKeyFile.LoadOrCreate(KeyFile).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_shows_only_its_id()
    {
        var key = SnapshotKey.New();
        Assert.Equal(key.Id, key.ToString());
        Assert.Equal(16, key.Id.Length);
        Assert.DoesNotContain(key.Id, key.Reveal(), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(KeyFile)!);
        File.WriteAllText(KeyFile, content);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
