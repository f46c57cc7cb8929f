using System.Text;
using MultiCluster.Model.Collections;

namespace MultiCluster.Acme.Protocol;

/// <summary>What an authority says is wrong (RFC 7807, RFC 8555 §6.7); its words as they came, so not to be shown but by <see cref="ToString"/>.</summary>
/// <param name="Type">Without the common beginning where it has it: <c>rateLimited</c>.</param>
/// <param name="Host">Of a subproblem: what it is about.</param>
public sealed record AcmeProblem(string Type, string Detail, string? Host = null)
{
    public const string BadNonce = "badNonce";
    public const string RateLimited = "rateLimited";
    public const string AccountDoesNotExist = "accountDoesNotExist";
    public const string OrderNotReady = "orderNotReady";
    public const string ServerInternal = "serverInternal";
    public const string AlreadyRevoked = "alreadyRevoked";

    private const int MaxShown = 400;
    private const int MaxSubproblemsShown = 5;

    public EquatableArray<AcmeProblem> Subproblems { get; init; } = [];

    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text);
        foreach (var part in Subproblems.Items.Take(MaxSubproblemsShown))
        {
            text.Append("; ");
            part.Append(text);
        }

        if (Subproblems.Count > MaxSubproblemsShown)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"; and {Subproblems.Count - MaxSubproblemsShown} more");
        return text.ToString();
    }

    /// <summary>On one line, without what a terminal would take as a command.</summary>
    internal static string Shown(string text)
    {
        var shown = new StringBuilder(Math.Min(text.Length, MaxShown));
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= MaxShown)
                return shown.Append("...").ToString();
            if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator)
                shown.Append(' ');
            else
                shown.Append(rune);
        }

        return shown.ToString();
    }

    private void Append(StringBuilder text)
    {
        if (Host is not null)
            text.Append(Shown(Host)).Append(": ");
        text.Append(Shown(Detail.Length > 0 ? Detail : "no detail given"));
        if (Type.Length > 0)
            text.Append(" (").Append(Shown(Type)).Append(')');
    }
}
