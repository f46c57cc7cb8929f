using System.Globalization;

namespace MultiCluster.HAProxy.Program;

/// <summary>Where lines of the access log go that our own process writes.</summary>
public abstract record LogOutput
{
    private const string UdpScheme = "udp://";

    private LogOutput()
    {
    }

    public const string Meant = "\"stdout\", \"file:/PATH\", \"syslog:udp://HOST:PORT\" or \"syslog:/PATH\" of a socket";

    public sealed record Stdout : LogOutput;

    /// <param name="Path">Absolute.</param>
    public sealed record File(string Path) : LogOutput;

    public sealed record SyslogUdp(string Host, int Port) : LogOutput;

    /// <param name="Path">Absolute.</param>
    public sealed record SyslogSocket(string Path) : LogOutput;

    /// <summary>Null when it is none of <see cref="Meant"/>.</summary>
    public static LogOutput? Parse(string text)
    {
        if (text.Any(char.IsControl))
            return null;
        var (kind, rest) = text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var end ? (text[..end], text[(end + 1)..]) : (text, "");
        return kind switch
        {
            "stdout" when text == kind => new Stdout(),
            "file" when IsPath(rest) => new File(rest),
            "syslog" when IsPath(rest) => new SyslogSocket(rest),
            "syslog" when rest.StartsWith(UdpScheme, StringComparison.Ordinal) => Udp(rest[UdpScheme.Length..]),
            _ => null,
        };
    }

    private static bool IsPath(string text) => text.Length > 1 && text[0] == '/' && text[^1] != '/';

    private static SyslogUdp? Udp(string address)
    {
        var colon = address.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            return null;
        var host = address[..colon];
        if (host is ['[', .. var inner, ']'])
            host = inner;
        else if (host.Contains(':', StringComparison.Ordinal))
            return null;
        return Uri.CheckHostName(host) == UriHostNameType.Unknown ? null : new SyslogUdp(host, port);
    }
}
