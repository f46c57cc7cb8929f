using MultiCluster.Model.Collections;

namespace MultiCluster.HAProxy.Program;

/// <summary>An access log whose lines HAProxy hands to our own process, which writes them with real names.</summary>
public sealed record LogReceiverOptions
{
    /// <summary>Each of them is on every line.</summary>
    public const int MaxHeaders = 16;

    /// <summary>No part of the program's text.</summary>
    public required LogOutput Output { get; init; }

    /// <summary>Names in lower case of headers that lines tell, besides those that all lines tell.</summary>
    public EquatableArray<string> RequestHeaders { get; init; } = [];

    public EquatableArray<string> ResponseHeaders { get; init; } = [];

    /// <summary>Names in lower case of headers, cookies and parameters of queries whose values are not told; no part of the program's text.</summary>
    public EquatableArray<string> Redact { get; init; } = [];

    /// <summary>
    /// The name of a header (RFC 9110 5.1) that can be told; <c>%</c>, <c>'</c> and such are allowed there, but mean something in a line of a
    /// configuration.
    /// </summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
