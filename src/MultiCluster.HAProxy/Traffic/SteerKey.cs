using System.Security.Cryptography;
using System.Text;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>
/// Identity of a choice among groups: one Service port, as one federated ingress uses it under its policy. A policy may change
/// while the choice stays the same.
/// </summary>
public sealed record SteerKey(BackendKey Backend, ObjectKey Ingress)
{
    /// <summary>No name of a backend begins with it.</summary>
    public const char Mark = '~';

    /// <summary>How the program knows it, such as <c>~web/cart:http:1f0c2a9b</c>; the digest tells members and ingress apart.</summary>
    public string Text { get; } = Write(Backend, Ingress);

    /// <summary>Stands between a choice's text and the value of a label whose pods alone it is about; no text of a choice and no value has it.</summary>
    private const char PodsMark = '+';

    /// <summary>The same choice among those pods alone that a request has named by their label's value.</summary>
    public string TextOf(string pods) => $"{Text}{PodsMark}{pods}";

    public static ReadOnlySpan<char> WithoutPods(ReadOnlySpan<char> text) => text.IndexOf(PodsMark) is >= 0 and var mark ? text[..mark] : text;

    /// <summary>
    /// Names the cookies of sessions. Of the Service's port alone: whichever of a host's paths, ingresses and members lead there, it is one
    /// session, and two Services of one host have two.
    /// </summary>
    public string Session { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Backend.Ref.ToString())).AsSpan(0, 4));

    public bool Equals(SteerKey? other) => other is not null && Backend == other.Backend && Ingress == other.Ingress;

    public override int GetHashCode() => HashCode.Combine(Backend, Ingress);

    private static string Write(BackendKey backend, ObjectKey ingress)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{backend} {ingress}"));
        return $"{Mark}{backend.Ref}:{Convert.ToHexStringLower(digest.AsSpan(0, 4))}";
    }
}
