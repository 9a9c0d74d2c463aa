using System.Management.Automation.Host;

namespace EngineHost.Hosting;

internal sealed class RawUI : PSHostRawUserInterface
{
    private const int DefaultWidth = 120;
    private readonly AsyncLocal<int> _captureWidth = new();

    /// <summary>The width the formatter is to believe in while output is captured on this flow; 0: the terminal's.</summary>
    public int CaptureWidth { get => _captureWidth.Value; set => _captureWidth.Value = value; }

    public override Size BufferSize
    {
        get => CaptureWidth > 0 ? new Size(CaptureWidth, 300) : WindowSize;
        set { }
    }

    public override Size WindowSize
    {
        get => Console.IsOutputRedirected || Console.WindowWidth <= 0
            ? new Size(DefaultWidth, 50)
            : new Size(Console.WindowWidth, Console.WindowHeight);
        set { }
    }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override ConsoleColor ForegroundColor { get => Console.ForegroundColor; set => Console.ForegroundColor = value; }

    public override ConsoleColor BackgroundColor { get => Console.BackgroundColor; set => Console.BackgroundColor = value; }

    public override Coordinates CursorPosition
    {
        get => Console.IsOutputRedirected ? default : new Coordinates(Console.CursorLeft, Console.CursorTop);
        set => Console.SetCursorPosition(value.X, value.Y);
    }

    public override int CursorSize { get => 25; set { } }

    public override bool KeyAvailable => !Console.IsInputRedirected && Console.KeyAvailable;

    public override Coordinates WindowPosition { get => default; set { } }

    public override string WindowTitle { get; set; } = "";

    public override void FlushInputBuffer()
    {
        while (KeyAvailable)
        {
            _ = Console.ReadKey(intercept: true);
        }
    }

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        var key = Console.ReadKey(options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, default, keyDown: true);
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => new BufferCell[0, 0];

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) { }

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) { }

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        // Clear-Host fills the whole screen with blanks.
        if (!Console.IsOutputRedirected)
        {
            Console.Clear();
        }
    }
}
