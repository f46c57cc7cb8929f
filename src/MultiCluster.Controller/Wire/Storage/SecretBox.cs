using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using MultiCluster.HAProxy.Runtime;
using MultiCluster.Model.Security;
using P = MultiCluster.Controller.Wire.Protos;

namespace MultiCluster.Controller.Wire.Storage;

/// <summary>A list of secrets, encrypted for one place: AES-256-GCM with a key derived from a random salt and that place's name.</summary>
internal static class SecretBox
{
    private const int SaltLength = 16;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static P.SealedSecrets Seal(IReadOnlyList<Secret> secrets, SnapshotKey key, string place)
    {
        var list = new P.SecretList();
        foreach (var secret in secrets)
            list.Values.Add(UnsafeByteOperations.UnsafeWrap(secret.Reveal()));
        var plain = list.ToByteArray();
        var sealedBytes = new byte[plain.Length + TagLength];
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        Span<byte> derived = stackalloc byte[SnapshotKey.Length + NonceLength];
        var info = Encoding.UTF8.GetBytes(place);
        key.Derive(salt, info, derived);
        using (var cipher = new AesGcm(derived[..SnapshotKey.Length], TagLength))
            cipher.Encrypt(derived[SnapshotKey.Length..], plain, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length), info);
        CryptographicOperations.ZeroMemory(plain);
        CryptographicOperations.ZeroMemory(derived);
        return new P.SealedSecrets { KeyId = key.Id, Salt = ByteString.CopyFrom(salt), Ciphertext = UnsafeByteOperations.UnsafeWrap(sealedBytes) };
    }

    public static Outcome<IReadOnlyList<ByteString>> Open(P.SealedSecrets box, SnapshotKeys keys, string place)
    {
        if (keys.Find(box.KeyId) is not { } key)
            return new Failure($"the secrets of {place} were encrypted with key {Shown(box.KeyId)}, which the key file does not hold");
        if (box.Salt.Length != SaltLength || box.Ciphertext.Length < TagLength)
            return new Failure($"the secrets of {place} are damaged");
        var plain = new byte[box.Ciphertext.Length - TagLength];
        Span<byte> derived = stackalloc byte[SnapshotKey.Length + NonceLength];
        var info = Encoding.UTF8.GetBytes(place);
        key.Derive(box.Salt.Span, info, derived);
        try
        {
            using var cipher = new AesGcm(derived[..SnapshotKey.Length], TagLength);
            cipher.Decrypt(derived[SnapshotKey.Length..], box.Ciphertext.Span[..plain.Length], box.Ciphertext.Span[plain.Length..], plain, info);
            return new Outcome<IReadOnlyList<ByteString>>(P.SecretList.Parser.ParseFrom(plain).Values);
        }
        catch (Exception e) when (e is AuthenticationTagMismatchException or InvalidProtocolBufferException)
        {
            return new Failure($"the secrets of {place} are damaged, or belong to another snapshot");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    private static string Shown(string id) => id.Length == 16 && id.All(char.IsAsciiHexDigitLower) ? id : "(malformed)";
}
