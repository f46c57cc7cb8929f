namespace MultiCluster.Hocon;

/// <summary>One fault of a configuration file; <paramref name="Line"/> is 0 when the fault has no line, as with a missing file.</summary>
public sealed record HoconError(string File, int Line, string Message)
{
    public static HoconError At(HoconOrigin origin, string message) => new(origin.File, origin.Line, message);

    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}

/// <summary>Everything found wrong with a configuration, one line of <see cref="Exception.Message"/> for each error.</summary>
public sealed class HoconException : Exception
{
    public HoconException(IReadOnlyList<HoconError> errors)
        : base(string.Join('\n', errors))
        => Errors = errors;

    internal HoconException(HoconOrigin origin, string message)
        : this([HoconError.At(origin, message)])
    {
    }

    public IReadOnlyList<HoconError> Errors { get; }
}
