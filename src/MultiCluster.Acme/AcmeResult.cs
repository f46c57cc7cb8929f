using System.Diagnostics.CodeAnalysis;

namespace MultiCluster.Acme;

/// <summary>A value, or why there is none.</summary>
public readonly record struct AcmeResult<T>
    where T : notnull
{
    private AcmeResult(T? value, AcmeError? error)
    {
        Value = value;
        Error = error;
    }

    public T? Value { get; }

    public AcmeError? Error { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Error is null && Value is not null;

    public static implicit operator AcmeResult<T>(T value) => new(value, null);

    public static implicit operator AcmeResult<T>(AcmeError error) => new(default, error);
}
