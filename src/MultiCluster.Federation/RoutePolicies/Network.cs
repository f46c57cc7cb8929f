using System.Globalization;
using System.Net;
using MultiCluster.Federation.Annotations;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Addresses that begin with the same bits.</summary>
/// <param name="Bits">Left aligned, the rest zero: an IPv4 address has the upper 32 of them.</param>
internal readonly record struct Network(bool IsSix, UInt128 Bits, int Length)
{
    private const int Width = 128;
    private const int WidthOfFour = 32;

    /// <summary>An address, or one with a length behind '/'; null for anything else. IPv4 addresses mapped into IPv6 are IPv4.</summary>
    public static Network? Parse(string text)
    {
        if (!ValueChecks.AreNetworks(text, mayExclude: false) || text.Contains(',', StringComparison.Ordinal))
            return null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
            return null;
        var isSix = text.Contains(':', StringComparison.Ordinal);
        var length = slash < 0 ? (isSix ? Width : WidthOfFour) : int.Parse(text.AsSpan(slash + 1), CultureInfo.InvariantCulture);
        if (address.IsIPv4MappedToIPv6 && length >= Width - WidthOfFour)
            (address, isSix, length) = (address.MapToIPv4(), false, length - (Width - WidthOfFour));
        UInt128 bits = 0;
        foreach (var part in address.GetAddressBytes())
            bits = (bits << 8) | part;
        return new Network(isSix, isSix ? bits : bits << (Width - WidthOfFour), length).Of(length);
    }

    /// <summary>The network of <paramref name="length"/> bits that it lies in.</summary>
    public Network Of(int length) => this with { Bits = length == 0 ? 0 : Bits & (UInt128.MaxValue << (Width - length)), Length = length };

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[IsSix ? 16 : 4];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(Bits >> (Width - 8 - (8 * i)));
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{Length}");
    }
}
