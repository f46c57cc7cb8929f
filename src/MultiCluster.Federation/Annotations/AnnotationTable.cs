using MultiCluster.Federation.Settings;
using MultiCluster.Model.Collections;

namespace MultiCluster.Federation.Annotations;

/// <summary>Reads the tables: tab separated, a heading, then lines in order of their first column; "-" stands for nothing.</summary>
internal static class AnnotationTable
{
    private static readonly string[] EntryHeadings =
        ["key", "places", "scope", "value", "default", "done", "policy", "alias of", "status", "risk", "note"];

    private static readonly string[] PolicyHeadings = ["policy", "meaning"];

    private static readonly string[] ReloadHeadings = ["name", "by", "versions", "setting", "why"];

    /// <exception cref="FormatException">The message begins with file and line.</exception>
    public static EquatableArray<AnnotationEntry> Entries(string file, string text, IReadOnlyDictionary<string, string> policies)
    {
        var entries = Rows(file, text, EntryHeadings).Select(row => Entry(row, policies)).ToList();
        var byKey = entries.ToDictionary(static entry => entry.Key, StringComparer.Ordinal);
        foreach (var entry in entries.Where(static entry => entry.AliasOf is not null))
        {
            if (byKey.GetValueOrDefault(entry.AliasOf!) is not { AliasOf: null } successor || !string.Equals(successor.Policy, entry.Policy, StringComparison.Ordinal))
                throw new FormatException($"{file}: {entry.Key} is an alias of {entry.AliasOf}, which is no key of the same policy");
        }

        return entries.ToEquatableArray();
    }

    /// <summary>Meanings by name.</summary>
    /// <exception cref="FormatException">The message begins with file and line.</exception>
    public static Dictionary<string, string> Policies(string file, string text) =>
        Rows(file, text, PolicyHeadings).ToDictionary(static row => row[0], static row => row[1], StringComparer.Ordinal);

    /// <summary>Settings that need a reload, in order of names.</summary>
    /// <exception cref="FormatException">The message begins with file and line.</exception>
    public static IReadOnlyList<ReloadEntry> Reloads(string file, string text) =>
        [.. Rows(file, text, ReloadHeadings).Select(static row => new ReloadEntry(row[0], Word<ReloadCause>(row, 1), ReloadVersions.Parse(row[2]) ?? throw row.Wrong($"{row[2]} is neither all nor before a version"), Optional(row[3]), row[4]))];

    private static AnnotationEntry Entry(Row row, IReadOnlyDictionary<string, string> policies)
    {
        var places = Places(row);
        var scope = row[2] == "-" ? AnnotationScope.Unsaid : Word<AnnotationScope>(row, 2);
        if (scope == AnnotationScope.Global != (places == AnnotationPlaces.Global) && scope != AnnotationScope.Unsaid)
            throw row.Wrong("a key of scope global is read in the ConfigMap only, and no other is");
        var kind = ValueKind.Parse(row[3]) ?? throw row.Wrong($"{row[3]} is no kind of value");
        EquatableArray<string> done = row[5] == "-" ? [] : row[5].Split(' ').ToEquatableArray();
        foreach (var value in done.Where(value => kind.ProblemOf(value) is not null))
            throw row.Wrong($"done holds {value}, which is no {row[3]}");
        if (!policies.ContainsKey(row[6]))
            throw row.Wrong($"policy {row[6]} is not in the table of policies");
        var status = Word<AnnotationStatus>(row, 8);
        var note = Optional(row[10]);
        if (note is null && (status is AnnotationStatus.Differs or AnnotationStatus.Needless or AnnotationStatus.Refused))
            throw row.Wrong("what differs, is needless or refused has a note");
        return new AnnotationEntry(
            row[0], places, scope, kind, Optional(row[4]), done, row[6], Optional(row[7]), status, Word<AnnotationRisk>(row, 9), note);
    }

    private static AnnotationPlaces Places(Row row)
    {
        var places = AnnotationPlaces.None;
        foreach (var letter in row[1])
        {
            var place = letter switch
            {
                'i' => AnnotationPlaces.Ingress,
                's' => AnnotationPlaces.Service,
                'c' => AnnotationPlaces.Class,
                'g' => AnnotationPlaces.Global,
                _ => AnnotationPlaces.None,
            };
            if (place == AnnotationPlaces.None || (places & place) != AnnotationPlaces.None)
                throw row.Wrong($"places are letters of iscg, each once, not {row[1]}");
            places |= place;
        }

        return places;
    }

    private static TWord Word<TWord>(Row row, int column)
        where TWord : struct, Enum
    {
        foreach (var word in Enum.GetValues<TWord>())
        {
            if (string.Equals(word.ToString().ToLowerInvariant(), row[column], StringComparison.Ordinal))
                return word;
        }

        throw row.Wrong($"{row[column]} is no word of column {column + 1}");
    }

    private static string? Optional(string cell) => cell == "-" ? null : cell;

    private static IEnumerable<Row> Rows(string file, string text, string[] headings)
    {
        var lines = text.Split('\n');
        if (lines[^1].Length > 0)
            throw new FormatException($"{file}:{lines.Length}: the last line has no end");
        if (!lines[0].Split('\t').SequenceEqual(headings, StringComparer.Ordinal))
            throw new FormatException($"{file}:1: the headings are {string.Join(", ", headings)}");
        var before = "";
        for (var i = 1; i < lines.Length - 1; i++)
        {
            var row = new Row(file, i + 1, lines[i].Split('\t'));
            if (row.Count != headings.Length)
                throw row.Wrong($"{row.Count} cells, not {headings.Length}");
            for (var column = 0; column < row.Count; column++)
            {
                if (row[column].Length == 0 || row[column].Trim().Length != row[column].Length || row[column].Contains('\r', StringComparison.Ordinal))
                    throw row.Wrong($"cell {column + 1} is empty or has blanks around it");
            }

            if (string.CompareOrdinal(before, row[0]) >= 0)
                throw row.Wrong($"{row[0]} comes after {before}: lines are in order, each once");
            before = row[0];
            yield return row;
        }
    }

    private sealed class Row(string file, int line, string[] cells)
    {
        public int Count => cells.Length;

        public string this[int column] => cells[column];

        public FormatException Wrong(string why) => new($"{file}:{line}: {why}");
    }
}
