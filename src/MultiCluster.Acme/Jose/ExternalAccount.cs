using System.Buffers.Text;
using MultiCluster.Model.Security;

namespace MultiCluster.Acme.Jose;

/// <summary>An account with the authority outside of ACME, that ours is to be bound to (RFC 8555 §7.3.4).</summary>
public sealed record ExternalAccount(string KeyId, Secret MacKey)
{
    /// <param name="macKey">As authorities hand it out: base64url.</param>
    public static AcmeResult<ExternalAccount> Read(string keyId, string macKey)
    {
        // Some authorities show it as plain base64.
        var text = macKey.Trim().TrimEnd('=').Replace('+', '-').Replace('/', '_');
        if (keyId.Length == 0 || text.Length == 0 || !Base64Url.IsValid(text))
            return new AcmeError(AcmeErrorKind.Invalid, "the external account needs the key id and the MAC key (base64url) that the authority gave you");
        return new ExternalAccount(keyId, new Secret(Base64Url.DecodeFromChars(text)));
    }
}
