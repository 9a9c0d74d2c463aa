using System.Runtime.InteropServices;
using ContainerdPS.Files;
using Xunit;

namespace ContainerdPS.Tests.Files;

/// <summary>
/// Somebody inside exchanges a folder for a link that leads out, as fast as the kernel can, while files are copied: none
/// comes from outside, and none gets there.
/// </summary>
public sealed partial class EscapeRaceTests
{
    private const int CurrentFolder = -100;
    private const uint Exchange = 2;
    private const int Attempts = 3000;

    // What was copied as a link leads out, and is not to be followed here.
    private static readonly EnumerationOptions NoLinks = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    [LinuxFact]
    public void NothingComesFromOutsideByTheKernel() => CopyOut(bySteps: false);

    [LinuxFact]
    public void NothingComesFromOutsideBySteps() => CopyOut(bySteps: true);

    [LinuxFact]
    public void NothingGetsOutsideByTheKernel() => CopyIn(bySteps: false);

    [LinuxFact]
    public void NothingGetsOutsideBySteps() => CopyIn(bySteps: true);

    private static void CopyOut(bool bySteps)
    {
        using CopyBench bench = Prepare(bySteps);
        int copied = 0;
        WhileExchanging(bench, attempt =>
        {
            bench.NextCommand();
            string name = $"o{attempt}";
            bool whole = attempt % 2 == 0;
            copied += Try(() => bench.Out(whole ? "/srv" : "/srv/d/secret", name)) ? 1 : 0;
            string place = bench.Outside(name);
            foreach (string file in File.Exists(place) ? [place] : Directory.Exists(place) ? Directory.GetFiles(place, "*", NoLinks) : [])
            {
                Assert.Equal("inside\n", File.ReadAllText(file));
            }

            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }
            else
            {
                File.Delete(place);
            }
        });
        Assert.True(copied > Attempts / 20, $"Only {copied} of {Attempts} copies did anything, which proves little.");
        bench.AssertCanaryUntouched();
    }

    private static void CopyIn(bool bySteps)
    {
        using CopyBench bench = Prepare(bySteps);
        bench.Run("mkdir -p local/d local/tree/d; echo changed > local/secret; echo new > local/d/planted; echo new > local/tree/d/planted; echo new > local/tree/d/secret");
        int copied = 0;
        WhileExchanging(bench, attempt =>
        {
            bench.NextCommand();
            copied += Try(() => _ = (attempt % 3) switch
            {
                0 => bench.In("secret", "/srv/d/secret", new CopyOptions { Force = true }),
                1 => bench.In("d/.", "/srv/d", new CopyOptions { Force = true }),
                _ => bench.In("tree/.", "/srv", new CopyOptions { Force = true, Archive = true }),
            }) ? 1 : 0;
            bench.AssertCanaryUntouched();
        });
        Assert.True(copied > Attempts / 20, $"Only {copied} of {Attempts} copies did anything, which proves little.");
        Assert.Empty(Directory.GetFiles(bench.Inside("srv"), ".containerdps-*", SearchOption.AllDirectories));
    }

    private static CopyBench Prepare(bool bySteps)
    {
        var bench = new CopyBench(bySteps);
        bench.Run($"mkdir -p root/srv/d; echo inside > root/srv/d/secret; ln -s '{bench.CanaryFolder}' root/srv/l");
        return bench;
    }

    private static bool Try(Action copy)
    {
        try
        {
            copy();
            return true;
        }
        catch (ContainerdException)
        {
            return false;
        }
    }

    private static void WhileExchanging(CopyBench bench, Action<int> attempt)
    {
        bool over = false;
        long exchanges = 0;
        string folder = bench.Inside("srv/d");
        string link = bench.Inside("srv/l");
        var thread = new Thread(() =>
        {
            while (!Volatile.Read(ref over))
            {
                exchanges += Rename(CurrentFolder, folder, CurrentFolder, link, Exchange) == 0 ? 1 : 0;
            }
        });
        thread.Start();
        try
        {
            for (int i = 0; i < Attempts; i++)
            {
                attempt(i);
            }
        }
        finally
        {
            Volatile.Write(ref over, true);
            thread.Join();
        }

        Assert.True(exchanges > Attempts, $"There were only {exchanges} exchanges.");
    }

    [DllImport("libc", EntryPoint = "renameat2", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int Rename(int oldFolder, string oldPath, int newFolder, string newPath, uint flags);
}
