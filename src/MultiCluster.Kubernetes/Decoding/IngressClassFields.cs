using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Decoding;

internal struct IngressClassFields : IObjectFields
{
    private string? _controller;

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
            else
                reader.Skip();
        }
    }

    public readonly Resource Build(ObjectMeta meta, string? error) =>
        new IngressClassResource(meta) { Controller = _controller ?? "", DecodeError = error };
}
