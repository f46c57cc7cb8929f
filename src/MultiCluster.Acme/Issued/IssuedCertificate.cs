using MultiCluster.Model.Collections;
using MultiCluster.Model.Security;

namespace MultiCluster.Acme.Issued;

/// <summary>What an order gives; a Secret of type kubernetes.io/tls holds it as it is.</summary>
/// <param name="Chain">Value of tls.crt: leaf, then intermediates.</param>
/// <param name="Key">Value of tls.key.</param>
/// <param name="Root">Common name of who signed the last of the chain.</param>
public sealed record IssuedCertificate(string Chain, Secret Key, DateTimeOffset NotBefore, DateTimeOffset NotAfter, EquatableArray<string> Hosts, string Root);
