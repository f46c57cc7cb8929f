using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using MultiCluster.Kubernetes.Client;
using MultiCluster.Kubernetes.Decoding;
using MultiCluster.Kubernetes.Discovery;
using MultiCluster.Kubernetes.Yaml;
using MultiCluster.Model.Resources;

namespace MultiCluster.Kubernetes.Manifests;

/// <summary>
/// Reads a manifest as kubectl apply would: several documents, kind List, any kinds (those that we don't route by are
/// passed over in silence), namespace "default" where none is written. Total.
/// <para>
/// An object without metadata.creationTimestamp, as manifests usually are, is of unknown age, which ranks after every known
/// one: precedence among such objects falls to member name and namespace/name, which stays the same over restarts and copies
/// of the folder, as a file's own time would not.
/// </para>
/// </summary>
internal sealed class ManifestParser
{
    private readonly ResourceDecoder _decoder = new("default");

    /// <summary>Whether problems of MemberClusters are told, which no member reports.</summary>
    public bool ChecksMembers { get; init; }

    /// <param name="file">For problems.</param>
    public ManifestFile Parse(string file, ReadOnlySpan<byte> utf8)
    {
        var hash = HashOf(utf8);
        var text = ManifestText.Parse(utf8);
        if (text.Error is { } error)
        {
            var problem = new FolderProblem(file, Math.Max(1, text.ErrorLine), error);
            return new ManifestFile(ImmutableDictionary<ObjectId, Resource>.Empty, [problem], true, false, hash);
        }

        var reading = new Reading(file, _decoder, ChecksMembers);
        foreach (var document in text.Documents)
            reading.Document(document);
        return new ManifestFile(reading.Objects.ToImmutable(), reading.Problems.DrainToImmutable(), false, utf8.EndsWith("\n"u8), hash);
    }

    public static UInt128 HashOf(ReadOnlySpan<byte> utf8)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8, digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    private sealed class Reading(string file, ResourceDecoder decoder, bool checksMembers)
    {
        private const int MaxListDepth = 4;

        public ImmutableDictionary<ObjectId, Resource>.Builder Objects { get; } = ImmutableDictionary.CreateBuilder<ObjectId, Resource>();

        public ImmutableArray<FolderProblem>.Builder Problems { get; } = ImmutableArray.CreateBuilder<FolderProblem>();

        public void Document(ManifestDocument document)
        {
            using var json = JsonDocument.Parse(document.Json, new JsonDocumentOptions { MaxDepth = 128 });
            if (json.RootElement.ValueKind != JsonValueKind.Null)
                Object(json.RootElement, document.Line, 0);
        }

        private void Object(JsonElement json, int line, int listDepth)
        {
            if (json.ValueKind != JsonValueKind.Object)
            {
                Problem(line, "a manifest must be a mapping with apiVersion, kind and metadata");
                return;
            }

            var (apiVersion, kind) = (Text(json, "apiVersion"), Text(json, "kind"));
            if (apiVersion is null || kind is null)
                Problem(line, "apiVersion and kind must be there, both strings");
            else if (kind.EndsWith("List", StringComparison.Ordinal) && json.TryGetProperty("items", out var items))
                Items(items, line, listDepth);
            else if (ResourcePath.KindOf(apiVersion, kind) is { } known)
                Decode(known, json, line);
            else if (checksMembers && (apiVersion, kind) == (MemberClusterResource.ApiVersion, MemberClusterResource.KindName))
                Member(json, line);
            else if (Successor(apiVersion, kind) is { } successor)
                Problem(line, $"{kind} of {apiVersion} is no longer served by Kubernetes; write apiVersion: {successor}");
        }

        private void Items(JsonElement items, int line, int listDepth)
        {
            if (items.ValueKind != JsonValueKind.Array || listDepth >= MaxListDepth)
            {
                Problem(line, items.ValueKind == JsonValueKind.Array ? "lists in lists in lists" : "items of a List must be a list");
                return;
            }

            foreach (var item in items.EnumerateArray())
                Object(item, line, listDepth + 1);
        }

        private void Decode(ResourceKind kind, JsonElement json, int line)
        {
            var decoded = decoder.Decode(kind, JsonSerializer.SerializeToUtf8Bytes(json));
            if (decoded.Error is { } error)
                Problem(line, $"{kind}: {error}");
            if (decoded.Resource is not { } resource)
                return;
            var id = new ObjectId(kind, resource.Key);
            if (resource.DecodeError is { } wrong)
                Problem(line, $"{id}: {wrong}");
            if (!Objects.TryAdd(id, resource))
                Problem(line, $"{id} is in this file twice; the first one counts");
        }

        private void Member(JsonElement json, int line)
        {
            var decoded = decoder.Decode(ResourceKind.MemberCluster, JsonSerializer.SerializeToUtf8Bytes(json));
            if (decoded.Error is { } error)
                Problem(line, $"{MemberClusterResource.KindName}: {error}");
            foreach (var problem in (decoded.Resource as MemberClusterResource)?.Problems() ?? [])
                Problem(line, $"{MemberClusterResource.KindName} {decoded.Resource!.Key.Name}: {problem}");
        }

        private void Problem(int line, string message) => Problems.Add(new FolderProblem(file, line, message));

        private static string? Text(JsonElement json, string field) =>
            json.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        private static string? Successor(string apiVersion, string kind) => (apiVersion, kind) switch
        {
            ("extensions/v1beta1" or "networking.k8s.io/v1beta1", "Ingress") => "networking.k8s.io/v1",
            ("networking.k8s.io/v1beta1", "IngressClass") => "networking.k8s.io/v1",
            ("discovery.k8s.io/v1beta1", "EndpointSlice") => "discovery.k8s.io/v1",
            _ => null,
        };
    }
}
