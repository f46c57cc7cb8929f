using MultiCluster.Federation.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Members;

namespace MultiCluster.Controller.Members;

/// <summary>
/// What was known of a member's size before this watcher began. Until the member's entity has answered, and as long as first lists lack
/// too much of it, a list is no proof that what it lacks is gone. Pure.
/// </summary>
/// <param name="isOn">Else the first lists count, whatever they lack.</param>
internal sealed class MemberMemory(bool isOn)
{
    private EquatableArray<KindLoss> _losses = [];
    private bool _isOverdue;

    /// <summary>About what there is when all is well; empty: nothing is known.</summary>
    public EquatableArray<KindCount> Footprint { get; private set; } = [];

    public bool IsOn => isOn;

    public bool IsAnswered { get; private set; } = !isOn;

    /// <summary>What first lists lack is gone.</summary>
    public bool IsSure => IsAnswered && _losses.IsEmpty;

    public bool IsHolding => !_losses.IsEmpty || (_isOverdue && !IsAnswered);

    /// <summary>For people.</summary>
    public IEnumerable<string> Held => _isOverdue && !IsAnswered
        ? ["all that first lists lack, since what was known before can't be learned from the cluster yet"]
        : _losses.Select(static loss => $"{loss} that the first list lacks");

    /// <param name="footprint">Empty when nobody has read the member before.</param>
    public void Answer(EquatableArray<KindCount> footprint)
    {
        if (IsAnswered)
            return;
        Footprint = footprint;
        IsAnswered = true;
    }

    /// <summary>All has been read, and nobody has answered for long.</summary>
    public void GiveUp() => _isOverdue = true;

    /// <summary>Compares what the first lists, and events since, have brought.</summary>
    public void Judge(EquatableArray<KindCount> counts) => _losses = FootprintRule.Losses(Footprint, counts);

    /// <summary>Forgets what is held back: an operator knows that it is gone.</summary>
    public void Approve()
    {
        if (!IsHolding)
            return;
        IsAnswered = true;
        Footprint = [];
        _losses = [];
    }

    /// <summary>Takes note of what there is while all is well.</summary>
    public void Renew(EquatableArray<KindCount> counts)
    {
        if (FootprintRule.IsOutdated(Footprint, counts))
            Footprint = counts;
    }
}
