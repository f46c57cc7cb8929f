using System.Globalization;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Backends;

/// <summary>One member's part of a federated backend, while it is built.</summary>
internal sealed class MemberPorts(MemberName member, ServiceResource service, EndpointOptions options)
{
    private readonly AddressReader _addresses = new(options);
    private readonly List<BackendPort> _ports = [];
    private readonly List<string> _problems = [];

    public MemberBackend Backend => new(member, _ports.ToEquatableArray());

    /// <summary>Null when everything could be used.</summary>
    public CopyCondition? Condition
    {
        get
        {
            string[] problems = [.. _problems, .. _addresses.Problems()];
            if (problems.Length == 0)
                return null;
            var message = $"{member}: Service {Shown.Key(service.Key)}: {Listing.Join(problems)}";
            return new CopyCondition(
                member, new Condition(ConditionType.PartiallyInvalid, true, Reasons.InvalidEndpoint, message) { Details = problems.ToEquatableArray() });
        }
    }

    public void AddFromSlices(EquatableArray<EndpointSliceResource> slices)
    {
        var usable = slices.Where(IsUsable).ToList();
        foreach (var port in UsablePorts())
        {
            var selection = new EndpointSelection(_addresses);
            foreach (var slice in usable)
                selection.Add(slice, port.Name);
            _ports.Add(new BackendPort(port.Name, port.Number, AppProtocolOf(port), selection.Select()));
        }
    }

    /// <summary>DNS gives addresses only, so the port is the Service's own; without one it is what the path names.</summary>
    public void AddExternal(EquatableArray<string> resolved)
    {
        var usable = resolved.Select(_addresses.Read).OfType<string>().ToList();
        var preferred = usable.Where(_addresses.IsPreferred).ToList();
        var addresses = new SortedSet<string>(preferred.Count > 0 ? preferred : usable, StringComparer.Ordinal);
        if (service.Ports.IsEmpty)
            _ports.Add(new BackendPort("", BackendPort.AnyNumber, "", At(addresses, BackendPort.AnyNumber)));
        foreach (var port in UsablePorts())
            _ports.Add(new BackendPort(port.Name, port.Number, AppProtocolOf(port), At(addresses, TargetOf(port))));
    }

    public void AddProblem(string problem) => _problems.Add(problem);

    /// <summary>What repeats one that was added already is left out.</summary>
    private IEnumerable<ServicePort> UsablePorts()
    {
        foreach (var port in service.Ports)
        {
            if (!Protocols.IsTcp(port.Protocol))
                continue;
            var named = port.Name.Length == 0 || DnsNames.IsLabel(port.Name);
            if (!named || port.Number is < 1 or > 65535)
                _problems.Add($"port {Shown.Quoted(port.Name)} {port.Number} is no valid port and is left out");
            else if (_ports.Exists(known => known.Number == port.Number || string.Equals(known.Name, port.Name, StringComparison.Ordinal)))
                _problems.Add($"port {Shown.Quoted(port.Name)} {port.Number} repeats a name or a number and is left out");
            else
                yield return port;
        }
    }

    private bool IsUsable(EndpointSliceResource slice)
    {
        if (slice.DecodeError is not null)
            _problems.Add($"EndpointSlice {Shown.Key(slice.Key)} can't be read ({Shown.Quoted(slice.DecodeError)}) and is left out");
        return slice.DecodeError is null && slice.AddressType is "IPv4" or "IPv6";
    }

    private static EquatableArray<BackendEndpoint> At(SortedSet<string> addresses, int port) =>
        addresses.Select(address => new BackendEndpoint(address, port, "", "", "")).ToEquatableArray();

    private static int TargetOf(ServicePort port) =>
        int.TryParse(port.TargetPort, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 65535
            ? number
            : port.Number;

    private static string AppProtocolOf(ServicePort port) => EndpointSelection.IsLabelValue(port.AppProtocol) ? port.AppProtocol! : "";
}
