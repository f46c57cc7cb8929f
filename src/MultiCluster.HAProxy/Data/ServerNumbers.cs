using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MultiCluster.HAProxy.Data;

/// <param name="Place">On the ring, 1 to <see cref="ServerNumbers.Places"/> - 1.</param>
/// <param name="IsMoved">Another endpoint has the place that it would have had.</param>
internal readonly record struct ServerPlace(int Place, bool IsMoved)
{
    /// <summary>
    /// Two servers of one endpoint, one of which takes the place of the other, are in the same place, and differ by what is above it. Whether
    /// they are checked changes most often, and by itself.
    /// </summary>
    public int NumberOf(string name, bool isChecked) =>
        (int)(ServerNumbers.Digest(name) >> 22 << 21) | (isChecked ? ServerNumbers.Places : 0) | Place;
}

/// <summary>
/// Numbers of servers in backends that choose by them. HAProxy before 3.0 has no other way to put a server on the ring than by its
/// number, of which twenty bits count, and a server that was added without one may be in no place at all. They follow from addresses, so
/// that a request's key leads to the same endpoint on every proxy and after every restart.
/// </summary>
internal static class ServerNumbers
{
    public const int Places = 1 << 20;

    public static Dictionary<(string Address, int Port), ServerPlace> Of(IEnumerable<(string Address, int Port)> endpoints)
    {
        var places = new Dictionary<(string, int), ServerPlace>();
        var taken = new HashSet<int>();
        foreach (var endpoint in endpoints.Distinct().OrderBy(static endpoint => endpoint.Address, StringComparer.Ordinal).ThenBy(static endpoint => endpoint.Port))
        {
            var first = FirstOf(endpoint.Address, endpoint.Port);
            var place = first;
            while (!taken.Add(place))
                place = place == Places - 1 ? 1 : place + 1;
            places.Add(endpoint, new ServerPlace(place, place != first));
        }

        return places;
    }

    internal static uint Digest(string text) => BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static int FirstOf(string address, int port) =>
        1 + (int)(Digest(string.Create(CultureInfo.InvariantCulture, $"{address} {port}")) % (Places - 1));
}
