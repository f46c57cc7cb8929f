using System.Security.Cryptography;
using System.Text;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.HAProxy.Data;

public enum TrustKind
{
    Authorities,

    Revocations,
}

/// <summary>Whom to believe, as one file of HAProxy's. The name is a digest of the content, so that another content is another file.</summary>
/// <param name="FileName">Relative path.</param>
/// <param name="Pem">Checked: no more than framing and base64.</param>
public sealed record TrustFile(string FileName, TrustKind Kind, string Pem)
{
    /// <summary>It goes to the Runtime API as one command.</summary>
    public const int MaxLength = ProgramRenderer.BufferSize - 2048;

    private const string AuthorityPrefix = "certs/ca-";
    private const string RevocationPrefix = "certs/crl-";

    /// <summary>Null for what HAProxy could not be given.</summary>
    public static TrustFile? Create(TrustKind kind, string pem)
    {
        var text = pem.TrimEnd('\n');
        if (text.Length > MaxLength || !SafeText.IsPem(Encoding.UTF8.GetBytes(text)))
            return null;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)))[..32];
        return new TrustFile(NameOf(kind, digest), kind, text);
    }

    public static string NameOf(TrustKind kind, string digest) => $"{(kind == TrustKind.Authorities ? AuthorityPrefix : RevocationPrefix)}{digest}.pem";

    /// <summary>Of the file with this name; null if it is none of ours.</summary>
    public static TrustKind? KindOf(string fileName) =>
        fileName.StartsWith(AuthorityPrefix, StringComparison.Ordinal) ? TrustKind.Authorities
        : fileName.StartsWith(RevocationPrefix, StringComparison.Ordinal) ? TrustKind.Revocations
        : null;
}
