using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MultiCluster.Acme.Jose;

/// <summary>Signed requests: flattened JSON of RFC 7515, as RFC 8555 §6.2 wants it.</summary>
internal static class Jws
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="account">Null signs with the key itself, as for a new account.</param>
    /// <param name="payload">Empty for POST-as-GET.</param>
    public static byte[] Sign(AccountKey key, Uri url, string nonce, Uri? account, ReadOnlySpan<byte> payload)
    {
        var header = Write(json =>
        {
            json.WriteString("alg", "ES256");
            json.WriteString("nonce", nonce);
            json.WriteString("url", url.OriginalString);
            if (account is null)
            {
                json.WritePropertyName("jwk");
                json.WriteRawValue(key.Jwk);
            }
            else
            {
                json.WriteString("kid", account.OriginalString);
            }
        });
        return Flatten(header, payload, key.Sign);
    }

    /// <summary>Shows that who owns the account's key also owns the external account's.</summary>
    public static byte[] Bind(ExternalAccount external, AccountKey key, Uri newAccount)
    {
        var header = Write(json =>
        {
            json.WriteString("alg", "HS256");
            json.WriteString("kid", external.KeyId);
            json.WriteString("url", newAccount.OriginalString);
        });
        return Flatten(header, Encoding.ASCII.GetBytes(key.Jwk), input => HMACSHA256.HashData(external.MacKey.Reveal().Span, input));
    }

    internal static byte[] Flatten(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Func<byte[], byte[]> sign)
    {
        var (first, second) = (Base64Url.EncodeToString(header), Base64Url.EncodeToString(payload));
        var signature = sign(Encoding.ASCII.GetBytes($"{first}.{second}"));
        return Write(json =>
        {
            json.WriteString("protected", first);
            json.WriteString("payload", second);
            json.WriteString("signature", Base64Url.EncodeToString(signature));
        });
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
