using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MultiCluster.Acme;
using MultiCluster.Acme.Certificates;
using MultiCluster.Acme.Issued;
using MultiCluster.Acme.Jose;
using MultiCluster.Acme.Renewal;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Security;

namespace MultiCluster.Controller.Acme;

/// <summary>What outlives a restart, in files that only this user may read.</summary>
internal sealed class AcmeFolder(string path)
{
    private const string KeyStart = "-----BEGIN PRIVATE KEY-----";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes wait for the disk, and are made one after the other.</summary>
    private Task _last = Task.CompletedTask;

    /// <summary>Ends when all that was to be written is.</summary>
    public Task Written => _last;

    private string Issued => Path.Combine(path, "issued");

    /// <summary>All that it holds; reads and writes the disk, and throws what that throws.</summary>
    public static AcmeResult<AcmeFolderContent> Open(string path)
    {
        var folder = new AcmeFolder(path);
        var account = folder.Account();
        return account.IsOk ? new AcmeFolderContent(folder, account.Value, folder.LoadState(), folder.LoadIssued()) : account.Error;
    }

    /// <summary>The account, which is its key; made when there is none.</summary>
    public AcmeResult<AccountKey> Account()
    {
        var file = Path.Combine(path, "account.key");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Issued);
        else
            Directory.CreateDirectory(Issued, Private | UnixFileMode.UserExecute);
        if (File.Exists(file))
            return AccountKey.Read(new Secret(File.ReadAllBytes(file)));
        var made = AccountKey.Create();
        Write(file, made.Export().Reveal());
        return made;
    }

    public AcmeState LoadState()
    {
        var file = Path.Combine(path, "state.json");
        try
        {
            var read = File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), AcmeFolderJson.Default.AcmeMemory) : null;
            return read is null ? AcmeState.Empty : new AcmeState
            {
                Failed = read.Failed.ToImmutableSortedDictionary(static item => new CertificateId(item.Namespace, item.Digest), static item => item.Failures),
                Authority = read.Authority,
                PausedUntil = read.PausedUntil,
            };
        }
        catch (JsonException)
        {
            // Half-written by nobody of ours; what failed is then learned anew.
            return AcmeState.Empty;
        }
    }

    /// <returns>What went wrong; null when it is on the disk.</returns>
    public Task<string?> SaveAsync(AcmeState state) => InTurnAsync(Path.Combine(path, "state.json"), JsonSerializer.SerializeToUtf8Bytes(
        new AcmeMemory([.. state.Failed.Select(static item => new AcmeFailure(item.Key.Namespace, item.Key.Digest, item.Value))], state.Authority, state.PausedUntil),
        AcmeFolderJson.Default.AcmeMemory));

    public Dictionary<CertificateId, TlsSecretResource> LoadIssued()
    {
        var issued = new Dictionary<CertificateId, TlsSecretResource>();
        foreach (var file in Directory.EnumerateFiles(Issued, "*.pem"))
        {
            var text = File.ReadAllText(file);
            var key = text.IndexOf(KeyStart, StringComparison.Ordinal);
            if (key > 0 && Path.GetFileNameWithoutExtension(file).Split('.') is [var space, var digest])
                issued[new CertificateId(space, digest)] = Content(space, text[..key], Secret.FromText(text[key..]));
        }

        return issued;
    }

    /// <returns>What went wrong; null when it is on the disk.</returns>
    public Task<string?> SaveAsync(CertificateId id, IssuedCertificate issued) =>
        InTurnAsync(FileOf(id), (byte[])[.. Encoding.ASCII.GetBytes(issued.Chain), .. issued.Key.Reveal().Span]);

    private string FileOf(CertificateId id) => Path.Combine(Issued, $"{id.Namespace}.{id.Digest}.pem");

    public static TlsSecretResource Content(string space, string chain, Secret key) =>
        new(new ObjectMeta(new ObjectKey(space, "issued"))) { CertificatePem = Secret.FromText(chain), PrivateKeyPem = key };

    /// <summary>Called by one actor only.</summary>
    private Task<string?> InTurnAsync(string file, ReadOnlyMemory<byte> content)
    {
        var before = _last;
        var written = Task.Run(async () =>
        {
            await before;
            try
            {
                Write(file, content);
                return null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return error.Message;
            }
        });
        _last = written;
        return written;
    }

    /// <summary>Whole or not at all.</summary>
    private static void Write(string file, ReadOnlyMemory<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Private;
        using (var stream = new FileStream(file + ".new", options))
        {
            stream.Write(content.Span);
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + ".new", file, overwrite: true);
    }
}

internal sealed record AcmeFolderContent(AcmeFolder Folder, AccountKey Account, AcmeState State, Dictionary<CertificateId, TlsSecretResource> Issued);

internal sealed record AcmeMemory(AcmeFailure[] Failed, Failures? Authority, DateTimeOffset? PausedUntil);

internal sealed record AcmeFailure(string Namespace, string Digest, Failures Failures);

[JsonSerializable(typeof(AcmeMemory))]
internal sealed partial class AcmeFolderJson : JsonSerializerContext;
