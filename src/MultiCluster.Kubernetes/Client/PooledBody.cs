using System.Buffers;

namespace MultiCluster.Kubernetes.Client;

/// <summary>A response body in one pooled array.</summary>
internal sealed class PooledBody : IDisposable
{
    /// <summary>A page of 500 objects of the largest size that etcd takes would be larger; pages are a few MB in truth.</summary>
    public const int MaxLength = 256 * 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _length;

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <exception cref="IOException">The body was cut short or is too long.</exception>
    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _buffer.Length)
                Grow();
            var read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (read == 0)
                return;
            _length += read;
        }
    }

    public void Dispose()
    {
        // Bodies hold Secrets.
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
        _length = 0;
    }

    private void Grow()
    {
        if (_length >= MaxLength)
            throw new IOException($"the answer is longer than {MaxLength} bytes");
        var larger = ArrayPool<byte>.Shared.Rent(_length * 2);
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = larger;
    }
}
