using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// Whom revocation lists take back, and no more of them: a list that is only issued anew, as each is again and again, must not have everybody show
/// his certificate again.
/// </summary>
internal static class RevokedSerials
{
    /// <summary>The same for lists that take back the same; all of the text where it can't be read.</summary>
    public static string Of(string pem)
    {
        var lists = new List<string>();
        try
        {
            for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
                lists.Add(Read(Convert.FromBase64String(rest[fields.Base64Data].ToString())));
        }
        catch (Exception unreadable) when (unreadable is AsnContentException or FormatException)
        {
            return pem;
        }

        lists.Sort(StringComparer.Ordinal);
        return string.Join('\n', lists);
    }

    /// <summary>CertificateList of RFC 5280, 5.1: the issuer and the serial numbers.</summary>
    private static string Read(byte[] der)
    {
        var list = new AsnReader(der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        if (list.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
            list.ReadEncodedValue();
        list.ReadEncodedValue();
        var text = new StringBuilder(Convert.ToHexString(list.ReadEncodedValue().Span));
        list.ReadEncodedValue();
        if (list.HasData && list.PeekTag().TagValue is (int)UniversalTagNumber.UtcTime or (int)UniversalTagNumber.GeneralizedTime)
            list.ReadEncodedValue();
        if (!list.HasData || !list.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
            return text.ToString();
        var serials = new List<string>();
        for (var entries = list.ReadSequence(); entries.HasData;)
            serials.Add(Convert.ToHexString(entries.ReadSequence().ReadIntegerBytes().Span));
        serials.Sort(StringComparer.Ordinal);
        return text.Append(' ').AppendJoin(' ', serials).ToString();
    }
}
