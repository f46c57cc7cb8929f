using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MultiCluster.HAProxy.Policies;

namespace MultiCluster.HAProxy.Program;

/// <summary>
/// The access log, of HAProxy's own writing or of our own process's. Of the latter HAProxy hands over what it knows: words in a fixed order,
/// divided by a blank, <c>-</c> for none, and in base64 what clients chose, so that no request can forge a word, and each has its bounds.
/// <para>
/// A line of a request: <c>h1</c>, end in microseconds, id, client, its port, port asked, TLS, cipher, name asked in TLS, status, termination, retries,
/// bytes in, bytes out, the milliseconds of handshake, idle, request, queue, connect, response and total (-1: it did not come to that), ingress, backend,
/// its real name, server, its address, its port, firewall, what was asked and what was said. Of these two the parts are divided by commas, and one that
/// is missing is empty: version, method, host, path, query, User-Agent, Referer and traceparent, then NAME=VALUE for each header that the operator names;
/// of answers these alone. Behind them is what a route's policy wants told, see <see cref="CaptureSection"/>. A line of a connection: <c>t1</c>, end, client, its port, port asked, TLS, cipher, name asked in TLS, termination, retries, bytes
/// in, bytes out, the milliseconds of queue, connect and total, ingress, backend, its real name, server, its address, its port.
/// </para>
/// <para>
/// Lines go through a ring: HAProxy waits for nobody, and what happens while our process is away is kept there as far as there is room, but for the
/// line or two that HAProxy 3.0 and newer write before they see that it is gone. A line's end is its frame, since no word has one: with the octets
/// counted HAProxy 3.0.11 never connects again.
/// </para>
/// </summary>
internal static class LogSection
{
    private const string Ring = "access-log";

    /// <summary>A line that does not fit into HAProxy's buffer is not handed over at all; one that is longer than this is cut.</summary>
    private const int MaxLine = ProgramRenderer.BufferSize - 768;

    /// <summary>In a line, of all words but headers that the operator names and those that a route captures.</summary>
    private const int UsualWords = 13_500;

    private const int RingSize = 4 << 20;

    private const int MaxHeader = 256;

    private const int MaxCaptured = 12 * 1024;

    private const int HeadersOfRule = 8;

    private const string Asked = "txn.log_asked";

    private const string Said = "txn.log_said";

    public static void AppendRing(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        if (options.LogReceiver is null)
            return;
        text.Append(CultureInfo.InvariantCulture, $"""

            ring {Ring}
                format raw
                maxlen {MaxLine}
                size {RingSize}
                timeout connect 1s
                timeout server 10s
                server agent unix@{paths.LogSocket} log-proto legacy

            """);
    }

    public static void AppendHttp(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        if (options.LogReceiver is { } receiver)
            Append(text, receiver, paths);
        else if (options.AccessLog is not null)
            AppendOwn(text, options, paths);
    }

