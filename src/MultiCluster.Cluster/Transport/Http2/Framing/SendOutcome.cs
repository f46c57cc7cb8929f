namespace MultiCluster.Cluster.Transport.Http2.Framing;

public enum SendOutcome
{
    /// <summary>It waits to be sent. Whether it arrives is another matter.</summary>
    Taken,

    /// <summary>As much waits as may; try again when some has gone.</summary>
    Full,

    /// <summary>Above the largest frame; no try will do better.</summary>
    TooLarge,

    Closed,
}
