namespace MultiCluster.Host.Admin;

/// <summary>What a caller of the admin API may do; each may do what those before it may.</summary>
internal enum AdminRole
{
    /// <summary>Look.</summary>
    View,

    /// <summary>And move traffic: drain, cordon, disable, and let go what is held back.</summary>
    Operate,

    /// <summary>And take members and nodes out.</summary>
    Admin,
}

/// <summary>Metadata of an endpoint that asks for another role than its method does.</summary>
internal sealed record Needs(AdminRole Role);

/// <summary>Metadata of an endpoint that everybody may ask, such as a probe.</summary>
internal sealed record OpenToAll;

/// <param name="Name">For the history; empty for whoever is on this machine.</param>
internal sealed record AdminCaller(string Name, AdminRole Role);