    public static void AppendTcp(StringBuilder text, ProgramOptions options, ProgramPaths paths)
    {
        var real = $"%[be_name,map_str({paths.Full(ProgramPaths.BackendMap)})]";
        if (options.LogReceiver is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                    {{Target}}
                    option dontlognull
                    log-format "t1 %[date(0,us)] %ci %cp %fp %[ssl_fc_protocol] %[ssl_fc_cipher] %[ssl_fc_sni,bytes(0,256),base64] %ts %rc %U %B %Tw %Tc %Tt %[var(txn.route),field(3,|)] %[be_name] {{real}} %s %si %sp"

                """);
        }
        else if (options.AccessLog is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                    log global
                    option dontlognull
                    log-format '{"time":"%[date,utime(%Y-%m-%dT%H:%M:%SZ)]","time_ms":%[date(0,ms)],"client":"%ci","port":%fp,"ingress":"%[var(txn.route),field(3,|)]","backend":"{{real}}","server":"%s","bytes_in":%U,"bytes_out":%B,"queue_ms":%Tw,"connect_ms":%Tc,"total_ms":%Tt,"termination":"%ts","retries":"%rc"}'

                """);
        }
    }

    /// <summary>How much of a request's headers is left room for; with as many named headers as there may be, still 4 kB.</summary>
    public static int RoomOfCaptured(LogReceiverOptions receiver)
    {
        var named = receiver.RequestHeaders.Concat(receiver.ResponseHeaders).Sum(static name => name.Length + 2 + Base64.GetMaxEncodedToUtf8Length(MaxHeader));
        return Math.Min(MaxCaptured, (MaxLine - UsualWords - named) / 4 * 3);
    }

    private static string Target => string.Create(CultureInfo.InvariantCulture, $"log ring@{Ring} len {MaxLine} format raw local0");

    private static void Append(StringBuilder text, LogReceiverOptions receiver, ProgramPaths paths)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
                {{Target}}
                option dontlognull
                unique-id-format %[uuid()]
                # The request is gone when the line is written.
                http-request set-var-fmt({{Asked}}) "%[req.ver],%[method,bytes(0,64),base64],%[req.fhdr(host),bytes(0,256),base64],%[path,bytes(0,2048),base64],%[query,bytes(0,2048),base64],%[req.fhdr(user-agent),bytes(0,512),base64],%[req.fhdr(referer),bytes(0,1024),base64],%[req.fhdr(traceparent),bytes(0,64),base64]"
                http-request set-log-level silent if { var(txn.does) -m found } { {{PolicySection.Has(PolicyFlags.Unlogged)}} }
                log-format "h1 %[date(0,us)] %ID %ci %cp %fp %[ssl_fc_protocol] %[ssl_fc_cipher] %[ssl_fc_sni,bytes(0,256),base64] %ST %tsc %rc %U %B %Th %Ti %TR %Tw %Tc %Tr %Ta %[var(txn.route),field(3,|)] %[be_name] %[be_name,map_str({{paths.Full(ProgramPaths.BackendMap)}})] %s %si %sp %[var(txn.firewall)] %[var({{Asked}})] %[var({{Said}})] {{CaptureSection.Words}}"

            """);
        AppendHeaders(text, "http-request", Asked, "req", receiver.RequestHeaders, isFirst: false);
        AppendHeaders(text, "http-after-response", Said, "res", receiver.ResponseHeaders, isFirst: true);
    }

    /// <summary>So many a rule that none comes to the length that HAProxy takes of a line.</summary>
    private static void AppendHeaders(StringBuilder text, string rules, string variable, string side, IEnumerable<string> names, bool isFirst)
    {
        foreach (var chunk in names.Chunk(HeadersOfRule))
        {
            var items = string.Join(',', chunk.Select(name => string.Create(CultureInfo.InvariantCulture, $"{name}=%[{side}.fhdr({name}),bytes(0,{MaxHeader}),base64]")));
            var before = isFirst ? "" : $"%[var({variable})],";
            text.Append(CultureInfo.InvariantCulture, $"    {rules} set-var-fmt({variable}) \"{before}{items}\"\n");
            isFirst = false;
        }
    }

    private static void AppendOwn(StringBuilder text, ProgramOptions options, ProgramPaths paths) => text.Append(CultureInfo.InvariantCulture, $$"""
            log global
            option dontlognull
            # The request is gone when the line is written.
            http-request set-var(txn.logged) path
            http-request set-var(txn.host) req.fhdr(host),lower
            http-request set-log-level silent if { var(txn.does) -m found } { {{PolicySection.Has(PolicyFlags.Unlogged)}} }
            log-format '{"time":"%[date,utime(%Y-%m-%dT%H:%M:%SZ)]","time_ms":%[date(0,ms)],"client":"%ci","method":"%HM","host":"%[var(txn.host),host_only,json(utf8s)]","path":"%[var(txn.logged),json(utf8s)]","proto":"%HV","status":%ST,"ingress":"%[var(txn.route),field(3,|)]","backend":"%[be_name,map_str({{paths.Full(ProgramPaths.BackendMap)}})]","server":"%s","bytes_in":%U,"bytes_out":%B,"request_ms":%TR,"queue_ms":%Tw,"connect_ms":%Tc,"response_ms":%Tr,"total_ms":%Ta,"termination":"%ts","retries":"%rc"{{FirewallSection.Logged(options)}}}'

        """);
}
