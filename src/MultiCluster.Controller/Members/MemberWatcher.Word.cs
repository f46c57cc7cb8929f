using MultiCluster.Actors;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Members;

namespace MultiCluster.Controller.Members;

/// <summary>The member as a whole: what its registration says, whether it can be read, and what is held back.</summary>
public sealed partial class MemberWatcher
{
    private static readonly TimeSpan SettingsInterval = TimeSpan.FromSeconds(1);

    private TimeSpan _settingsAt;

    private void Approve()
    {
        EquatableArray<string> released = [.. Held()];
        Take(_view.Approve());
        _memory.Approve();
        if (!_delivery.IsComplete)
            OnList();
        LogApproved(_settings.Logger, _member.Name, string.Join("; ", released));
        SayWord();
        Context.Reply(new MemberProtocol.Approved(_member.Name, released));
    }

    /// <summary>A source can't be exchanged under a watcher: the next one reads the new one from the start, and owners keep what they have meanwhile.</summary>
    private void OnRegistration()
    {
        if (_settings.Registry.Find(_member.Name) is not { } now || now == _member)
            return;
        if (now.Source != _member.Source || now.View != _member.View)
        {
            Context.Stop(Self);
            return;
        }

        _member = now;
        SayWord();
    }

    /// <summary>
    /// What there is to say of the member itself. Nothing before it is known whether it can be read: what is remembered of a life before is
    /// better than a guess.
    /// </summary>
    private void SayWord()
    {
        var isKnown = _view.IsComplete && _memory.IsSure;
        if (_staleness.Look(!isKnown || _view.IsStale, IsHolding, Now))
            LogStaleness(_settings.Logger, _member.Name, _staleness.IsStale ? "stale" : "fresh", ReasonOf());
        if (!isKnown && !_staleness.IsStale)
            return;
        var word = new MemberWord(_member.Name, _member.Labels, _member.State, _staleness.IsStale, _staleness.IsStale ? ReasonOf() : "", [.. Held()])
        {
            Origin = _member.Origin,
            Footprint = _memory.Footprint,
            Settings = Settings(),
        };
        if (word == _word)
            return;
        _word = word;
        _delivery.Observe(_wordKey, word);
    }

    /// <summary>Each of them concerns every Ingress, so that they are told at a bounded rate.</summary>
    private EquatableMap? Settings()
    {
        if (_view.Settings is not { } settings || settings.Equals(_word?.Settings) || (_word?.Settings is not null && Now < _settingsAt))
            return _word?.Settings;
        _settingsAt = Now + SettingsInterval;
        foreach (var problem in _view.SettingsProblems)
            LogSetting(_settings.Logger, _member.Name, problem);
        return settings;
    }

    private bool IsHolding => _view.IsHolding || _memory.IsHolding;

    private string ReasonOf() => IsHolding ? Reasons.MassShrink : Reasons.Unreachable;

    private IEnumerable<string> Held() => _view.Held.Select(static held =>
        $"{held.Count} objects of kind {held.Kind} that a list lacks, such as {string.Join(", ", held.Samples)}")
        .Concat(_memory.Held);
}
