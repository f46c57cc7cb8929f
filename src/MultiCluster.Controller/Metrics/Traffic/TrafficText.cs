using MultiCluster.HAProxy.Runtime.Statistics;

namespace MultiCluster.Controller.Metrics.Traffic;

/// <summary>Writes what a reading has brought, family by family. A family of whose columns HAProxy has none is left out.</summary>
internal sealed class TrafficText(TrafficBook book, MetricWriter writer, CancellationToken cancellationToken)
{
    public async ValueTask WriteAsync(bool hasEndpoints, bool isSummed)
    {
        WriteFrontends();
        foreach (var family in TrafficFamilies.ServiceCounters)
            await WriteAsync(family, book.Services, withZeros: true);
        await WriteAsync(TrafficFamilies.ServiceSessions, book.Services, static service => service.Sessions);
        await WriteAsync(TrafficFamilies.ServiceQueue, book.Services, static service => service.Queue);
        await WriteAsync(TrafficFamilies.ServiceEndpoints, book.Services, static service => service.Endpoints.Count);
        await WriteAsync(TrafficFamilies.ServiceEndpointsUp, book.Services, static service => service.Up);
        if (!hasEndpoints)
            return;
        if (isSummed)
            await WriteMembersAsync(book.Services.SelectMany(static service => service.Members));
        else
            await WriteEndpointsAsync(book.Services.SelectMany(static service => service.Endpoints.Values));
    }

    private void WriteFrontends()
    {
        foreach (var item in TrafficFamilies.Frontends)
        {
            if (!Has(item))
                continue;
            writer.Family(item.Family);
            foreach (var frontend in book.Frontends)
            {
                if (item.Codes.IsEmpty)
                    Sample(frontend.Labels, default, frontend.Values[(int)item.Column]);
                foreach (var (column, label) in item.Codes)
                    Sample(frontend.Labels, label, frontend.Values[(int)column]);
            }
        }
    }

    private async ValueTask WriteEndpointsAsync(IEnumerable<EndpointSeries> endpoints)
    {
        foreach (var family in TrafficFamilies.EndpointCounters)
            await WriteAsync(family, endpoints, withZeros: family.Column == StatColumn.Requests);
        await WriteAsync(TrafficFamilies.EndpointSessions, endpoints, static endpoint => endpoint.Sessions);
        await WriteAsync(TrafficFamilies.EndpointQueue, endpoints, static endpoint => endpoint.Queue);
        await WriteAsync(TrafficFamilies.EndpointWeight, endpoints, static endpoint => endpoint.Weight);
        await WriteAsync(TrafficFamilies.EndpointUp, endpoints, static endpoint => endpoint.IsUp ? 1 : 0);
    }

    private async ValueTask WriteMembersAsync(IEnumerable<MemberSeries> members)
    {
        foreach (var family in TrafficFamilies.EndpointCounters)
            await WriteAsync(family, members, withZeros: family.Column == StatColumn.Requests);
        await WriteAsync(TrafficFamilies.EndpointSessions, members, static member => member.Sessions);
        await WriteAsync(TrafficFamilies.EndpointQueue, members, static member => member.Queue);
        await WriteAsync(TrafficFamilies.EndpointWeight, members, static member => member.Weight);
        await WriteAsync(TrafficFamilies.EndpointUp, members, static member => member.Up);
    }

    private async ValueTask WriteAsync<T>(StatFamily item, IEnumerable<T> all, bool withZeros)
        where T : Series
    {
        if (!Has(item))
            return;
        writer.Family(item.Family);
        foreach (var series in all)
        {
            if (item.Codes.IsEmpty && (withZeros || series.Totals[(int)item.Column] > 0))
                writer.Sample(series.Labels, series.Totals[(int)item.Column]);
            foreach (var (column, label) in item.Codes)
            {
                if (withZeros || series.Totals[(int)column] > 0)
                    writer.Sample(series.Labels, label, series.Totals[(int)column]);
            }

            if (writer.IsFull)
                await writer.FlushAsync(cancellationToken);
        }
    }

    private ValueTask WriteAsync<T>(StatFamily item, IEnumerable<T> all, Func<T, long> value)
        where T : Series => Has(item) ? WriteAsync(item.Family, all, value) : default;

    private async ValueTask WriteAsync<T>(MetricFamily family, IEnumerable<T> all, Func<T, long> value)
        where T : Series
    {
        writer.Family(family);
        foreach (var series in all)
        {
            writer.Sample(series.Labels, value(series));
            if (writer.IsFull)
                await writer.FlushAsync(cancellationToken);
        }
    }

    private void Sample(byte[] labels, byte[]? more, long value)
    {
        if (value != StatColumns.None)
            writer.Sample(labels, more, value);
    }

    private bool Has(StatFamily item) => item.Codes.IsEmpty
        ? book.Table!.Has(item.Column) || (item.Column == StatColumn.Requests && book.Table.Has(StatColumn.TotalSessions))
        : item.Codes.Any(code => book.Table!.Has(code.Column));
}
