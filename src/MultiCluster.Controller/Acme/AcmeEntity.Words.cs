using Microsoft.Extensions.Logging;
using MultiCluster.Acme;
using MultiCluster.Acme.Renewal;
using MultiCluster.Controller.Status;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;

namespace MultiCluster.Controller.Acme;

/// <summary>What people are told: in the log, and by Events on the Ingress that wants the certificate.</summary>
public sealed partial class AcmeEntity
{
    private void Complain(ObjectKey ingress, string message, AcmeWishes wishes)
    {
        foreach (var copy in wishes.Askers.Where(copy => copy.Ingress.Key == ingress))
            Complain(new AcmeTarget(copy.Member, ingress, null, copy.Ingress), message);
    }

    private void Complain(AcmeTarget target, string message)
    {
        if (!_complaints.Take(SubjectOf(target), message, Now))
            return;
        LogFailed(_parts.Logger, target.Ingress.Key, message);
        Tell(target, isWarning: true, Reasons.CertificateNotIssued, message);
    }

    private static string SubjectOf(AcmeTarget target) => $"{target.Member} {target.Ingress.Key} {target.Secret}";

    private void Tell(AcmeTarget target, bool isWarning, string reason, string message)
    {
        if (_parts.Members.Find(target.Member)?.Events is not { } events)
            return;
        var happened = new ObjectEvent(ResourceKind.Ingress, target.Ingress.Key, target.Ingress.Meta.Uid, isWarning, reason, message);
        Context.PipeToSelf(events.WriteAsync(happened, Context.Stopping), static _ => new Told(), static _ => new Told());
    }

    [LoggerMessage(1621, LogLevel.Error, "No certificates are ordered: {Folder}: {Problem}")]
    private static partial void LogNoAccount(ILogger logger, string folder, string problem);

    [LoggerMessage(1622, LogLevel.Information, "Ordering a certificate for {Hosts}, namespace {Namespace}: {Reason}")]
    private static partial void LogOrdering(ILogger logger, HostSet hosts, string @namespace, RenewalReason reason);

    [LoggerMessage(1623, LogLevel.Information, "Got a certificate for {Hosts}, good until {NotAfter}")]
    private static partial void LogIssued(ILogger logger, HostSet hosts, DateTimeOffset notAfter);

    [LoggerMessage(1624, LogLevel.Information, "Secret {Secret} of {Member} has a new certificate")]
    private static partial void LogWritten(ILogger logger, ObjectKey secret, MemberName member);

    [LoggerMessage(1625, LogLevel.Warning, "Ingress {Ingress}: {Problem}")]
    private static partial void LogFailed(ILogger logger, ObjectKey ingress, string problem);

    [LoggerMessage(1626, LogLevel.Error, "What certificates were got, or not, is forgotten with this process: {Folder}: {Problem}")]
    private static partial void LogNotKept(ILogger logger, string folder, string problem);

    private sealed record Told;
}
