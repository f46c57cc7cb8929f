using MultiCluster.Hocon;
using MultiCluster.Model.Collections;

namespace MultiCluster.Host.Configuration;

/// <param name="Listen">host:port.</param>
/// <param name="Hosts">Names by which the admin API may be called, besides localhost and IP addresses; lower case.</param>
/// <param name="TokensFile">Null: no tokens are asked for.</param>
/// <param name="Tls">Null: clear text.</param>
public sealed record AdminOptions(string Listen, EquatableArray<string> Hosts, string? TokensFile, AdminTlsFiles? Tls)
{
    internal static AdminOptions Read(HoconDocument document, List<HoconError> errors)
    {
        var hosts = document.GetStringList("admin.hosts").Select(static host => host.ToLowerInvariant()).ToEquatableArray();
        var tokens = document.Has("admin.tokens-file") ? Path.GetFullPath(document.GetString("admin.tokens-file")) : null;
        return new AdminOptions(Address(document, errors), hosts, tokens, Files(document, errors));
    }

    private static string Address(HoconDocument document, List<HoconError> errors)
    {
        const string Key = "admin.listen";
        var text = document.GetString(Key);
        if (ListenAddress.Parse(text) is { } endpoint)
            return endpoint.ToString();
        errors.Add(document.Error(Key, $"is \"{text}\", which is no address with a port such as \"127.0.0.1:9070\" or \"*:9070\""));
        return text;
    }

    private static AdminTlsFiles? Files(HoconDocument document, List<HoconError> errors)
    {
        const string Certificate = "admin.tls.certificate";
        const string Key = "admin.tls.key";
        const string ClientAuthority = "admin.tls.client-authority";
        var clients = document.Has(ClientAuthority) ? Path.GetFullPath(document.GetString(ClientAuthority)) : null;
        switch (document.Has(Certificate), document.Has(Key))
        {
            case (true, true):
                return new AdminTlsFiles(Path.GetFullPath(document.GetString(Certificate)), Path.GetFullPath(document.GetString(Key)), clients);
            case (true, false):
                errors.Add(document.Error(Certificate, $"needs {Key} beside it"));
                return null;
            case (false, true):
                errors.Add(document.Error(Key, $"needs {Certificate} beside it"));
                return null;
            default:
                if (clients is not null)
                    errors.Add(document.Error(ClientAuthority, $"needs {Certificate} and {Key} beside it: in clear text nobody shows a certificate"));
                return null;
        }
    }
}

/// <summary>PEM files.</summary>
/// <param name="ClientAuthority">Of who signs certificates of callers; null: none are asked for.</param>
public sealed record AdminTlsFiles(string Certificate, string Key, string? ClientAuthority);
