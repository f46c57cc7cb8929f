using Google.Protobuf;

namespace MultiCluster.Cluster.Transport.Http2.Codec;

/// <summary>
/// A payload of the table that this build can't read. It is kept and passed on as it came: a replica that left it out would never be
/// in line with the others, and one that took it for a tombstone would delete a route.
/// </summary>
public sealed record UnknownPayload(string Type, ByteString Data);
