using MultiCluster.Acme.Issued;
using MultiCluster.Acme.Jose;
using MultiCluster.TestKit.Time;

namespace MultiCluster.Acme.Tests.Support;

/// <summary>One client of a scripted authority, on a clock that moves only while an order waits.</summary>
internal sealed class ScriptedRun : IDisposable
{
    private readonly AccountKey _key = AccountKey.Create();

    public ScriptedRun(AcmeOptions? options = null)
    {
        Authority = new ScriptedAuthority(Clock);
        Client = new AcmeClient(options ?? ScriptedAuthority.Options, _key, Authority, Clock);
    }

    public ManualTimeProvider Clock { get; } = new();

    public ScriptedAuthority Authority { get; }

    public AcmeClient Client { get; }

    public Responder Responder { get; } = new();

    /// <summary>To the end, the clock moving on by seconds while something waits for it.</summary>
    public async Task<AcmeResult<IssuedCertificate>> IssueAsync(CancellationToken cancellationToken = default)
    {
        var issued = new CertificateIssuer(Client, Responder).IssueAsync(["shop.example"], cancellationToken);
        while (!issued.IsCompleted)
        {
            await Task.WhenAny(issued, Clock.WaitForTimersAsync(1, TimeSpan.FromSeconds(30)));
            if (!issued.IsCompleted)
                Clock.Advance(TimeSpan.FromSeconds(1));
        }

        return await issued;
    }

    public void Dispose()
    {
        Client.Dispose();
        Authority.Dispose();
        _key.Dispose();
    }
}
