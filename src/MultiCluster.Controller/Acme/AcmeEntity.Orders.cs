using Microsoft.Extensions.Logging;
using MultiCluster.Acme;
using MultiCluster.Acme.Certificates;
using MultiCluster.Acme.Issued;
using MultiCluster.Acme.Jose;
using MultiCluster.Controller.Status;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Controller.Acme;

/// <summary>Which orders are made, and what becomes of their certificates.</summary>
public sealed partial class AcmeEntity
{
    private const int MaxRunning = 4;
    private static readonly TimeSpan WriteAgain = TimeSpan.FromSeconds(30);

    /// <summary>What is only a doubt is looked at now and then, such as a certificate that somebody removed while nothing was due.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly Dictionary<(MemberName Member, ObjectKey Secret, DateTimeOffset NotAfter), DateTimeOffset> _writeAt = [];
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);
    private Dictionary<CertificateId, TlsSecretResource> _issued = [];
    private AcmeState _state = AcmeState.Empty;
    private AcmeFolder? _folder;
    private AcmeClient? _client;
    private AccountKey? _account;
    private SharedChallenges? _shared;
    private DateTimeOffset _decideAt = DateTimeOffset.MaxValue;

    private void OpenFolder()
    {
        EndOrders();
        try
        {
            _folder = new AcmeFolder(_parts.Settings.Folder);
            var account = _folder.Account();
            if (account.IsOk)
            {
                _account = account.Value;
                _client = new AcmeClient(_parts.Settings.Options, _account, _parts.Settings.Handler, Context.System.TimeProvider);
                _shared = new SharedChallenges(new AcmeChallenges(Self, _parts.Settings.Propagation, Context.System.TimeProvider));
                _state = _folder.LoadState();
                _issued = _folder.LoadIssued();
                return;
            }

            LogNoAccount(_parts.Logger, _parts.Settings.Folder, account.Error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNoAccount(_parts.Logger, _parts.Settings.Folder, error.Message);
        }
    }

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
            case Issued issued:
                OnIssued(issued);
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

    private void Decide()
    {
        var now = Now;
        _isDue = false;
        _decideAt = now + LongestWait;
        if (_client is null || !_start.Gate.MayWrite(_start.Shard, _start.Epoch))
        {
            _decideAt = now + WriteAgain;
            return;
        }

        var wishes = _ingresses.Read();
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
            _state = _state.Succeeded(id);
            _issued[id] = Store(id, made);
            _told.Remove($"{id}");
            LogIssued(_parts.Logger, certificate.Hosts, made.NotAfter);
        }
        else
        {
            _state = _state.Fell(id, issued.Error!, _parts.Settings.Renewal, Now);
            var wishes = _ingresses.Read();
            foreach (var target in wishes.Of(certificate))
                Complain(target, $"no certificate for {certificate.Hosts} from {_parts.Settings.Options.Directory.Authority}: {issued.Error!.Message}; what the Secret holds stays, and it is tried again");
        }

        Save();
    }

    private TlsSecretResource Store(CertificateId id, IssuedCertificate made)
    {
        try
        {
            return _folder!.Save(id, made);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotKept(_parts.Logger, _parts.Settings.Folder, error.Message);
            return AcmeFolder.Content(id.Namespace, made.Chain, made.Key);
        }
    }

    private void Save()
    {
        try
        {
            _folder!.Save(_state);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotKept(_parts.Logger, _parts.Settings.Folder, error.Message);
        }
    }

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

    private sealed record Issued(WantedCertificate Certificate, IssuedCertificate? Value, AcmeError? Error);

    private sealed record Written(AcmeTarget Target, SinkResult Result);
}
