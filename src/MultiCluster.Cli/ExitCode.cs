namespace MultiCluster.Cli;

/// <summary>Exit codes of mcctl.</summary>
public static class ExitCode
{
    public const int Success = 0;

    /// <summary>
    /// The question was fine; the server was not reached, refused it or did not know the object. Of "cluster status": a check failed;
    /// of "proxy diff": something differs; of "member drain": sessions are left; of "ingress conflicts --fail": there are some; of "migrate check":
    /// something is not applied; of "validate": something is wrong.
    /// </summary>
    public const int Failure = 1;

    /// <summary>Also of "migrate check" and "validate": something can't be read.</summary>
    public const int Usage = 2;

    /// <summary>128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
