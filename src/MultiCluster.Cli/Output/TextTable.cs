namespace MultiCluster.Cli.Output;

/// <summary>Aligned columns without lines, as kubectl prints them: for eyes, grep and awk.</summary>
internal sealed class TextTable(params string[] headings)
{
    private const int Gap = 3;

    private readonly List<Cell[]> rows = [];

    public void Add(params Cell[] row)
    {
        if (row.Length != headings.Length)
            throw new ArgumentException($"The row has {row.Length} cells, the table {headings.Length} columns.", nameof(row));
        rows.Add(row);
    }

    public void WriteTo(Terminal terminal, int indent = 0)
    {
        var heading = Array.ConvertAll(headings, text => new Cell(text, Tone.Heading));
        var widths = new int[headings.Length];
        Measure(heading, widths);
        foreach (var row in rows)
            Measure(row, widths);
        WriteRow(terminal, heading, widths, indent);
        foreach (var row in rows)
            WriteRow(terminal, row, widths, indent);
    }

    private static void Measure(Cell[] row, int[] widths)
    {
        for (var i = 0; i < row.Length; i++)
            widths[i] = Math.Max(widths[i], Terminal.WidthOf(row[i].Text));
    }

    private static void WriteRow(Terminal terminal, Cell[] row, int[] widths, int indent)
    {
        terminal.Spaces(indent);
        for (var i = 0; i < row.Length; i++)
        {
            terminal.Write(row[i]);
            if (i < row.Length - 1)
                terminal.Spaces(widths[i] - Terminal.WidthOf(row[i].Text) + Gap);
        }
        terminal.Line();
    }
}
