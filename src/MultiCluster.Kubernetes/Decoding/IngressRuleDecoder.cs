using MultiCluster.Model.Collections;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

internal static class IngressRuleDecoder
{
    public static EquatableArray<IngressRule> ReadAll(ref FieldReader reader)
    {
        var rules = default(ItemBuffer<IngressRule>);
        if (!reader.EnterArray())
            return [];
        while (reader.NextItem())
            rules.Add(ReadRule(ref reader));
        return rules.ToEquatableArray();
    }

    private static IngressRule ReadRule(ref FieldReader reader)
    {
        string? host = null;
        EquatableArray<IngressPath> paths = default;
        if (reader.EnterObject())
        {
            while (reader.NextField())
            {
                if (reader.Is("host"u8))
                    host = reader.SharedText();
                else if (reader.Is("http"u8))
                    paths = ReadHttp(ref reader);
                else
                    reader.Skip();
            }
        }

        return new IngressRule(host, paths);
    }

    private static EquatableArray<IngressPath> ReadHttp(ref FieldReader reader)
    {
        var paths = default(ItemBuffer<IngressPath>);
        if (!reader.EnterObject())
            return [];
        while (reader.NextField())
        {
            if (!reader.Is("paths"u8))
            {
                reader.Skip();
                continue;
            }

            paths = default;
            if (!reader.EnterArray())
                continue;
            while (reader.NextItem())
                paths.Add(ReadPath(ref reader));
        }

        return paths.ToEquatableArray();
    }

    private static IngressPath ReadPath(ref FieldReader reader)
    {
        string? path = null, pathType = null;
        IngressBackend? backend = null;
        if (reader.EnterObject())
        {
            while (reader.NextField())
            {
                if (reader.Is("path"u8))
                    path = reader.SharedText();
                else if (reader.Is("pathType"u8))
                    pathType = reader.SharedText();
                else if (reader.Is("backend"u8))
                    backend = IngressBackendDecoder.Read(ref reader);
                else
                    reader.Skip();
            }
        }

        return new IngressPath(path, pathType, backend);
    }
}

internal static class IngressBackendDecoder
{
    public static IngressBackend? Read(ref FieldReader reader)
    {
        string? service = null, portName = null, resource = null;
        int? portNumber = null;
        if (!reader.EnterObject())
            return null;
        while (reader.NextField())
        {
            if (reader.Is("service"u8))
                ReadService(ref reader, ref service, ref portName, ref portNumber);
            else if (reader.Is("resource"u8))
                resource = ReadReference(ref reader);
            else
                reader.Skip();
        }

        return new IngressBackend(service, portName, portNumber, resource);
    }

    private static void ReadService(ref FieldReader reader, ref string? name, ref string? portName, ref int? portNumber)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("name"u8))
                name = reader.SharedText();
            else if (reader.Is("port"u8))
                ReadPort(ref reader, ref portName, ref portNumber);
            else
                reader.Skip();
        }
    }

    private static void ReadPort(ref FieldReader reader, ref string? name, ref int? number)
    {
        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("name"u8))
                name = reader.SharedText() is { Length: > 0 } text ? text : null;
            else if (reader.Is("number"u8))
                number = reader.Port();
            else
                reader.Skip();
        }
    }

    /// <summary>kind/name of a TypedLocalObjectReference.</summary>
    private static string? ReadReference(ref FieldReader reader)
    {
        string? kind = null, name = null;
        if (!reader.EnterObject())
            return null;
        while (reader.NextField())
        {
            if (reader.Is("kind"u8))
                kind = reader.SharedText();
            else if (reader.Is("name"u8))
                name = reader.SharedText();
            else
                reader.Skip();
        }

        return $"{kind}/{name}";
    }
}
