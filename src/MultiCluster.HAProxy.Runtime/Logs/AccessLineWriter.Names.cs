using System.Text.Json;

namespace MultiCluster.HAProxy.Runtime.Logs;

internal sealed partial class AccessLineWriter
{
    /// <summary>Keys of lines; ACCESSLOG.md tells of each, which a test sees to.</summary>
    internal static class Names
    {
        public static readonly JsonEncodedText Type = Key("type");
        public static readonly JsonEncodedText Time = Key("time");
        public static readonly JsonEncodedText Id = Key("id");
        public static readonly JsonEncodedText Proxy = Key("proxy");
        public static readonly JsonEncodedText Client = Key("client");
        public static readonly JsonEncodedText ClientPort = Key("client_port");
        public static readonly JsonEncodedText Port = Key("port");
        public static readonly JsonEncodedText Tls = Key("tls");
        public static readonly JsonEncodedText Cipher = Key("cipher");
        public static readonly JsonEncodedText ServerName = Key("server_name");
        public static readonly JsonEncodedText Protocol = Key("protocol");
        public static readonly JsonEncodedText Method = Key("method");
        public static readonly JsonEncodedText Host = Key("host");
        public static readonly JsonEncodedText Path = Key("path");
        public static readonly JsonEncodedText Query = Key("query");
        public static readonly JsonEncodedText UserAgent = Key("user_agent");
        public static readonly JsonEncodedText Referer = Key("referer");
        public static readonly JsonEncodedText TraceId = Key("trace_id");
        public static readonly JsonEncodedText SpanId = Key("span_id");
        public static readonly JsonEncodedText Status = Key("status");
        public static readonly JsonEncodedText Termination = Key("termination");
        public static readonly JsonEncodedText Retries = Key("retries");
        public static readonly JsonEncodedText Redispatched = Key("redispatched");
        public static readonly JsonEncodedText BytesIn = Key("bytes_in");
        public static readonly JsonEncodedText BytesOut = Key("bytes_out");
        public static readonly JsonEncodedText Handshake = Key("handshake_ms");
        public static readonly JsonEncodedText Idle = Key("idle_ms");
        public static readonly JsonEncodedText Request = Key("request_ms");
        public static readonly JsonEncodedText Queue = Key("queue_ms");
        public static readonly JsonEncodedText Connect = Key("connect_ms");
        public static readonly JsonEncodedText Response = Key("response_ms");
        public static readonly JsonEncodedText Total = Key("total_ms");
        public static readonly JsonEncodedText Ingress = Key("ingress");
        public static readonly JsonEncodedText Service = Key("service");
        public static readonly JsonEncodedText ServicePort = Key("service_port");
        public static readonly JsonEncodedText Member = Key("member");
        public static readonly JsonEncodedText Pod = Key("pod");
        public static readonly JsonEncodedText Address = Key("address");
        public static readonly JsonEncodedText AddressPort = Key("address_port");
        public static readonly JsonEncodedText Firewall = Key("firewall");
        public static readonly JsonEncodedText RequestHeaders = Key("request_headers");
        public static readonly JsonEncodedText ResponseHeaders = Key("response_headers");
        public static readonly JsonEncodedText Captures = Key("captures");

        private static JsonEncodedText Key(string name) => JsonEncodedText.Encode(name);
    }
}
