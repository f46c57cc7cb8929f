using System.Globalization;
using MultiCluster.Federation.Annotations;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Ingresses;

/// <summary>An Ingress of connections: what it routes is a port of the proxies, not requests.</summary>
internal static class TcpIngress
{
    public const string Port = "haproxy-ingress.github.io/tcp-service-port";
    public const string Proxy = "haproxy-ingress.github.io/tcp-service-proxy-protocol";
    public const string Send = "haproxy-ingress.github.io/proxy-protocol";
    private const string OldPort = "ingress.kubernetes.io/tcp-service-port";
    private const string OldProxy = "ingress.kubernetes.io/tcp-service-proxy-protocol";

    /// <summary>Name and value of the annotation that says so; null of an Ingress of requests.</summary>
    public static (string Name, string Value)? Find(EquatableMap annotations) =>
        annotations.Find(Port) is { } value ? (Port, value) : annotations.Find(OldPort) is { } old ? (OldPort, old) : null;

    public static int? PortOf(string value) =>
        AnnotationIndex.Find(Port)!.Value.Entry.Value.ProblemOf(value) is null ? int.Parse(value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture) : null;

    public static bool AcceptsProxy(EquatableMap annotations) =>
        (annotations.Find(Proxy) ?? annotations.Find(OldProxy)) is { } value && ValueChecks.Switch(value.Trim()) is true;

    /// <summary>The Ingress that says what a line of a ConfigMap of TCP services says.</summary>
    public static IngressResource Of(TcpLine line, IngressResource? shape = null)
    {
        var annotations = new List<KeyValuePair<string, string>> { new(Port, line.Port.ToString(CultureInfo.InvariantCulture)) };
        if (line.AcceptsProxy)
            annotations.Add(new(Proxy, "true"));
        if (line.Sends is { } version)
            annotations.Add(new(Send, version));
        return (shape ?? new IngressResource(new ObjectMeta(line.Ingress))) with
        {
            Meta = new ObjectMeta(line.Ingress) { Annotations = EquatableMap.From((IEnumerable<KeyValuePair<string, string>>)annotations) },
            DefaultBackend = new IngressBackend(line.Service, line.ServicePort is { } number ? null : line.PortName, line.ServicePort),
            Tls = line.Tls ? [new IngressTls([], null)] : [],
        };
    }
}

/// <summary>A line of a ConfigMap of TCP services.</summary>
/// <param name="Sends">Version of the PROXY header that endpoints see, as annotations write it; null: none.</param>
internal sealed record TcpLine(int Port, string Namespace, string Service, int? ServicePort, string? PortName, bool AcceptsProxy, bool Tls, string? Sends)
{
    public ObjectKey Ingress => new(Namespace, string.Create(CultureInfo.InvariantCulture, $"tcp-service-{Port}"));

    /// <summary>Of "NAMESPACE/SERVICE:PORT", and behind it what one of the three controllers has there: [:ssl], [:PROXY][:PROXY] or [:in[:out]].</summary>
    /// <returns>Null with the problem and the fix.</returns>
    public static TcpLine? Read(string key, string value, out string? problem)
    {
        problem = "is no port of 1 to 65535 with NAMESPACE/SERVICE:PORT behind it, and :ssl, :PROXY or :PROXY:PROXY perhaps; write such a line";
        var words = value.Trim().Split(':');
        if (!ValueChecks.IsNumber(key, 1, 65535) || words.Length is < 2 or > 5 || words[0].Split('/') is not [var space, var service] || !DnsNames.IsLabel(space) || !DnsNames.IsLabel(service))
            return null;
        int? number = ValueChecks.IsNumber(words[1], 1, 65535) ? int.Parse(words[1], CultureInfo.InvariantCulture) : null;
        if (number is null && (!DnsNames.IsLabel(words[1]) || words[1].All(char.IsAsciiDigit)))
            return null;
        var (accepts, tls, sends) = (false, false, (string?)null);
        if (words.Length > 2 && words[2].Length > 0)
        {
            accepts = words[2] == "PROXY";
            tls = words[2] == "ssl";
            if (!accepts && !tls)
                return null;
        }

        if (words.Length > 3 && words[3].Length > 0)
        {
            sends = words[3] switch { "PROXY" or "PROXY-V2" => "v2", "PROXY-V1" => "v1", _ => null };
            if (sends is null)
                return null;
        }

        if (words.Length > 4 && words[4].Length > 0)
        {
            problem = "names a Secret with a certificate; write :ssl, which takes certificates of Ingresses by name, or an Ingress with tcp-service-port and spec.tls";
            return null;
        }

        problem = null;
        return new TcpLine(int.Parse(key, CultureInfo.InvariantCulture), space, service, number, number is null ? words[1] : null, accepts, tls, sends);
    }
}
