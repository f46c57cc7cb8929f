using MultiCluster.Cluster.Transport;

namespace MultiCluster.Cluster.Tests.Transport.Http2.Support;

/// <summary>Stands where ClusterLinks does.</summary>
internal sealed class Recorder : ITransportReceiver
{
    private readonly Lock _gate = new();
    private readonly Pulse _pulse = new();
    private readonly List<LinkFrame> _frames = [];
    private readonly List<string> _notices = [];

    /// <summary>Called before a frame is taken; a test may block it.</summary>
    public Action? OnFrame { get; set; }

    /// <summary>Takes frames in place of <see cref="Frames"/>, which keeps them all.</summary>
    public Action<LinkFrame>? Instead { get; set; }

    public IReadOnlyList<LinkFrame> Frames
    {
        get
        {
            lock (_gate)
                return [.. _frames];
        }
    }

    /// <summary>Such as <c>up b#1</c>.</summary>
    public IReadOnlyList<string> Notices
    {
        get
        {
            lock (_gate)
                return [.. _notices];
        }
    }

    public Task NoticesAsync(params string[] expected) => _pulse.UntilAsync(
        () => Notices.Take(expected.Length).SequenceEqual(expected), () => $"notices {string.Join(", ", expected)}; there were {string.Join(", ", Notices)}");

    public Task UpAsync(NodeId peer, int times = 1) => _pulse.UntilAsync(
        () => Notices.Count(notice => notice == $"up {peer}") >= times, () => $"{peer} up {times} times; there were {string.Join(", ", Notices)}");

    public Task DownAsync(NodeId peer, int times = 1) => _pulse.UntilAsync(
        () => Notices.Count(notice => notice == $"down {peer}") >= times, () => $"{peer} down {times} times; there were {string.Join(", ", Notices)}");

    public Task FramesAsync(int count) => _pulse.UntilAsync(() => Frames.Count >= count, () => $"{count} frames; there were {Frames.Count}");

    public void Received(LinkFrame frame)
    {
        if (Instead is { } instead)
        {
            instead(frame);
            return;
        }
        OnFrame?.Invoke();
        lock (_gate)
            _frames.Add(frame);
        _pulse.Beat();
    }

    public void PeerUp(NodeId peer) => Note($"up {peer}");

    public void PeerDown(NodeId peer) => Note($"down {peer}");

    private void Note(string notice)
    {
        lock (_gate)
            _notices.Add(notice);
        _pulse.Beat();
    }
}
