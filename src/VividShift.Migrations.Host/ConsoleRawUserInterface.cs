using System.Management.Automation;
using System.Management.Automation.Host;

namespace VividShift.Migrations.Host;

/// <summary>The size of the screen; what moves a cursor or paints cells is not supported.</summary>
sealed class ConsoleRawUserInterface : PSHostRawUserInterface
{
    const int LinesWithoutTerminal = 50;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override Size BufferSize
    {
        get => WindowSize;
        set => throw Unsupported();
    }

    public override Size WindowSize
    {
        get => new(Terminal.Width, Terminal.Shows && Console.WindowHeight > 0 ? Console.WindowHeight : LinesWithoutTerminal);
        set => throw Unsupported();
    }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override Coordinates CursorPosition { get; set; }

    public override Coordinates WindowPosition { get; set; }

    public override int CursorSize { get; set; } = 25;

    public override bool KeyAvailable => Terminal.Reads && Console.KeyAvailable;

    public override string WindowTitle { get; set; } = "VividShift.Migrations";

    public override void FlushInputBuffer()
    {
    }

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        var key = Console.ReadKey(options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, default, keyDown: true);
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw Unsupported();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw Unsupported();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw Unsupported();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw Unsupported();

    static PSNotSupportedException Unsupported() => new("This host writes lines only.");
}
