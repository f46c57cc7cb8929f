namespace MultiCluster.Cli.Output;

internal enum Tone
{
    Plain,
    Good,
    Warning,
    Bad,
    Heading,
}

/// <summary>A piece of a line: safe text and how it is coloured where colours are shown.</summary>
internal readonly record struct Cell
{
    public Cell(string text, Tone tone = Tone.Plain)
    {
        Text = SafeText.Of(text);
        Tone = tone;
    }

    public string Text { get; }

    public Tone Tone { get; }

    public static implicit operator Cell(string text) => new(text);

    public static implicit operator Cell(int number) => new($"{number}");

    public static implicit operator Cell(long number) => new($"{number}");

    /// <summary>"-" stands for nothing, so that every column has a word.</summary>
    public static Cell Of(IReadOnlyCollection<string> texts, string separator = ",") =>
        texts.Count == 0 ? "-" : string.Join(separator, texts);

    public static Cell YesNo(bool value, Tone no = Tone.Plain) => value ? "yes" : new Cell("no", no);
}
