using MultiCluster.Acme;
using MultiCluster.Acme.Http;
using MultiCluster.Acme.Jose;
using MultiCluster.Acme.Renewal;
using MultiCluster.Controller.Acme;
using MultiCluster.Hocon;
using MultiCluster.Model.Collections;

namespace MultiCluster.Host.Configuration;

/// <summary>Where certificates come from, checked.</summary>
/// <param name="Roots">PEM of who signed the authority's own certificate; null: whom the machine trusts.</param>
public sealed record AcmeHostOptions(AcmeOptions Options, string Folder, bool TracksTlsAcme, RenewalPolicy Renewal, string? Roots)
{
    /// <summary>Of other controllers' proxies nothing is heard here.</summary>
    private static readonly TimeSpan Others = TimeSpan.FromSeconds(3);

    /// <param name="document">With a block acme.</param>
    /// <returns>Null where it is not enabled.</returns>
    internal static AcmeHostOptions? Read(HoconDocument document, string nodeDirectory, List<HoconError> errors)
    {
        if (!document.GetBoolean("acme.enabled"))
            return null;
        if (!Uri.TryCreate(document.GetString("acme.directory"), UriKind.Absolute, out var directory) || directory.Scheme != Uri.UriSchemeHttps)
        {
            errors.Add(document.Error("acme.directory", "is no https URL of an authority's directory"));
            return null;
        }

        if (!document.GetBoolean("acme.terms-agreed"))
            errors.Add(document.Error("acme.terms-agreed", $"must be true: {directory.Authority} gives certificates to those only who have read and agreed to its terms"));
        var expiring = document.GetDuration("acme.expiring");
        var options = new AcmeOptions(directory)
        {
            TermsAgreed = true,
            Emails = document.GetStringList("acme.emails").ToEquatableArray(),
            PreferredChain = Text(document, "acme.preferred-chain"),
            ExternalAccount = External(document, errors),
        };
        return new AcmeHostOptions(
            options,
            Text(document, "acme.state-directory") is { } folder ? Path.GetFullPath(folder) : Path.Combine(nodeDirectory, "acme"),
            document.GetBoolean("acme.tls-acme"),
            new RenewalPolicy(expiring > TimeSpan.Zero ? expiring : null),
            Text(document, "acme.ca-file") is { } roots ? File(document, "acme.ca-file", roots, errors) : null);
    }

    /// <param name="hasOthers">There are, or may be, other controllers.</param>
    /// <returns>A setting, or why there is none.</returns>
    internal (AcmeSettings? Settings, string? Problem) Open(bool hasOthers)
    {
        var handler = Roots is null ? (AcmeResult<SocketsHttpHandler>)AcmeHandlers.Create() : AcmeHandlers.Create(Roots);
        return handler.IsOk
            ? (new AcmeSettings(Options, Folder, TracksTlsAcme, Renewal, handler.Value) { Propagation = hasOthers ? Others : TimeSpan.Zero }, null)
            : (null, $"acme.ca-file: {handler.Error.Message}");
    }

    private static ExternalAccount? External(HoconDocument document, List<HoconError> errors)
    {
        if (Text(document, "acme.external-account.key-id") is not { } id)
            return null;
        const string Key = "acme.external-account.mac-key-file";
        if (Text(document, Key) is not { } path)
        {
            errors.Add(document.Error(Key, "is missing: the authority gave it to you with the key id"));
            return null;
        }

        var read = ExternalAccount.Read(id, File(document, Key, path, errors) ?? "");
        if (!read.IsOk)
            errors.Add(document.Error(Key, read.Error.Message));
        return read.Value;
    }

    private static string? File(HoconDocument document, string key, string path, List<HoconError> errors)
    {
        try
        {
            return System.IO.File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add(document.Error(key, $"can't be read: {error.Message}"));
            return null;
        }
    }

    private static string? Text(HoconDocument document, string path) => document.Has(path) ? document.GetString(path) : null;
}
