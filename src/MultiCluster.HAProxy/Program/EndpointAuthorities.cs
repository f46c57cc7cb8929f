namespace MultiCluster.HAProxy.Program;

/// <summary>
/// Authorities that sign certificates of endpoints. HAProxy reads them from a file of ours, never from the machine: with
/// <c>ca-file @system-ca</c> 3.4 does not start where the machine has no authorities, nor takes a server at run time, and all of them trust
/// nobody there without a word.
/// </summary>
/// <param name="Pem">Certificates, at least one: HAProxy does not start from a file without.</param>
/// <param name="IsConfigured">An operator named them, so that others take a reload; the machine's own come with one for another reason.</param>
public sealed record EndpointAuthorities(string Pem, bool IsConfigured);
