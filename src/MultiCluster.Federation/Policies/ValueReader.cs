using System.Globalization;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Conditions;

namespace MultiCluster.Federation.Policies;

/// <summary>Reads the values of one policy, and remembers what is wrong with them.</summary>
internal sealed class ValueReader(PolicyFieldName name)
{
    private readonly List<PolicyProblem> _problems = [];

    public IReadOnlyList<PolicyProblem> Problems => _problems;

    /// <param name="of">Continues the value, such as <c> for "aws"</c>.</param>
    public int Number(PolicyField field, int? written, int least, int most, int otherwise, int index = 0, string of = "")
    {
        if (written is not { } number)
            return otherwise;
        if (number >= least && number <= most)
            return number;
        Refuse(field, string.Create(CultureInfo.InvariantCulture, $"is {number}{of}; write {least} to {most}"), index);
        return otherwise;
    }

    /// <summary>Words are the names of the enum, in their own spelling only.</summary>
    public TWord Word<TWord>(PolicyField field, string? written, TWord otherwise, int index = 0, string of = "")
        where TWord : struct, Enum
    {
        if (string.IsNullOrEmpty(written))
            return otherwise;
        foreach (var word in Enum.GetValues<TWord>())
        {
            if (string.Equals(word.ToString(), written, StringComparison.Ordinal))
                return word;
        }

        Refuse(field, $"is {Shown.Quoted(written)}{of}, which is unknown; write {Words.OneOf(Enum.GetNames<TWord>())}", index);
        return otherwise;
    }

    public TimeSpan Duration(PolicyField field, string? written)
    {
        if (string.IsNullOrEmpty(written))
            return TimeSpan.Zero;
        if (Durations.Read(written, out var duration) is { } problem)
            Refuse(field, $"is {problem}");
        return duration;
    }

    public void Refuse(PolicyField field, string text, int index = 0) => Refuse(Reasons.InvalidPolicy, field, text, index);

    public void Refuse(string reason, PolicyField field, string text, int index) => _problems.Add(new PolicyProblem(reason, name(field, index), text));
}
