using System.Numerics;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>
/// The hosts of one certificate, spread over files by hash: a wildcard certificate may serve thousands of hosts, and one
/// host more or less must not write all of them anew.
/// </summary>
internal sealed class CertificateHosts(Certificate certificate, Handshake? handshake)
{
    private const int PerBucket = 32;

    private readonly HashSet<Bucket> _changed = [];
    private Bucket[] _buckets = [new()];

    /// <summary>Hosts of equal keys belong together.</summary>
    public string Key { get; } = KeyOf(certificate, handshake);

    public int Count { get; private set; }

    public static string KeyOf(Certificate certificate, Handshake? handshake) => handshake is null ? certificate.Fingerprint : $"{certificate.Fingerprint}/{handshake.Digest}";

    public void Add(string host)
    {
        var bucket = BucketOf(host);
        if (bucket.Hosts.Add(host))
            Count++;
        _changed.Add(bucket);
    }

    public void Remove(string host)
    {
        var bucket = BucketOf(host);
        if (bucket.Hosts.Remove(host))
            Count--;
        _changed.Add(bucket);
    }

    /// <summary>Brings <paramref name="files"/> up to date.</summary>
    public void Rewrite(Dictionary<string, CertificateFile> files, Touched touched)
    {
        // A function of the number of hosts alone, so that whoever adopts a running HAProxy comes to the same files.
        var buckets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, (Count + PerBucket - 1) / PerBucket));
        if (buckets != _buckets.Length)
            Spread(buckets, files, touched);
        foreach (var bucket in _changed)
        {
            Drop(bucket, files, touched);
            // HAProxy takes several lines with one name, and gives clients what they can take.
            foreach (var file in certificate.Others.Prepend(certificate).SelectMany(part => CertificateFile.Split(part, bucket.Hosts, handshake)))
            {
                bucket.Files.Add(file.FileName);
                files[file.FileName] = file;
                touched.Certificates.Add(file.FileName);
            }
        }

        _changed.Clear();
    }

    private void Spread(int count, Dictionary<string, CertificateFile> files, Touched touched)
    {
        var hosts = _buckets.SelectMany(static bucket => bucket.Hosts).ToList();
        foreach (var bucket in _buckets)
            Drop(bucket, files, touched);
        _changed.Clear();
        _buckets = new Bucket[count];
        for (var i = 0; i < count; i++)
            _changed.Add(_buckets[i] = new Bucket());
        foreach (var host in hosts)
            BucketOf(host).Hosts.Add(host);
    }

    private static void Drop(Bucket bucket, Dictionary<string, CertificateFile> files, Touched touched)
    {
        foreach (var name in bucket.Files)
        {
            files.Remove(name);
            touched.Certificates.Add(name);
        }

        bucket.Files.Clear();
    }

    /// <summary>FNV-1a, since string's own hash differs from process to process and files are adopted by name.</summary>
    private Bucket BucketOf(string host)
    {
        var hash = 2166136261u;
        foreach (var c in host)
            hash = (hash ^ c) * 16777619u;
        return _buckets[(hash ^ (hash >> 16)) & (uint)(_buckets.Length - 1)];
    }

    private sealed class Bucket
    {
        public HashSet<string> Hosts { get; } = new(StringComparer.Ordinal);

        public List<string> Files { get; } = [];
    }
}
