using System.Diagnostics.CodeAnalysis;
using MultiCluster.Kubernetes.Decoding;

namespace MultiCluster.Kubernetes.Client;

/// <summary>Why a request failed.</summary>
/// <param name="Code">HTTP status or the code of a Status object; 0 when there was no answer.</param>
/// <param name="Reason">CamelCase as in metav1.Status, or ours: Timeout, Unreachable, NotKubernetes, Credentials.</param>
public sealed record ApiError(int Code, string Reason, string Message, TimeSpan? RetryAfter = null)
{
    public const string Timeout = "Timeout";
    public const string Unreachable = "Unreachable";
    public const string NotKubernetes = "NotKubernetes";
    public const string Credentials = "Credentials";

    /// <summary>The resource version or continue token has expired: list again.</summary>
    public bool IsGone => Code == 410 || Reason is "Expired" or "Gone";

    /// <summary>The server has not come to this resource version yet, and never will if it was set back: list again.</summary>
    public bool IsAhead => Code == 504 && Message.StartsWith("Too large resource version", StringComparison.OrdinalIgnoreCase);

    /// <summary>The object is not, or no longer, what the request expects: already there, or at another version.</summary>
    public bool IsConflict => Code == 409;

    public bool IsNotFound => Code == 404;

    public static ApiError From(ApiStatus status, TimeSpan? retryAfter = null) => new(
        status.Code,
        status.Reason,
        status.Message,
        retryAfter ?? (status.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null));

    public override string ToString() => Code == 0 ? $"{Reason}: {Message}" : $"{Code} {Reason}: {Message}";
}

/// <summary>A value or an error.</summary>
public readonly record struct ApiResult<T>
{
    private ApiResult(T? value, ApiError? error)
    {
        Value = value;
        Error = error;
    }

    public T? Value { get; }

    public ApiError? Error { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    public static implicit operator ApiResult<T>(T value) => new(value, null);

    public static implicit operator ApiResult<T>(ApiError error) => new(default, error);
}
