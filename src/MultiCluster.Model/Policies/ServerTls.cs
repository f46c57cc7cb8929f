using System.Buffers;

namespace MultiCluster.Model.Policies;

public enum SniSource
{
    /// <summary>No name is asked for.</summary>
    None,

    /// <summary>The host of the request.</summary>
    Host,

    /// <summary>The name that the client itself asked for.</summary>
    Client,

    /// <summary>As <see cref="ServerTls.Name"/> says.</summary>
    Name,
}

/// <summary>A certificate with its key, as PEM that was encoded anew.</summary>
/// <param name="Fingerprint">Lower case hexadecimal SHA-256 of <paramref name="Pem"/>.</param>
public sealed record ServerIdentity(string Fingerprint, string Pem)
{
    /// <summary>Keys are not for logs.</summary>
    public override string ToString() => $"certificate {Fingerprint}";
}

/// <summary>How TLS is spoken with servers, where a policy says it. Without it they may have any certificate, and are asked for the request's host.</summary>
public sealed record ServerTls
{
    private static readonly SearchValues<char> CipherCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+!:@=");

    public static readonly string[] Versions = ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

    /// <summary>They are to be verified, and there is nothing to do it by: they get no request.</summary>
    public bool IsClosed { get; init; }

    /// <summary>PEM of who signs certificates of servers; null: they are not verified.</summary>
    public string? Authorities { get; init; }

    /// <summary>PEM of certificates that those have taken back; with <see cref="Authorities"/> only.</summary>
    public string? Revoked { get; init; }

    /// <summary>Shown to servers that ask for it.</summary>
    public ServerIdentity? Identity { get; init; }

    public SniSource Sni { get; init; }

    /// <summary>Asked for, and what a verified certificate must be for; as <see cref="HashKey.IsName"/> has it, or null.</summary>
    public string? Name { get; init; }

    /// <summary>What a verified certificate must be for where no name is asked for; likewise.</summary>
    public string? VerifiedName { get; init; }

    /// <summary>As <see cref="IsCiphers"/> has it; null: as the program does.</summary>
    public string? Ciphers { get; init; }

    /// <summary>Of TLS 1.3; likewise.</summary>
    public string? CipherSuites { get; init; }

    /// <summary>One of <see cref="Versions"/>, or null.</summary>
    public string? MinVersion { get; init; }

    /// <summary>One of <see cref="Versions"/>, or null.</summary>
    public string? MaxVersion { get; init; }

    public static bool IsCiphers(ReadOnlySpan<char> text) => text.Length is > 0 and <= 1024 && !text.ContainsAnyExcept(CipherCharacters);
}
