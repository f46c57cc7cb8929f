using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.Cli.Api;

/// <summary>What a caller shows the admin API, and whom it believes.</summary>
/// <param name="Token">Null: none.</param>
/// <param name="Authorities">Null: those of the system.</param>
/// <param name="Own">With its key; null: none.</param>
internal sealed record Credentials(string? Token, X509Certificate2Collection? Authorities, X509Certificate2? Own)
{
    /// <param name="error">Names the file that can't be used; null when there is none.</param>
    public static Credentials Read(CredentialFiles files, out string? error)
    {
        error = null;
        string? token = null;
        X509Certificate2? own = null;
        var (tokenFile, authorityFile, certificateFile, keyFile) = files;
        X509Certificate2Collection? authorities = null;
        try
        {
            token = tokenFile is null ? null : File.ReadAllText(tokenFile).Trim();
            if (token is not null && (token.Length == 0 || token.Any(static c => c is <= ' ' or > '~')))
                error = $"{tokenFile} holds no token";
            if (authorityFile is not null)
            {
                authorities = [];
                authorities.ImportFromPemFile(authorityFile);
                if (authorities.Count == 0)
                    error = $"{authorityFile} holds no certificate";
            }

            if (certificateFile is not null && keyFile is not null)
                own = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            else if (certificateFile is not null || keyFile is not null)
                error = "--cert-file and --key-file are given together, or neither";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            error = failure.Message;
        }

        return new Credentials(token, authorities, own);
    }

    public HttpMessageHandler Over(HttpMessageHandler way)
    {
        if (Authorities is { } roots && way is SocketsHttpHandler sockets)
            sockets.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsSignedBy(roots, certificate, chain, errors);
        if (Own is { } own && way is SocketsHttpHandler calling)
            calling.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true);
        return Token is null ? way : new Bearer(way, Token);
    }

    private static bool IsSignedBy(X509Certificate2Collection roots, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.CustomTrustStore.AddRange(roots);
        for (var i = 0; i < (chain?.ChainElements.Count ?? 0); i++)
            own.ChainPolicy.ExtraStore.Add(chain!.ChainElements[i].Certificate);
        return own.Build(leaf);
    }

    private sealed class Bearer(HttpMessageHandler way, string token) : DelegatingHandler(way)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
