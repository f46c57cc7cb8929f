using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiCluster.Acme.Protocol;

// JSON as it travels; nothing in it is believed before AcmeReader has looked at it.
internal sealed record DirectoryDocument(string? NewNonce, string? NewAccount, string? NewOrder, string? RevokeCert, DirectoryMeta? Meta);

internal sealed record DirectoryMeta(string? TermsOfService, bool? ExternalAccountRequired);

internal sealed record AccountDocument(string? Status);

internal sealed record OrderDocument(
    string? Status, IdentifierDocument[]? Identifiers, string[]? Authorizations, string? Finalize, string? Certificate, ProblemDocument? Error);

internal sealed record IdentifierDocument(string? Type, string? Value);

internal sealed record AuthorizationDocument(string? Status, IdentifierDocument? Identifier, ChallengeDocument[]? Challenges);

internal sealed record ChallengeDocument(string? Type, string? Url, string? Status, string? Token, ProblemDocument? Error, ValidationDocument[]? ValidationRecord);

/// <summary>Not in RFC 8555, but some authorities tell where they looked.</summary>
internal sealed record ValidationDocument(string? Url, string? AddressUsed);

internal sealed record ProblemDocument(string? Type, string? Detail, IdentifierDocument? Identifier, ProblemDocument[]? Subproblems);

internal sealed record AccountRequest(bool TermsOfServiceAgreed, IReadOnlyList<string>? Contact, JsonElement? ExternalAccountBinding);

internal sealed record OrderRequest(IReadOnlyList<IdentifierDocument> Identifiers);

internal sealed record FinalizeRequest(string Csr);

internal sealed record RevokeRequest(string Certificate, int? Reason);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 16)]
[JsonSerializable(typeof(DirectoryDocument))]
[JsonSerializable(typeof(AccountDocument))]
[JsonSerializable(typeof(OrderDocument))]
[JsonSerializable(typeof(AuthorizationDocument))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(AccountRequest))]
[JsonSerializable(typeof(OrderRequest))]
[JsonSerializable(typeof(FinalizeRequest))]
[JsonSerializable(typeof(RevokeRequest))]
internal sealed partial class AcmeJson : JsonSerializerContext;
