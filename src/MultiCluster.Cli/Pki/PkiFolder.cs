using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MultiCluster.Cli.Pki;

/// <summary>
/// An authority and what it has signed: ca.crt (whom to believe; several while one takes the place of another), ca.key, ca-next.key while there is a next
/// one, and NAME.crt with NAME.key for each certificate. Each file changes at once or not at all.
/// </summary>
internal sealed class PkiFolder(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Authorities => In("ca.crt");

    public string AuthorityKey => In("ca.key");

    public string NextKey => In("ca-next.key");

    public (string Certificate, string Key) FilesOf(string name) => (In($"{name}.crt"), In($"{name}.key"));

    public void Create()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <exception cref="IOException">The file is not there.</exception>
    public X509Certificate2Collection ReadAuthorities()
    {
        var bundle = new X509Certificate2Collection();
        bundle.ImportFromPemFile(Authorities);
        return bundle;
    }

    /// <summary>Certificates with their keys beside them, but for authorities.</summary>
    public IReadOnlyList<(string Name, X509Certificate2 Certificate)> Issued() =>
        [.. Directory.EnumerateFiles(path, "*.crt")
            .Where(file => file != Authorities && File.Exists(Path.ChangeExtension(file, ".key")))
            .Order(StringComparer.Ordinal)
            .Select(static file => (Path.GetFileNameWithoutExtension(file), X509Certificate2.CreateFromPem(File.ReadAllText(file))))];

    public void WriteAuthorities(IEnumerable<X509Certificate2> bundle, bool overwrite) =>
        Write(Authorities, string.Concat(bundle.Select(static certificate => $"{certificate.ExportCertificatePem()}\n")), Public, overwrite);

    public static void WriteKey(string file, string pem, bool overwrite) => Write(file, $"{pem}\n", OwnerOnly, overwrite);

    /// <summary>The key first: who reads in between finds a pair that does not fit, and keeps the one before.</summary>
    public void Write(string name, KeyPair pair, bool overwrite)
    {
        var (certificate, key) = FilesOf(name);
        WriteKey(key, pair.Key, overwrite);
        Write(certificate, $"{pair.Certificate}\n", Public, overwrite);
    }

    private static void Write(string file, string text, UnixFileMode mode, bool overwrite)
    {
        var draft = $"{file}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        // From its first byte on: nobody else may open it before its mode would be changed.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        try
        {
            using (var stream = new FileStream(draft, options))
            {
                stream.Write(Encoding.ASCII.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, file, overwrite);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    private string In(string name) => Path.Combine(path, name);
}
