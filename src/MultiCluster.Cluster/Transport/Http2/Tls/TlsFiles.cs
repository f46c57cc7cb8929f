namespace MultiCluster.Cluster.Transport.Http2.Tls;

/// <summary>Paths of PEM files, read again whenever a connection is made.</summary>
/// <param name="Certificate">This process's own certificate, followed by its intermediates if it has any.</param>
/// <param name="Key">Not encrypted; mode 0600.</param>
/// <param name="Authority">Whoever signs peers' certificates; several while an authority is being replaced.</param>
public sealed record TlsFiles(string Certificate, string Key, string Authority);
