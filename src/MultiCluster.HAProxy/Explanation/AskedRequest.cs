using System.Net;
using MultiCluster.Model.Collections;

namespace MultiCluster.HAProxy.Explanation;

/// <param name="Name">In lower case.</param>
public sealed record AskedHeader(string Name, string Value);

/// <summary>A request as a proxy would see it, without a certificate of the client's.</summary>
/// <param name="Host">Of the Host header, with a port perhaps.</param>
/// <param name="Path">As it came, without the query.</param>
/// <param name="Query">Empty, or from '?' on.</param>
/// <param name="RoutePath">The path as routes have it: decoded, runs of slashes merged.</param>
/// <param name="Source">Of the connection; null: nobody said.</param>
public sealed record AskedRequest(string Method, bool IsTls, string Host, string Path, string Query, string RoutePath, EquatableArray<AskedHeader> Headers, IPAddress? Source)
{
    /// <summary>The last line of that name; null: there is none.</summary>
    public string? Header(string name) => Lines(name).LastOrDefault();

    public IEnumerable<string> Lines(string name) => Headers.Where(header => header.Name == name).Select(static header => header.Value);

    public string HostWithoutPort => Host.LastIndexOf(':') is > 0 and var colon && !Host.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9') ? Host[..colon] : Host;
}
