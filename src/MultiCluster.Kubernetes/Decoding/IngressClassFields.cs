using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

internal struct IngressClassFields : IObjectFields
{
    private string? _controller;
    private ParametersReference? _parameters;

    public void Read(ref FieldReader reader)
    {
        if (!reader.Is("spec"u8))
        {
            reader.Skip();
            return;
        }

        if (!reader.EnterObject())
            return;
        while (reader.NextField())
        {
            if (reader.Is("controller"u8))
                _controller = reader.SharedText();
            else if (reader.Is("parameters"u8))
                _parameters = Reference(ref reader);
            else
                reader.Skip();
        }
    }

    private static ParametersReference? Reference(ref FieldReader reader)
    {
        var (group, kind, name, space) = ((string?)null, (string?)null, (string?)null, (string?)null);
        if (!reader.EnterObject())
            return null;
        while (reader.NextField())
        {
            if (reader.Is("apiGroup"u8))
                group = reader.Text();
            else if (reader.Is("kind"u8))
                kind = reader.Text();
            else if (reader.Is("name"u8))
                name = reader.Text();
            else if (reader.Is("namespace"u8))
                space = reader.Text();
            else
                reader.Skip();
        }

        return new ParametersReference(group ?? "", kind ?? "", name ?? "", space);
    }

    public readonly Resource Build(ObjectMeta meta, string? error) =>
        new IngressClassResource(meta) { Controller = _controller ?? "", Parameters = _parameters, DecodeError = error };
}
