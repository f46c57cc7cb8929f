using System.Globalization;
using System.Net;

namespace MultiCluster.HAProxy.Tests.Support;

public sealed record SimulatedServer(string Address, int Port, bool InMaintenance, int Connections)
{
    public bool IsDraining { get; init; }

    /// <summary>Its configuration said so, which HAProxy remembers for its whole life.</summary>
    public bool WasDisabled { get; init; }

    public bool HasCheck { get; init; }

    /// <summary>Checks run.</summary>
    public bool IsChecked { get; init; }

    public bool HasCookie { get; init; }

    /// <summary>0: any.</summary>
    public int Id { get; init; }

    public int MaxConnections { get; init; }

    public bool HasAgent { get; init; }

    /// <summary>Its agent is asked.</summary>
    public bool AsksAgent { get; init; }

    public SimulatedServer With(string[] options) => this with
    {
        HasAgent = options.Contains("agent-check"),
        HasCheck = options.Contains("check"), Id = NumberAfter("id", options), MaxConnections = NumberAfter("maxconn", options),
    };

    private static int NumberAfter(string word, string[] options) =>
        Array.IndexOf(options, word) is var at and >= 0 ? int.Parse(options[at + 1], CultureInfo.InvariantCulture) : 0;

    public static SimulatedServer At(string endpoint, bool inMaintenance, int connections)
    {
        var parsed = IPEndPoint.Parse(endpoint);
        return new SimulatedServer(parsed.Address.ToString(), parsed.Port, inMaintenance, connections);
    }
}
