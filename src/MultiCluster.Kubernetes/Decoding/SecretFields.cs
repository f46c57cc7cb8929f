using System.Text;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Security;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>core/v1 Secret of type kubernetes.io/tls; any other type is none of ours.</summary>
internal struct SecretFields : IObjectFields
{
    private string? _type;
    private byte[]? _certificate;
    private byte[]? _key;
    private byte[]? _plainCertificate;
    private byte[]? _plainKey;

    public void Read(ref FieldReader reader)
    {
        if (reader.Is("type"u8))
            _type = reader.SharedText();
        else if (reader.Is("data"u8))
            ReadData(ref reader);
        else if (reader.Is("stringData"u8))
            ReadStringData(ref reader);
        else
            reader.Skip();
    }

    /// <summary>stringData overrides data, as the API server does on writes.</summary>
    public readonly Resource? Build(ObjectMeta meta, string? error)
    {
        if (!string.Equals(_type, TlsSecretResource.SecretType, StringComparison.Ordinal))
            return null;
        return new TlsSecretResource(meta)
        {
            CertificatePem = new Secret(_plainCertificate ?? _certificate ?? []),
            PrivateKeyPem = new Secret(_plainKey ?? _key ?? []),
            DecodeError = error,
        };
    }

    private void ReadData(ref FieldReader reader)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("tls.crt"u8))
                _certificate = reader.Base64();
            else if (reader.Is("tls.key"u8))
                _key = reader.Base64();
            else
                reader.Skip();
        }
    }

    private void ReadStringData(ref FieldReader reader)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("tls.crt"u8))
                _plainCertificate = Bytes(reader.Text());
            else if (reader.Is("tls.key"u8))
                _plainKey = Bytes(reader.Text());
            else
                reader.Skip();
        }
    }

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
