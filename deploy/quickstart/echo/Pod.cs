using System.Net;

namespace MultiCluster.Quickstart.Echo;

/// <summary>One pod to play: who it is and where it listens.</summary>
internal sealed record Pod(string Member, string Namespace, string Name, IPEndPoint Address)
{
    public const string Form = "MEMBER/NAMESPACE/POD@ADDRESS:PORT";

    /// <summary>Null if the text is not of the <see cref="Form"/>.</summary>
    public static Pod? Parse(string text) =>
        text.Split('@') is [var name, var address]
        && name.Split('/') is [{ Length: > 0 } member, { Length: > 0 } ns, { Length: > 0 } pod]
        && IPEndPoint.TryParse(address, out var endpoint)
        && endpoint.Port > 0
            ? new Pod(member, ns, pod, endpoint)
            : null;
}
