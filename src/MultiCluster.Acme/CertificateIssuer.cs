using MultiCluster.Acme.Issued;
using MultiCluster.Acme.Orders;

namespace MultiCluster.Acme;

/// <summary>
/// From hosts to their certificate. Several orders may run at once. Nothing is thrown but OperationCanceledException of the caller's own token.
/// </summary>
public sealed class CertificateIssuer(AcmeClient client, IHttpChallengeStore challenges)
{
    public async Task<AcmeResult<IssuedCertificate>> IssueAsync(IEnumerable<string> hosts, CancellationToken cancellationToken)
    {
        var names = AcmeHosts.Read(hosts);
        if (!names.IsOk)
            return names.Error;
        var order = await client.NewOrderAsync(names.Value, cancellationToken);
        if (!order.IsOk)
            return order.Error;
        using var run = new OrderRun(client, challenges, names.Value, order.Value);
        try
        {
            return await run.FinishAsync(cancellationToken);
        }
        finally
        {
            if (!run.Published.IsEmpty)
                await challenges.WithdrawAsync(run.Published);
        }
    }
}
