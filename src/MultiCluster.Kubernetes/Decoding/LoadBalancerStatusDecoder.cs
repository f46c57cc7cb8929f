using MultiCluster.Model.Collections;

namespace MultiCluster.Kubernetes.Decoding;

/// <summary>status.loadBalancer.ingress of Ingresses and Services: IP addresses and host names, as written.</summary>
internal static class LoadBalancerStatusDecoder
{
    public static EquatableArray<string> Read(ref FieldReader reader)
    {
        var addresses = default(ItemBuffer<string>);
        if (!reader.EnterObject())
            return [];
        while (reader.NextField())
        {
            if (reader.Is("loadBalancer"u8))
                ReadLoadBalancer(ref reader, ref addresses);
            else
                reader.Skip();
        }

        return addresses.ToEquatableArray();
    }

    private static void ReadLoadBalancer(ref FieldReader reader, ref ItemBuffer<string> addresses)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (!reader.Is("ingress"u8))
            {
                reader.Skip();
                continue;
            }

            if (!reader.EnterArray())
                continue;
            while (reader.NextItem())
                ReadAddress(ref reader, ref addresses);
        }
    }

    private static void ReadAddress(ref FieldReader reader, ref ItemBuffer<string> addresses)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (!reader.Is("ip"u8) && !reader.Is("hostname"u8))
                reader.Skip();
            else if (reader.SharedText() is { Length: > 0 } address)
                addresses.Add(address);
        }
    }
}
