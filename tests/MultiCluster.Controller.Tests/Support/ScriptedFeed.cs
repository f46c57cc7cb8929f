using MultiCluster.Controller.Members;

namespace MultiCluster.Controller.Tests.Support;

/// <summary>A feed whose news the test writes.</summary>
internal sealed class ScriptedFeed : IMemberFeed
{
    private readonly TaskCompletionSource _run = new();
    private Action<MemberNews>? _tell;

    public string Description => "script";

    public Task RunAsync(Action<MemberNews> tell, CancellationToken cancellationToken)
    {
        _tell = tell;
        return _run.Task;
    }

    public void Tell(MemberNews news) => _tell!(news);
}
