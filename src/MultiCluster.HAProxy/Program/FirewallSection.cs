using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// A firewall for applications: agents that are asked over SPOP whether a request may pass. HAProxy asks by a filter, which every request pays for, so
/// the program has it only where the operator names agents; where not, who needs it is refused.
/// <para>
/// While no agent answers, requests pass, as they do with the controller whose annotations these are. What is sent always fits into the 16 kB that
/// agents take: else a client could pass by asking for more than that.
/// </para>
/// </summary>
internal static class FirewallSection
{
    /// <summary>Of the backend, the engine and the agent.</summary>
    public const string Name = "firewall";

    private const string Group = "ask-firewall";

    /// <summary>Before each line of the agents' own file, which so belongs to the program's text and its identity.</summary>
    private const string Mark = "#spoe ";

    private const string Asked = "{ var(txn.firewalled) -m found }";

    private const string Denies = "{ var(txn.firewalled) -m str " + DeniesWord + " }";

    private const string DeniesWord = "denies";

    private const string Body = "var(txn.firewall_body)";

    /// <summary>How much of a body is sent by how long the rest is. More than the last is refused.</summary>
    private static readonly (int Head, int Body)[] Parts = [(2000, 13_000), (5000, 10_000), (8000, 7000), (13_000, 2000)];

    public static void AppendFilter(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        if (options.Firewall.IsOn)
            text.Append(CultureInfo.InvariantCulture, $"    filter spoe engine {Name} config {paths.Full(ProgramPaths.Firewall)}\n");
    }

    /// <summary>Before external authentication, whose service gets what passed.</summary>
    public static void Append(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        if (!options.Firewall.IsOn)
        {
            text.Append(CultureInfo.InvariantCulture, $"    http-request return status 503 content-type text/plain {ErrorPageSection.Body(503, "no firewall to ask, see haproxy.waf.endpoints", paths)} if {{ {PolicySection.Has(PolicyFlags.Firewall)} }}\n");
            return;
        }

        var last = Parts[^1].Head;
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.firewalled) str({{DeniesWord}}) if { {{PolicySection.Has(PolicyFlags.Firewall)}} }
                http-request set-var(txn.firewalled) str(detects) if { {{PolicySection.Has(PolicyFlags.FirewallDetects)}} }
                http-request wait-for-body time {{ProgramRenderer.Milliseconds(options.Timeouts.HttpRequest)}} at-least {{Parts[0].Body}} if {{Asked}} !{ req.fhdr(upgrade) -m found }
                # Any request may name an upgrade; one with a body is no tunnel yet.
                http-request wait-for-body time {{ProgramRenderer.Milliseconds(options.Timeouts.HttpRequest)}} at-least {{Parts[0].Body}} if {{Asked}} { req.fhdr(upgrade) -m found } { req.fhdr(content-length) -m found }
                http-request wait-for-body time {{ProgramRenderer.Milliseconds(options.Timeouts.HttpRequest)}} at-least {{Parts[0].Body}} if {{Asked}} { req.fhdr(upgrade) -m found } { req.fhdr(transfer-encoding) -m found }
                # All that may be sent twice counts twice.
                http-request set-var(txn.firewall_url) url,length if {{Asked}}
                http-request set-var(txn.firewall_method) method,length if {{Asked}}
                http-request set-var(txn.firewall_host) req.fhdr(host),length if {{Asked}}
                http-request set-var(txn.firewall_host) int(0) if {{Asked}} !{ var(txn.firewall_host) -m found }
                http-request set-var(txn.firewall_head) req.hdrs,length,add(txn.firewall_url),add(txn.firewall_url),add(txn.firewall_method),add(txn.firewall_host) if {{Asked}}
                http-request return status 431 content-type text/plain {{ErrorPageSection.Body(431, "too much for the firewall", paths)}} if {{Denies}} !{ var(txn.firewall_head) -m int lt {{last}} }

