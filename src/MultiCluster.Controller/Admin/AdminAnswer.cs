using System.Diagnostics.CodeAnalysis;
using MultiCluster.Model.Admin;

namespace MultiCluster.Controller.Admin;

/// <summary>An answer of the admin API, or why there is none, for people.</summary>
public readonly record struct AdminAnswer<T>
    where T : class
{
    public AdminAnswer(T view)
        : this(view, null)
    {
    }

    private AdminAnswer(T? view, ProblemView? problem)
    {
        View = view;
        Problem = problem;
    }

    public T? View { get; }

    public ProblemView? Problem { get; }

    [MemberNotNullWhen(true, nameof(View))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsOk => View is not null;

    public static implicit operator AdminAnswer<T>(T view) => new(view, null);

    public static implicit operator AdminAnswer<T>(ProblemView problem) => new(null, problem);
}

/// <summary>What keeps the admin API from answering.</summary>
internal static class Problems
{
    public static ProblemView BadRequest(string title, string detail) => new(title, 400, detail);

    public static ProblemView NotFound(string title, string detail) => new(title, 404, detail);

    /// <summary>The object is there, but not in a state for that.</summary>
    public static ProblemView Conflict(string title, string detail) => new(title, 409, detail);

    /// <summary>Not now.</summary>
    public static ProblemView Unavailable(string title, string detail) => new(title, 503, detail);
}
