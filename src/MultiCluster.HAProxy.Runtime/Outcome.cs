using System.Diagnostics.CodeAnalysis;

namespace MultiCluster.HAProxy.Runtime;

/// <summary>A value, or what went wrong in words for the operator: the object, the reason, the fix.</summary>
public readonly record struct Outcome<T>
    where T : notnull
{
    public Outcome(T value)
        : this(value, null)
    {
    }

    private Outcome(T? value, string? error)
    {
        Value = value;
        Error = error;
    }

    public T? Value { get; }

    public string? Error { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Error is null && Value is not null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Failure failure) => new(default, failure.Reason);
}

/// <summary>Turns into an <see cref="Outcome{T}"/> of any type.</summary>
public readonly record struct Failure(string Reason);
