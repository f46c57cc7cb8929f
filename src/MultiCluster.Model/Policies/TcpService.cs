namespace MultiCluster.Model.Policies;

/// <summary>How proxies take connections to a port of their own. Another value takes effect with a reload of theirs.</summary>
/// <param name="AcceptsProxy">They begin with a PROXY header.</param>
/// <param name="Tls">They speak TLS, which ends at the proxy.</param>
public sealed record TcpService(bool AcceptsProxy = false, bool Tls = false);
