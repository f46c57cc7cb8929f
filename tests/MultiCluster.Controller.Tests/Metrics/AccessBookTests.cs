using System.Globalization;
using System.Text;
using MultiCluster.Controller.Metrics.Access;

namespace MultiCluster.Controller.Tests.Metrics;

public sealed class AccessBookTests
{
    [Fact]
    public void Requests_are_counted_by_how_long_they_took_and_what_they_got()
    {
        var book = new AccessBook();
        foreach (var (status, total) in new[] { (200, 0L), (200, 1), (204, 2), (302, 25), (503, 26), (0, 40_000), (101, 999_999), (400, -1) })
            book.OnRequest("web/shop"u8, "web/cart:80"u8, status, total);
        book.OnRequest(""u8, ""u8, 404, 1);
        var (services, ingresses) = Shown(book, TimeSpan.Zero);
        Assert.Equal(["""namespace="web",service="cart",port="80" 2,1,0,0,1,1,0,0,0,0,0,0,0,0,1 40054"""], services);
        Assert.Equal(["""namespace="web",ingress="shop" 1,1,3,1,1,1"""], ingresses);
    }

    [Fact]
    public void Who_has_had_none_for_an_hour_is_forgotten()
    {
        var book = new AccessBook();
        book.OnRequest("web/a"u8, "web/a:80"u8, 200, 1);
        book.OnRequest("web/b"u8, "web/b:80"u8, 200, 1);
        Assert.Equal(2, Shown(book, TimeSpan.FromMinutes(10)).Services.Count);
        book.OnRequest("web/b"u8, "web/b:80"u8, 200, 1);
        Assert.Equal(2, Shown(book, TimeSpan.FromMinutes(60)).Services.Count);
        Assert.StartsWith("namespace=\"web\",service=\"b\"", Assert.Single(Shown(book, TimeSpan.FromMinutes(71)).Services), StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_there_may_be_are_one()
    {
        var book = new AccessBook();
        for (var i = 0; i < AccessBook.MaxSeries + 5; i++)
            book.OnRequest(default, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"web/s{i}:80")), 200, 1);
        var services = Shown(book, TimeSpan.Zero).Services;
        Assert.Equal(AccessBook.MaxSeries + 1, services.Count);
        Assert.Contains("""namespace="",service="",port="" 5,0,0,0,0,0,0,0,0,0,0,0,0,0,0 5""", services);
    }

    private static (List<string> Services, List<string> Ingresses) Shown(AccessBook book, TimeSpan now)
    {
        var (services, ingresses) = book.Show(now);
        return (
            [.. services.Select(static item => $"{Encoding.UTF8.GetString(item.Labels)} {string.Join(',', item.Counts)} {item.Sum}")],
            [.. ingresses.Select(static item => $"{Encoding.UTF8.GetString(item.Labels)} {string.Join(',', item.Counts)}")]);
    }
}
