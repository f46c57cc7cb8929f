using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Program;

namespace MultiCluster.HAProxy.Planning;

public sealed partial class Planner
{
    private static readonly IReadOnlySet<string> NoSuspects = new HashSet<string>();

    private void Certificates(DesiredData desired, ActualData actual, HashSet<string> touched, RemovalHold? hold, IReadOnlySet<string> suspects)
    {
        if (touched.Count == 0)
            return;
        foreach (var file in touched)
        {
            if (TrustFile.KindOf(file) is { } kind)
                Trust(file, kind, desired, actual, hold, suspects.Contains(file));
            else if (file == ProgramPaths.DefaultCertificate)
                DefaultCertificate(desired, actual, hold, suspects.Contains(file));
            else if (actual.TakesCertificates || ServerFiles.IsIdentity(file))
                Certificate(file, desired, actual, hold, suspects.Contains(file));
        }

        if (_trust.Count > 0)
            AbortTrust(actual);
        if (actual.CertificateTransaction is { } open && (_certificates.Count > 0 || _certificateRemovals.Count > 0))
            Abort(open);
    }

    private void Certificate(string file, DesiredData desired, ActualData actual, RemovalHold? hold, bool isSuspect)
    {
        var subject = Subject.Certificate(file);
        _heldBack.Remove(subject);
        var identity = desired.FindIdentity(file);
        if ((identity ?? desired.Certificates.GetValueOrDefault(file)) is { } wanted)
        {
            // Servers name it themselves, without a list.
            if ((identity is null ? actual.ListedCertificates : actual.LoadedCertificates).Contains(file))
                return;
            if (!actual.LoadedCertificates.Contains(file))
                Add(_certificates, commands.NewCertificate(file), Effect.None.Instance, subject);
            Add(_certificates, commands.SetCertificate(wanted), Effect.None.Instance, subject);
            Add(_certificates, commands.CommitCertificate(file), new Effect.CertificateLoaded(file), subject);
            if (isSuspect)
                Add(_certificates, commands.EndTransaction(file), Effect.None.Instance, subject);
            if (identity is null)
                Add(_certificates, commands.ListCertificate(wanted), new Effect.CertificateListed(file), subject);
            return;
        }

        if (hold is not null)
        {
            if (actual.ListedCertificates.Contains(file) || actual.LoadedCertificates.Contains(file))
                _heldBack.Add(subject);
            return;
        }

        if (actual.ListedCertificates.Contains(file))
            AddRemoval(_certificateRemovals, commands.UnlistCertificate(file), new Effect.CertificateUnlisted(file), subject, file);
        if (actual.LoadedCertificates.Contains(file))
            AddRemoval(_certificateRemovals, commands.DeleteCertificate(file), new Effect.CertificateDeleted(file), subject, file);
    }

    /// <summary>It keeps its name, since the first line of the certificate list can't be changed at run time, and gets another content.</summary>
    private void DefaultCertificate(DesiredData desired, ActualData actual, RemovalHold? hold, bool isSuspect)
    {
        var subject = Subject.Certificate(ProgramPaths.DefaultCertificate);
        _heldBack.Remove(subject);
        if (!actual.TakesCertificates || desired.Fallback is not { } wanted || FallbackCertificate.Is(wanted, actual.DefaultCertificate))
            return;
        // The home cluster may not have been read yet.
        if (hold is not null && desired.DefaultCertificate is null)
        {
            _heldBack.Add(subject);
            return;
        }

        var file = new CertificateFile(ProgramPaths.DefaultCertificate, wanted, []);
        Add(_certificates, commands.SetCertificate(file), Effect.None.Instance, subject);
        Add(_certificates, commands.CommitCertificate(file.FileName), new Effect.DefaultCertificateSet(wanted.Fingerprint), subject);
        if (isSuspect)
            Add(_certificates, commands.EndTransaction(file.FileName), Effect.None.Instance, subject);
    }

    /// <summary>
    /// Somebody else's change that was never committed, or that of an agent that died over it. Later versions refuse every
    /// other certificate meanwhile, and 2.6 mixes the two up.
    /// </summary>
    private void Abort(string open)
    {
        if (commands.AbortCertificate(open) is { } abort)
            _certificates.Insert(0, new(abort, Effect.TransactionAborted.Instance, Subject.Certificate(open)));
        else
            _inexpressible.Add(Subject.Foreign(open));
    }
}