            """);
        foreach (var (head, body) in Parts)
            text.Append(CultureInfo.InvariantCulture, $"    http-request set-var(txn.firewall_body) req.body,bytes(0,{body}) if {Asked} !{{ {Body} -m found }} {{ var(txn.firewall_head) -m int lt {head} }}\n");
        text.Append(CultureInfo.InvariantCulture, $"    http-request send-spoe-group {Name} {Group} if {Asked}\n");
        Judge(text, options.Firewall, paths);
    }

    /// <summary>What the agent said, in a variable that logs tell of.</summary>
    private static void Judge(StringBuilder text, FirewallOptions firewall, ProgramPaths paths)
    {
        var prefix = PrefixOf(firewall);
        foreach (var verdict in firewall.Kind == FirewallKind.Coraza
            ? ["txn.coraza.action) -m str deny drop redirect", "txn.coraza.fail) -m int gt 0"]
            : new[] { "txn.modsec.code) -m int gt 0" })
            text.Append(CultureInfo.InvariantCulture, $"    http-request set-var(txn.firewall) str(match) if {Asked} {{ var({verdict} }}\n");
        text.Append(CultureInfo.InvariantCulture, $$"""
                http-request set-var(txn.firewall) str(unasked) if {{Asked}} { var(txn.{{prefix}}.error) -m found }
                # Agents that take less than others.
                http-request return status 413 content-type text/plain {{ErrorPageSection.Body(413, "too much for the firewall", paths)}} if {{Denies}} { var(txn.{{prefix}}.error) -m int 3 259 }

            """);
        if (firewall.Kind == FirewallKind.Coraza)
            text.Append(CultureInfo.InvariantCulture, $"    http-request redirect location %[var(txn.coraza.data)] code 302 if {Denies} {{ var(txn.coraza.action) -m str redirect }} {{ var(txn.coraza.data) -m len gt 0 }}\n");
        text.Append(CultureInfo.InvariantCulture, $"    http-request deny deny_status 403 if {Denies} {{ var(txn.firewall) -m str match }}\n");
    }

    public static void AppendBackend(StringBuilder text, ProgramOptions options)
    {
        var firewall = options.Firewall;
        if (!firewall.IsOn)
            return;
        text.Append(CultureInfo.InvariantCulture, $"""

            # Agents of the firewall for applications, and the file that says how they are asked.
            backend {Name} from {TcpSection.Base}
            .if version_atleast(3.1)
                mode spop
            .endif
                timeout connect {ProgramRenderer.Milliseconds(firewall.Connect)}
                timeout server {ProgramRenderer.Milliseconds(firewall.Server)}

            """);
        foreach (var (i, endpoint) in firewall.Endpoints.Index())
            text.Append(CultureInfo.InvariantCulture, $"    server agent-{i} {endpoint} check inter {ProgramRenderer.Milliseconds(options.Checks.Interval)}\n");
        foreach (var line in File(firewall).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            text.Append(Mark).Append(line).Append('\n');
    }

    /// <summary>The agents' own file, of a program that may be another than that of our options; null when it asks none.</summary>
    public static string? FileOf(string program)
    {
        var lines = program.Split('\n').Where(static line => line.StartsWith(Mark, StringComparison.Ordinal)).Select(static line => line[Mark.Length..] + "\n").ToList();
        return lines.Count == 0 ? null : string.Concat(lines);
    }

    /// <summary>More of a line of the log.</summary>
    public static string Logged(ProgramOptions options) => options.Firewall.IsOn ? ",\"firewall\":\"%[var(txn.firewall)]\"" : "";

    private static string PrefixOf(FirewallOptions firewall) => firewall.Kind == FirewallKind.Coraza ? "coraza" : "modsec";

    private static string File(FirewallOptions firewall)
    {
        var (message, usual) = firewall.Kind == FirewallKind.Coraza
            ? ("coraza-req", "app=hdr(host) id=uuid() src-ip=src src-port=src_port dst-ip=dst dst-port=dst_port method=method path=path query=query version=req.ver headers=req.hdrs body=req.body")
            : ("check-request", "uuid() method path query req.ver req.hdrs_bin req.body_size req.body");
        var arguments = (firewall.Arguments ?? usual).Split(' ').Select(static word => word == "req.body" || word.EndsWith("=req.body", StringComparison.Ordinal) ? word[..^"req.body".Length] + Body : word);
        return $"""
            [{Name}]
            spoe-agent {Name}
                groups {Group}
                option var-prefix {PrefixOf(firewall)}
                option set-on-error error
                timeout hello {ProgramRenderer.Milliseconds(firewall.Hello)}
                timeout idle {ProgramRenderer.Milliseconds(firewall.Idle)}
                timeout processing {ProgramRenderer.Milliseconds(firewall.Processing)}
                use-backend {Name}
            spoe-message {message}
                args {string.Join(' ', arguments)}
            spoe-group {Group}
                messages {message}

            """;
    }
}
