using Spectre.Console;
using Spectre.Console.Rendering;

namespace MultiCluster.Cli.Output;

/// <summary>Lines and tables without wrapping, with colours where the terminal has them.</summary>
internal sealed class Terminal
{
    /// <summary>Spectre wraps at the terminal's width; lines here are as long as what they say.</summary>
    private const int Endless = 1 << 24;

    private readonly TextWriter output;
    private readonly TextWriter remarks;
    private readonly IAnsiConsole? colours;

    /// <param name="remarks">Takes what is no part of an answer that programs read.</param>
    public Terminal(TextWriter output, TextWriter remarks, bool colour)
    {
        this.output = output;
        this.remarks = remarks;
        if (!colour)
            return;
        colours = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        colours.Profile.Width = Endless;
    }

    /// <summary>Columns that the text takes on a terminal, where an East Asian character takes two.</summary>
    public static int WidthOf(string text) => new Segment(text).CellCount();

    public void Remark(string text) => remarks.WriteLine(SafeText.Of(text));

    public void Line() => output.WriteLine();

    public void Line(Cell cell)
    {
        Write(cell);
        output.WriteLine();
    }

    public void Write(Cell cell)
    {
        if (colours is null || cell.Tone == Tone.Plain)
            output.Write(cell.Text);
        else
            colours.Write(new Text(cell.Text, StyleOf(cell.Tone)));
    }

    /// <summary>"Name:" and its value, values aligned over the lines of one block.</summary>
    public void Field(string name, Cell value)
    {
        Write(new Cell($"{name}:".PadRight(16), Tone.Heading));
        Line(value);
    }

    public void Spaces(int count)
    {
        for (var i = 0; i < count; i++)
            output.Write(' ');
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Warning => new Style(Color.Olive),
        Tone.Bad => new Style(Color.Maroon, decoration: Decoration.Bold),
        Tone.Heading => new Style(decoration: Decoration.Bold),
        _ => Style.Plain,
    };
}
