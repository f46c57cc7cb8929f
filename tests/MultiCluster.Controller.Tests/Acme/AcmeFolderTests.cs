using System.Text;
using MultiCluster.Acme.Certificates;
using MultiCluster.Acme.Issued;
using MultiCluster.Acme.Renewal;
using MultiCluster.Controller.Acme;
using MultiCluster.Model.Security;

namespace MultiCluster.Controller.Tests.Acme;

public sealed class AcmeFolderTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CertificateId Id = new("web", "0123abcd");

    private readonly string _path = Directory.CreateTempSubdirectory("mc-acme-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public async Task What_is_written_is_there_after_a_restart_the_last_word_of_each()
    {
        var first = AcmeFolder.Open(_path).Value!;
        Assert.Empty(first.State.Failed);
        List<Task<string?>> writes = [];
        for (var count = 1; count <= 20; count++)
            writes.Add(first.Folder.SaveAsync(AcmeState.Empty with { Failed = AcmeState.Empty.Failed.Add(Id, new Failures(count, Now)), PausedUntil = Now.AddHours(1) }));
        writes.Add(first.Folder.SaveAsync(Id, new IssuedCertificate("chain\n", Secret.FromText("-----BEGIN PRIVATE KEY-----\nkey\n"), Now, Now.AddDays(90), ["shop.example"], "root")));
        Assert.All(await Task.WhenAll(writes), Assert.Null);

        var second = AcmeFolder.Open(_path).Value!;
        Assert.Equal((20, Now.AddHours(1)), (second.State.Failed[Id].Count, second.State.PausedUntil));
        Assert.Equal("chain\n", Encoding.ASCII.GetString(second.Issued[Id].CertificatePem.Reveal().Span));
        Assert.Equal(first.Account.Export().Reveal().ToArray(), second.Account.Export().Reveal().ToArray());
        Assert.All(Directory.EnumerateFiles(_path, "*", SearchOption.AllDirectories), static file =>
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        });
        first.Account.Dispose();
        second.Account.Dispose();
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_is_told_and_the_next_write_is_tried()
    {
        var content = AcmeFolder.Open(_path).Value!;
        var blocked = Path.Combine(_path, "state.json.new");
        Directory.CreateDirectory(blocked);
        Assert.NotNull(await content.Folder.SaveAsync(AcmeState.Empty));
        Directory.Delete(blocked);
        Assert.Null(await content.Folder.SaveAsync(AcmeState.Empty with { PausedUntil = Now }));
        await File.WriteAllTextAsync(Path.Combine(_path, "state.json"), "{ half");
        Assert.Equal(AcmeState.Empty, AcmeFolder.Open(_path).Value!.State);
        content.Account.Dispose();
    }
}
