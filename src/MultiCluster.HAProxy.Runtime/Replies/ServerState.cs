namespace MultiCluster.HAProxy.Runtime.Replies;

/// <summary><c>srv_op_state</c>.</summary>
public enum OperationalState
{
    Stopped = 0,
    Starting = 1,
    Running = 2,
    Stopping = 3,
}

/// <summary><c>srv_admin_state</c>: the management guide's names, without their prefix.</summary>
[Flags]
public enum AdministrativeState
{
    None = 0,
    ForcedMaintenance = 0x01,
    InheritedMaintenance = 0x02,
    ConfiguredMaintenance = 0x04,
    ForcedDrain = 0x08,
    InheritedDrain = 0x10,
    ResolutionMaintenance = 0x20,
    HostNameMaintenance = 0x40,

    /// <summary><see cref="ConfiguredMaintenance"/> is no part: it says that the configuration had the server disabled, and stays when it was made ready.</summary>
    Maintenance = ForcedMaintenance | InheritedMaintenance | ResolutionMaintenance,
    Drain = ForcedDrain | InheritedDrain,
}

/// <param name="Address">Without brackets, also for IPv6; <c>-</c> for a server without one.</param>
/// <param name="Check"><c>srv_check_state</c>.</param>
/// <param name="Agent"><c>srv_agent_state</c>.</param>
/// <param name="Weight">The user-visible weight, 0 to 256.</param>
public sealed record ServerState(
    string Backend, int Id, string Name, string Address, int Port, OperationalState Operational, AdministrativeState Administrative, int Weight, bool UsesTls, int Check = 0, int Agent = 0)
{
    public bool IsInMaintenance => (Administrative & AdministrativeState.Maintenance) != AdministrativeState.None;

    /// <summary>It fails its checks, also while it drains; one in maintenance is stopped for another reason.</summary>
    public bool IsDown => Operational == OperationalState.Stopped && !IsInMaintenance;

    /// <summary>It could be checked, and is not: <c>CHK_ST_CONFIGURED</c> (2) without <c>CHK_ST_ENABLED</c> (4).</summary>
    public bool HasChecksOff => (Check & 6) == 2;

    /// <summary><c>CHK_ST_CONFIGURED</c> (2) and <c>CHK_ST_ENABLED</c> (4).</summary>
    public bool AsksAgent => (Agent & 6) == 6;

    /// <summary>The configuration had it disabled, whatever became of it since.</summary>
    public bool WasDisabled => (Administrative & AdministrativeState.ConfiguredMaintenance) != AdministrativeState.None;

    public bool IsDraining => (Administrative & AdministrativeState.Drain) != AdministrativeState.None;
}
