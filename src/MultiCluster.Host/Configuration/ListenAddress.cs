using System.Net;

namespace MultiCluster.Host.Configuration;

/// <summary>Addresses that this process itself listens on.</summary>
internal static class ListenAddress
{
    /// <returns>Null for what is no address with a port; <c>*</c> and <c>localhost</c> are some.</returns>
    public static IPEndPoint? Parse(string text)
    {
        var address = text.StartsWith("*:", StringComparison.Ordinal) ? $"[::]{text[1..]}"
            : text.StartsWith("localhost:", StringComparison.Ordinal) ? $"127.0.0.1{text["localhost".Length..]}"
            : text;
        return IPEndPoint.TryParse(address, out var endpoint) && endpoint.Port > 0 ? endpoint : null;
    }
}
