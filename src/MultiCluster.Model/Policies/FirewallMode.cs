namespace MultiCluster.Model.Policies;

/// <summary>What a firewall for applications says of a request.</summary>
public enum FirewallMode
{
    /// <summary>What it turns down is refused; where there is none to ask, everything is.</summary>
    Deny,

    /// <summary>It is asked, and writes down what it thinks.</summary>
    Detect,
}
