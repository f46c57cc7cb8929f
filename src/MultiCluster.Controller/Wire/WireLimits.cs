namespace MultiCluster.Controller.Wire;

/// <summary>Beyond these a message is neither written nor read.</summary>
public static class WireLimits
{
    /// <summary>
    /// Of an encoded message, in bytes. The largest is the record of a Service with very many endpoints (about 100 bytes each, several
    /// times over) or an Ingress with very many certificates.
    /// </summary>
    public const int MaxMessage = 16 << 20;
}
