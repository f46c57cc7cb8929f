namespace MultiCluster.HAProxy.Policies;

/// <summary>Letters that the program looks for in a route's value, one for each kind of rule.</summary>
public static class PolicyFlags
{
    public const char Closed = 'x';

    public const char HttpsRedirect = 's';
}
