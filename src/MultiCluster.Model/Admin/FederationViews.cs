namespace MultiCluster.Model.Admin;

/// <summary>One member as a whole, beside what <see cref="MemberView"/> says of its objects.</summary>
/// <param name="State">Active, Drain or Disabled: what counts.</param>
/// <param name="Ordered">What an operator has ordered; null for nothing.</param>
/// <param name="Registered">The answering node knows how to read it; false for one that is known from before only.</param>
/// <param name="Removed">Taken out for good; it is listed until its name is registered anew.</param>
/// <param name="Leaving">It drains, and is removed after that.</param>
/// <param name="Stale">Its objects may be out of date.</param>
/// <param name="BehindSeconds">Since when; null while it is up to date.</param>
/// <param name="Held">What is held back since it looks like a loss; "mcctl member approve" releases it.</param>
/// <param name="EndpointMode">PodIP, NodePort, LoadBalancer or Auto.</param>
/// <param name="Sessions">Requests and connections under way to its endpoints, by proxy; proxies that could not be asked are absent.</param>
/// <param name="SilentControllers">Those that did not answer: what proxies have that have a session with them is not known.</param>
/// <param name="SilentProxies">Those that have not told their sessions though the member is to get no new ones.</param>
/// <param name="Conditions">Reachable, Synced, CredentialsValid and Stale.</param>
public sealed record MemberDetailView(
    MemberView Member,
    string State,
    string? Ordered,
    bool Registered,
    bool Removed,
    bool Leaving,
    bool Stale,
    double? BehindSeconds,
    IReadOnlyList<string> Held,
    bool Home,
    string EndpointMode,
    string Region,
    string Zone,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, long> Sessions,
    IReadOnlyList<string> SilentControllers,
    IReadOnlyList<string> SilentProxies,
    IReadOnlyList<ConditionView> Conditions);

/// <summary>What came of an order for a member.</summary>
/// <param name="Released">By an approval: what was held back and is gone now.</param>
public sealed record MemberOrderView(string Member, string State, bool Removed, IReadOnlyList<string> Released);

/// <summary>How requests of one backend (a Service port, as a federated ingress uses it) are spread over members.</summary>
/// <param name="Backend">namespace/service:port.</param>
/// <param name="Ingress">Whose policy it is; null where no policy counts and the endpoints of all members are alike.</param>
/// <param name="Policy">For people, such as "70 % healthy, slow start 30s"; empty without one.</param>
/// <param name="Proxy">As this proxy sees it.</param>
public sealed record BackendView(
    string Namespace, string Service, string Port, string Backend, string? Ingress, string Policy, string Proxy, IReadOnlyList<BackendShareView> Shares);

/// <summary>One member's part of a backend, or a part of it that lies in one place.</summary>
/// <param name="Place">Zone, Region, Elsewhere or Unknown as seen from the proxy; empty where that makes no difference.</param>
/// <param name="Weight">As configured; null without a policy.</param>
/// <param name="SharePercent">Of new sessions, now; without a policy, by the number of healthy endpoints.</param>
/// <param name="Endpoints">With a policy, also those that are not ready: its threshold is of all.</param>
/// <param name="Healthy">Endpoints that are ready and that HAProxy finds fit; null where it checks none of them and all are ready: then all count.</param>
/// <param name="Slot">HAProxy's name of the backend; null while it has none.</param>
public sealed record BackendShareView(
    string Member, string Place, string State, int Priority, int? Weight, double SharePercent, int Endpoints, int? Healthy, long? Sessions, string? Slot);
