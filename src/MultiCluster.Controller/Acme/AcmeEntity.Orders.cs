using Microsoft.Extensions.Logging;
using MultiCluster.Acme;
using MultiCluster.Acme.Certificates;
using MultiCluster.Acme.Issued;
using MultiCluster.Acme.Jose;
using MultiCluster.Actors;
using MultiCluster.Controller.Routing;
using MultiCluster.Controller.Status;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Controller.Acme;

/// <summary>Which orders are made, and what becomes of their certificates.</summary>
public sealed partial class AcmeEntity
{
    private const int MaxRunning = 4;
    private static readonly TimeSpan TableDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DiskDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WriteAgain = TimeSpan.FromSeconds(30);

    /// <summary>What is only a doubt is looked at now and then, such as a certificate that somebody removed while nothing was due.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly Dictionary<(MemberName Member, ObjectKey Secret, DateTimeOffset NotAfter), DateTimeOffset> _writeAt = [];
    private readonly AcmeComplaints _complaints = new();
    private AcmeWishes _wishes = AcmeWishes.None;
    private Dictionary<CertificateId, TlsSecretResource> _issued = [];
    private AcmeState _state = AcmeState.Empty;
    private AcmeFolder? _folder;
    private Task _opening = Task.CompletedTask;
    private AcmeClient? _client;
    private AccountKey? _account;
    private SharedChallenges? _shared;
    private DateTimeOffset _decideAt = DateTimeOffset.MaxValue;

    private void OpenFolder()
    {
        EndOrders();
        var path = _parts.Settings.Folder;
        var opening = Task.Run(() => AcmeFolder.Open(path), Context.Stopping);
        _opening = opening;
        Context.PipeToSelf(
            opening,
            static opened => new Opened(opened.Value, opened.Error?.Message),
            static failure => new Opened(null, failure.Message));
    }

    private void OnOpened(Opened opened)
    {
        if (opened.Content is not { } content)
        {
            LogNoAccount(_parts.Logger, _parts.Settings.Folder, opened.Problem ?? "");
            return;
        }

        (_folder, _account, _state, _issued) = (content.Folder, content.Account, content.State, content.Issued);
        _client = new AcmeClient(_parts.Settings.Options, _account, _parts.Settings.Handler, Context.System.TimeProvider);
        _shared = new SharedChallenges(new AcmeChallenges(Self, _parts.Settings.Propagation, Context.System.TimeProvider));
        _isDue = true;
    }

    /// <summary>What is under way at the disk has ended, or the disk hangs.</summary>
    private Task DiskAsync() => Task.WhenAll(_opening, _folder?.Written ?? Task.CompletedTask).WaitAsync(DiskDeadline, TimeProvider.System)
        .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private void EndOrders()
    {
        _client?.Dispose();
        _account?.Dispose();
        _shared?.Dispose();
        (_client, _account, _shared) = (null, null, null);
        _state = _state with { Running = [] };
    }

