using MultiCluster.HAProxy.Data;

namespace MultiCluster.HAProxy.Planning;

/// <summary>What a command changes in HAProxy once it confirmed it.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>A step of a sequence whose last command carries the effect.</summary>
    public sealed record None : Effect
    {
        public static readonly None Instance = new();
    }

    public sealed record MapSet(MapKey Entry, string Value) : Effect;

    public sealed record MapDeleted(MapKey Entry) : Effect;

    public sealed record ServerSet(string Backend, string Server, ActualServer State) : Effect;

    public sealed record ServerDeleted(string Backend, string Server) : Effect;

    public sealed record BackendAdded(string Backend) : Effect;

    public sealed record BackendDeleted(string Backend) : Effect;

    public sealed record CertificateLoaded(string File) : Effect;

    public sealed record CertificateListed(string File) : Effect;

    public sealed record DefaultCertificateSet(string Fingerprint) : Effect;

    public sealed record CertificateUnlisted(string File) : Effect;

    public sealed record CertificateDeleted(string File) : Effect;

    public sealed record TrustLoaded(string File) : Effect;

    public sealed record TrustDeleted(string File) : Effect;

    public sealed record TrustTransactionAborted(string FullName) : Effect;

    public sealed record TransactionAborted : Effect
    {
        public static readonly TransactionAborted Instance = new();
    }

    public void ApplyTo(ActualData actual)
    {
        switch (this)
        {
            case None:
                break;
            case MapSet(var entry, var value):
                actual.Map(entry.Map)[entry.Key] = value;
                break;
            case MapDeleted(var entry):
                actual.Map(entry.Map).Remove(entry.Key);
                break;
            case ServerSet(var backend, var server, var state):
                actual.SetServer(backend, server, state);
                break;
            case ServerDeleted(var backend, var server):
                actual.RemoveServer(backend, server);
                break;
            case BackendAdded(var backend):
                actual.AddBackend(backend);
                break;
            case BackendDeleted(var backend):
                actual.RemoveBackend(backend);
                break;
            case CertificateLoaded(var file):
                actual.LoadedCertificates.Add(file);
                break;
            case CertificateListed(var file):
                actual.ListedCertificates.Add(file);
                break;
            case DefaultCertificateSet(var fingerprint):
                actual.DefaultCertificate = fingerprint;
                break;
            case CertificateUnlisted(var file):
                actual.ListedCertificates.Remove(file);
                break;
            case CertificateDeleted(var file):
                actual.LoadedCertificates.Remove(file);
                break;
            case TrustLoaded(var file):
                actual.LoadedTrust.Add(file);
                break;
            case TrustDeleted(var file):
                actual.LoadedTrust.Remove(file);
                break;
            case TrustTransactionAborted(var name):
                actual.TrustTransactions.Remove(name);
                break;
            case TransactionAborted:
                actual.CertificateTransaction = null;
                break;
            default:
                throw new InvalidOperationException($"no rule for {GetType().Name}");
        }
    }
}
