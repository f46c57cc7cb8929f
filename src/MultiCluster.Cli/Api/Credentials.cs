using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.Cli.Api;

/// <summary>What a caller shows the admin API, and whom it believes.</summary>
/// <param name="Token">Null: none.</param>
/// <param name="Authorities">Null: those of the system.</param>
internal sealed record Credentials(string? Token, X509Certificate2Collection? Authorities)
{
    /// <param name="error">Names the file that can't be used; null when there is none.</param>
    public static Credentials Read(string? tokenFile, string? authorityFile, out string? error)
    {
        error = null;
        string? token = null;
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
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            error = failure.Message;
        }

        return new Credentials(token, authorities);
    }

    public HttpMessageHandler Over(HttpMessageHandler way)
    {
        if (Authorities is { } roots && way is SocketsHttpHandler sockets)
            sockets.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsSignedBy(roots, certificate, chain, errors);
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