    private void HandleOrders(object message)
    {
        switch (message)
        {
            case Opened opened:
                OnOpened(opened);
                break;
            case Holders holders:
                OnHolders(holders);
                break;
            case Issued issued:
                OnIssued(issued);
                break;
            case Kept kept:
                OnKept(kept);
                break;
            case Saved { Problem: { } problem }:
                LogNotKept(_parts.Logger, _parts.Settings.Folder, problem);
                break;
            case Saved:
                break;
            case Written written:
                OnWritten(written);
                break;
            case Told:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Whose the hosts are only the routing table knows.</summary>
    private void Consider()
    {
        _isDue = false;
        _decideAt = Now + WriteAgain;
        if (_client is null || !_start.Gate.MayWrite(_start.Shard, _start.Epoch))
            return;
        _isConsidering = true;
        Context.PipeToSelf(
            Shared.RouteTable.AskAsync<RouteTableProtocol.HostHolders>(new RouteTableProtocol.GetHostHolders(_ingresses.Hosts()), TableDeadline, Context.Stopping),
            static answer => new Holders(answer.Spaces),
            static _ => new Holders(null));
    }

    private void OnHolders(Holders holders)
    {
        _isConsidering = false;
        if (holders.Spaces is { } spaces && _client is not null && _start.Gate.MayWrite(_start.Shard, _start.Epoch))
            Decide(_ingresses.Read(spaces));
    }

    private void Decide(AcmeWishes wishes)
    {
        var now = Now;
        _wishes = wishes;
        // A host may become one's own without a word of the Ingress that waits for it.
        _decideAt = now + (wishes.Wanted.Problems.IsEmpty ? LongestWait : WriteAgain);
        foreach (var problem in wishes.Wanted.Problems)
            Complain(problem.Ingress, problem.Message, wishes);
        Forget(wishes);
        var held = new Dictionary<ObjectKey, HeldCertificate>();
        foreach (var certificate in wishes.Wanted.Certificates)
            Hold(certificate, wishes, held);
        var plan = AcmeCertificates.Decide(wishes.Wanted.Certificates, held, _state, _parts.Settings.Renewal, MaxRunning, now);
        if (plan.Next < _decideAt)
            _decideAt = plan.Next.Value;
        foreach (var order in plan.Orders)
            Order(order);
    }

    /// <summary>What its Secrets are to hold, written where they don't.</summary>
    private void Hold(WantedCertificate certificate, AcmeWishes wishes, Dictionary<ObjectKey, HeldCertificate> held)
    {
        var targets = wishes.Of(certificate).Select(target => (Target: target, Held: Covering(certificate, target.Content))).ToList();
        (TlsSecretResource Content, HeldCertificate Held)? best = Covering(certificate, _issued.GetValueOrDefault(certificate.Id)) is { } ours ? (_issued[certificate.Id], ours) : null;
        foreach (var (target, there) in targets)
        {
            if (there is not null && (best is not { } known || there.Life.NotAfter > known.Held.Life.NotAfter))
                best = (target.Content!, there);
        }

        if (best is not { } from)
            return;
        foreach (var secret in certificate.Secrets)
            held[secret] = from.Held;
        if (from.Held.Life.NotAfter <= Now)
            return;
        foreach (var (target, there) in targets)
        {
            if (there is null || there.Life.NotAfter < from.Held.Life.NotAfter)
                Write(target, from.Content, from.Held.Life.NotAfter);
        }
    }

    private static HeldCertificate? Covering(WantedCertificate certificate, TlsSecretResource? content) =>
        content is not null && HeldCertificate.Read(content) is { } read && read.Covers(certificate.Hosts) ? read : null;

    private void Write(AcmeTarget target, TlsSecretResource content, DateTimeOffset notAfter)
    {
        var now = Now;
        var key = (target.Member, target.Secret, notAfter);
        if (_writeAt.TryGetValue(key, out var at) && at > now)
        {
            _decideAt = at < _decideAt ? at : _decideAt;
            return;
        }

        // Until what was written is seen in the member, it is not written again.
        _writeAt[key] = now + WriteAgain;
        _decideAt = _writeAt[key] < _decideAt ? _writeAt[key] : _decideAt;
        if (_parts.Members.Find(target.Member)?.Secrets is not { } sink)
        {
            Complain(target, $"Secret {target.Secret} of {target.Member} can't be written, since that member has no API server; put a certificate there yourself");
            return;
        }

        Context.PipeToSelf(
            sink.WriteAsync(target.Secret, content, Context.Stopping),
            result => new Written(target, result),
            failure => new Written(target, new SinkResult(SinkOutcome.Failed, failure.Message)));
    }

    private void Order(AcmeOrder order)
    {
        var certificate = order.Certificate;
        LogOrdering(_parts.Logger, certificate.Hosts, certificate.Id.Namespace, order.Reason);
        _state = _state.Began(certificate.Id);
        Context.PipeToSelf(
            new CertificateIssuer(_client!, _shared!).IssueAsync(certificate.Hosts.Hosts.Items, Context.Stopping),
            result => new Issued(certificate, result.Value, result.Error),
            failure => new Issued(certificate, null, new AcmeError(AcmeErrorKind.Malformed, failure.Message)));
    }

    private void OnIssued(Issued issued)
    {
        var (certificate, id) = (issued.Certificate, issued.Certificate.Id);
        _isDue = true;
        if (issued.Value is { } made)
        {
            Context.PipeToSelf(_folder!.SaveAsync(id, made), problem => new Kept(certificate, made, problem), failure => new Kept(certificate, made, failure.Message));
            return;
        }

        _state = _state.Fell(id, issued.Error!, _parts.Settings.Renewal, Now);
        foreach (var target in _wishes.Of(certificate))
            Complain(target, $"no certificate for {certificate.Hosts} from {_parts.Settings.Options.Directory.Authority}: {issued.Error!.Message}; what the Secret holds stays, and it is tried again");
        Save();
    }

    /// <summary>It goes to its Secrets once a restart can't lose it any more, or must not wait for that.</summary>
    private void OnKept(Kept kept)
    {
        var (certificate, made, problem) = kept;
        if (problem is not null)
            LogNotKept(_parts.Logger, _parts.Settings.Folder, problem);
        _isDue = true;
        _state = _state.Succeeded(certificate.Id);
        _issued[certificate.Id] = AcmeFolder.Content(certificate.Id.Namespace, made.Chain, made.Key);
        foreach (var target in _wishes.Of(certificate))
            _complaints.Forget(SubjectOf(target));
        LogIssued(_parts.Logger, certificate.Hosts, made.NotAfter);
        Save();
    }

    private void Save() => Context.PipeToSelf(_folder!.SaveAsync(_state), static problem => new Saved(problem), static failure => new Saved(failure.Message));

    private void OnWritten(Written written)
    {
        var (target, result) = written;
        if (result.Outcome != SinkOutcome.Done)
        {
            Complain(target, $"a certificate is there, but {result.Message}");
            return;
        }

        LogWritten(_parts.Logger, target.Secret, target.Member);
        Tell(target, isWarning: false, Reasons.CertificateIssued, $"Secret {target.Secret} has a new certificate");
    }

    /// <summary>What nobody wants any more; a file that is still there is no harm.</summary>
    private void Forget(AcmeWishes wishes)
    {
        var wanted = wishes.Wanted.Certificates.Items.Select(static certificate => certificate.Id).ToHashSet();
        _state = _state.Keep(wanted);
        foreach (var id in _issued.Keys.Where(id => !wanted.Contains(id)).ToList())
            _issued.Remove(id);
        foreach (var old in _writeAt.Where(item => item.Value + LongestWait < Now).Select(static item => item.Key).ToList())
            _writeAt.Remove(old);
    }

    private sealed record Opened(AcmeFolderContent? Content, string? Problem);

    /// <param name="Spaces">Null when the table did not answer.</param>
    private sealed record Holders(IReadOnlyDictionary<string, IReadOnlySet<string>>? Spaces);

    private sealed record Kept(WantedCertificate Certificate, IssuedCertificate Made, string? Problem);

    private sealed record Saved(string? Problem);

    private sealed record Issued(WantedCertificate Certificate, IssuedCertificate? Value, AcmeError? Error);

    private sealed record Written(AcmeTarget Target, SinkResult Result);
}
