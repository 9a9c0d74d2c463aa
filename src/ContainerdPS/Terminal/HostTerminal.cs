using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using ContainerdPS.Native;
using ContainerdPS.TaskIO;

namespace ContainerdPS.Terminal;

/// <summary>
/// The terminal this process runs in. However it is left, by its end, an exception, or a signal that ends the process, it
/// is set back to how it was found.
/// </summary>
internal sealed class HostTerminal : IDisposable
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>How long a signal that ends the process waits for what runs in the terminal to be ended first.</summary>
    private static readonly TimeSpan LeavingLimit = TimeSpan.FromSeconds(5);

    private static int s_taken;

    private readonly object gate = new();
    private readonly FileDescriptor terminal = TerminalCalls.Reopen(StandardInput);
    private readonly FileDescriptor screen = TerminalCalls.Reopen(StandardOutput);
    private readonly Channel<bool> resized = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource leaving = new();
    private readonly ManualResetEventSlim left = new();
    private readonly TerminalAttributes found;
    private readonly PosixSignalRegistration[] signals;
    private TerminalAttributes? wanted;
    private bool disposed;

    [SuppressMessage("Interoperability", "CA1416", Justification = "Open lets nobody in where these signals are not.")]
    private HostTerminal()
    {
        int errno = TerminalCalls.GetAttributes(terminal, out found);
        if (errno != 0)
        {
            throw Errno.ToException(errno, "The terminal cannot be asked for its settings");
        }

        signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => resized.Writer.TryWrite(true)),

            // The runtime sets the terminal as it likes it when the process goes on after it was halted.
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Apply()),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Leave()),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => Leave()),
        ];
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>Is cancelled when the process is about to end.</summary>
    public CancellationToken Leaving => leaving.Token;

    /// <summary>The size of its window; null where it does not know.</summary>
    public WindowSize? Size => TerminalCalls.TryGetSize(screen, out int columns, out int rows) ? new WindowSize(columns, rows) : null;

    /// <summary>Takes the terminal.</summary>
    /// <param name="hasUser">Whether somebody sits at the shell, as far as its host tells.</param>
    /// <exception cref="ContainerdException">There is none, or it is somebody else's now.</exception>
    public static HostTerminal Open(bool hasUser)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw LinuxOnly.Unimplemented("entering a terminal");
        }

        string? missing = !hasUser ? "This shell's host has no terminal of its own (a remote session, a job, an editor's console)"
            : !TerminalCalls.IsTerminal(StandardInput) ? "The standard input of this shell is no terminal but a pipe or a file"
            : !TerminalCalls.IsTerminal(StandardOutput) ? "The standard output of this shell is no terminal but a pipe or a file"
            : !TerminalCalls.IsForeground(StandardInput) ? "This shell runs in the background of its terminal"
            : Interlocked.CompareExchange(ref s_taken, 1, 0) != 0 ? "Another command of this shell has its terminal"
            : null;
        if (missing is not null)
        {
            throw new ContainerdException(
                ContainerdErrorCode.FailedPrecondition,
                $"{missing}, so nothing can be entered from here. Run the command at a prompt, or use Invoke-ContainerCommand or Receive-ContainerTask.") { Reason = "NotInteractive" };
        }

        try
        {
            return new HostTerminal();
        }
        catch
        {
            Volatile.Write(ref s_taken, 0);
            throw;
        }
    }

    /// <summary>What is typed.</summary>
    public static StreamTap OpenInput() => StreamTap.Over(TerminalCalls.Reopen(StandardInput), "the terminal");

    /// <summary>Where it shows what is written.</summary>
    public static FifoWriter OpenOutput() => FifoWriter.Over(TerminalCalls.Reopen(StandardOutput), "the terminal", FifoPoller.Shared);

    /// <summary>Where this process writes its errors: the terminal, or what they are redirected to.</summary>
    public static FifoWriter OpenErrors() => FifoWriter.Over(
        TerminalCalls.IsTerminal(StandardError) ? TerminalCalls.Reopen(StandardError) : TerminalCalls.Duplicate(StandardError),
        "the error output",
        FifoPoller.Shared);

    /// <summary>Has its other end gone, as with the window that showed it?</summary>
    public bool IsGone => TerminalCalls.GetAttributes(terminal, out _) != 0;

    /// <summary>Completes when the window has another size than when it was last asked for.</summary>
    public async Task ResizedAsync(CancellationToken cancellationToken) => await resized.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Every key goes through as it is, at once and unseen: what is at the other end has a terminal of its own.</summary>
    public void SetRaw() => Set(TerminalCalls.Raw(found));

    /// <summary>
    /// Keys are edited and shown line by line, but the first of the detach keys ends a line like return does, so that it
    /// is seen at once.
    /// </summary>
    /// <param name="keys">The detach keys.</param>
    /// <param name="isBegun">Whether some of them have come, so that the next key is wanted at once, whatever it is.</param>
    public unsafe void SetLines(DetachKeys keys, bool isBegun)
    {
        // A shell that edits its own lines has switched off what a terminal does for one.
        TerminalAttributes attributes = found;
        attributes.Input = attributes.Input & ~TerminalAttributes.OtherReturns | TerminalAttributes.ReturnIsNewline;
        attributes.Output |= TerminalAttributes.NewlineReturns;
        attributes.Local |= TerminalAttributes.Canonical | TerminalAttributes.Echo | TerminalAttributes.Comfort;
        if (keys.Bytes.Count > 0)
        {
            // ctrl-q and ctrl-s would be the terminal's own.
            attributes.Input &= ~TerminalAttributes.FlowControl;
            attributes.Characters[TerminalAttributes.EndOfLine] = keys.Bytes[0];
        }

        if (isBegun)
        {
            attributes.Local &= ~(TerminalAttributes.Canonical | TerminalAttributes.Echo);
            attributes.Characters[TerminalAttributes.FewestKeys] = 1;
            attributes.Characters[TerminalAttributes.KeyTime] = 0;
        }

        Set(attributes);
    }

    /// <summary>Sets it back to how it was found.</summary>
    public void Restore()
    {
        lock (gate)
        {
            if (wanted is not null)
            {
                wanted = null;
                _ = TerminalCalls.SetAttributes(terminal, found);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
        }

        Restore();
        left.Set();
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        Array.ForEach(signals, static signal => signal.Dispose());
        leaving.Dispose();
        terminal.Dispose();
        screen.Dispose();
        Volatile.Write(ref s_taken, 0);
    }

    private void Set(TerminalAttributes attributes)
    {
        lock (gate)
        {
            wanted = attributes;
            Apply();
        }
    }

    private void Apply()
    {
        lock (gate)
        {
            if (wanted is { } attributes && !disposed)
            {
                _ = TerminalCalls.SetAttributes(terminal, attributes);
            }
        }
    }

    /// <summary>Runs before the signal ends the process: has what runs in the terminal ended, and sets it back.</summary>
    private void Leave()
    {
        Restore();
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            leaving.Cancel();
        }

        left.Wait(LeavingLimit);
    }

    private void OnExit(object? sender, EventArgs e) => Restore();
}
