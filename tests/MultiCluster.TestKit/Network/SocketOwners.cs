using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MultiCluster.TestKit.Network;

/// <summary>Which process is at the other end of a TCP connection on this machine (IPv4, Linux).</summary>
public static class SocketOwners
{
    private const int Looks = 20;
    private const int LocalAddress = 1;
    private const int Inode = 9;

    /// <param name="end">That end of the connection: its own address and port.</param>
    /// <returns>Null if it is nobody's of these, as far as can be seen.</returns>
    public static int? Among(IReadOnlyCollection<int> processes, IPEndPoint end)
    {
        // The kernel's tables are read in pieces while they change, and may leave out what has been there all the time.
        for (var look = 0; look < Looks; look++)
        {
            if (InodeOf(end) is not { } inode)
                continue;
            foreach (var pid in processes)
            {
                if (Holds(pid, inode))
                    return pid;
            }
        }

        return null;
    }

    private static bool Holds(int pid, string inode)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fd").Any(file => new FileInfo(file).LinkTarget == $"socket:[{inode}]");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>proc_net_tcp(5): addresses are in the machine's byte order, ports are not.</summary>
    private static string? InodeOf(IPEndPoint end)
    {
        if (end.AddressFamily != AddressFamily.InterNetwork)
            throw new ArgumentException($"{end} is not IPv4", nameof(end));
        var address = BitConverter.ToUInt32(end.Address.GetAddressBytes());
        var wanted = string.Create(CultureInfo.InvariantCulture, $"{address:X8}:{end.Port:X4}");
        // A process with both families open has its IPv4 connections in tcp6, as mapped addresses.
        var mapped = "0000000000000000FFFF0000" + wanted;
        return File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6"))
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > Inode && (fields[LocalAddress] == wanted || fields[LocalAddress] == mapped))
            .Select(static fields => fields[Inode])
            .FirstOrDefault();
    }
}
