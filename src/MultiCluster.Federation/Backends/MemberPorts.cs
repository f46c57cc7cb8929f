using System.Globalization;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Backends;

/// <summary>One member's part of a federated backend, while it is built.</summary>
internal sealed class MemberPorts(ServiceCopy copy, ServiceResource service, EndpointOptions options)
{
    private readonly AddressReader _addresses = new(options);
    private readonly List<BackendPort> _ports = [];
    private readonly List<string> _problems = [];

    public MemberBackend Backend => new(copy.Member, _ports.ToEquatableArray()) { Transport = copy.Access.Transport };

    /// <summary>Null when everything could be used.</summary>
    public CopyCondition? Condition
    {
        get
        {
            string[] problems = [.. _problems, .. _addresses.Problems()];
            if (problems.Length == 0)
                return null;
            var message = $"{copy.Member}: Service {Shown.Key(service.Key)}: {Listing.Join(problems)}";
            return new CopyCondition(
                copy.Member, new Condition(ConditionType.PartiallyInvalid, true, Reasons.InvalidEndpoint, message) { Details = problems.ToEquatableArray() });
        }
    }

    public void AddFromSlices()
    {
        var usable = copy.Slices.Where(IsUsable).ToList();
        foreach (var port in UsablePorts())
        {
            var selection = new EndpointSelection(_addresses);
            foreach (var slice in usable)
                selection.Add(slice, port.Name);
            var endpoints = selection.Select();
            _ports.Add(new BackendPort(port.Name, port.Number, AppProtocolOf(port), endpoints)
            {
                Unready = selection.CountUnready(),
                OfService = copy.Access.HasServiceAddresses && !endpoints.IsEmpty ? At(Usable(service.ClusterAddresses), port.Number) : [],
            });
        }
    }

    /// <summary>DNS gives addresses only, so the port is the Service's own; without one it is what the path names.</summary>
    public void AddExternal(EquatableArray<string> resolved)
    {
        var addresses = Usable(resolved);
        if (service.Ports.IsEmpty)
            _ports.Add(new BackendPort("", BackendPort.AnyNumber, "", At(addresses, BackendPort.AnyNumber)));
        foreach (var port in UsablePorts())
            _ports.Add(new BackendPort(port.Name, port.Number, AppProtocolOf(port), At(addresses, TargetOf(port))));
    }

    /// <summary>The ports that the load balancer listens on are the Service's own.</summary>
    /// <param name="resolved">IP addresses, those of host names included.</param>
    public void AddFromLoadBalancer(IEnumerable<string> resolved)
    {
        if (service.LoadBalancerAddresses.IsEmpty)
            _problems.Add(
                $"has no load balancer address, which {copy.Member} is reached by; make it of type LoadBalancer, wait for its address, or set the member's endpoint mode to Auto");
        var addresses = Usable(resolved);
        foreach (var port in UsablePorts())
            _ports.Add(new BackendPort(port.Name, port.Number, AppProtocolOf(port), At(addresses, port.Number)));
    }

    public void AddFromNodes()
    {
        var nodes = copy.Nodes.Where(static node => node.TakesTraffic).ToList();
        if (nodes.Count == 0)
            _problems.Add($"is reached by NodePort, and {copy.Member} has no ready Node that may be read; allow list and watch of nodes there, or make one ready");
        foreach (var port in UsablePorts())
        {
            EquatableArray<BackendEndpoint> endpoints = [];
            if (port.NodePort is >= 1 and <= 65535)
                endpoints = OnNodes(nodes, port);
            else
                _problems.Add(
                    $"port {Shown.Quoted(port.Name)} {port.Number} has no nodePort, which {copy.Member} is reached by; make the Service of type NodePort, or set the member's endpoint mode to Auto");
            _ports.Add(new BackendPort(port.Name, port.Number, AppProtocolOf(port), endpoints));
        }
    }

    private EquatableArray<BackendEndpoint> OnNodes(List<NodeResource> nodes, ServicePort port)
    {
        var candidates = nodes;
        if (service.IsExternalTrafficLocal)
        {
            var serving = NodeChoice.Serving(copy.Slices, port.Name);
            candidates = nodes.FindAll(node => serving.Contains(node.Key.Name));
        }

        var endpoints = new SortedDictionary<string, BackendEndpoint>(StringComparer.Ordinal);
        foreach (var node in NodeChoice.Choose(service.Key, candidates))
        {
            if (AddressOf(node) is { } address)
                endpoints.TryAdd(address, new BackendEndpoint(address, port.NodePort!.Value, "", NameOf(node), ZoneOf(node)));
        }

        return endpoints.Values.ToEquatableArray();
    }

    /// <summary>The first that can be a server's, of the preferred family where there is one: internal ones come first.</summary>
    private string? AddressOf(NodeResource node)
    {
        var usable = node.Addresses.Select(_addresses.Read).OfType<string>().ToList();
        return usable.Find(_addresses.IsPreferred) ?? usable.FirstOrDefault();
    }

    private static string NameOf(NodeResource node) => DnsNames.IsSubdomain(node.Key.Name) ? node.Key.Name : "";

    private static string ZoneOf(NodeResource node) =>
        node.Meta.Labels.Find(MemberTraits.ZoneLabel) is { } zone && EndpointSelection.IsLabelValue(zone) ? zone : "";

    /// <summary>Those of the preferred family, or all when there are none.</summary>
    private SortedSet<string> Usable(IEnumerable<string> addresses)
    {
        var usable = addresses.Select(_addresses.Read).OfType<string>().ToList();
        var preferred = usable.Where(_addresses.IsPreferred).ToList();
        return new SortedSet<string>(preferred.Count > 0 ? preferred : usable, StringComparer.Ordinal);
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
