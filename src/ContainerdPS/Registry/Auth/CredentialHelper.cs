using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ContainerdPS.Registry;

/// <summary>Asks a docker-credential-NAME program, by Docker's protocol: the server on its input, JSON on its output.</summary>
internal static class CredentialHelper
{
    /// <summary>A helper that asks somebody for a password may take its time; one that hangs must not hold a pull for good.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>What helpers answer as the user name when what they have is a token.</summary>
    private const string TokenUser = "<token>";

    /// <summary>Asks for the credential of a server; null when the helper has none.</summary>
    /// <exception cref="ContainerdException">The helper is not there or does not work.</exception>
    public static async Task<RegistryCredential?> GetAsync(string name, string server, Action<string>? log, CancellationToken cancellationToken)
    {
        if (name.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar))
        {
            throw Failed(name, server, "its name has a path in it");
        }

        log?.Invoke($"Asking docker-credential-{name} for '{server}'.");
        var start = new ProcessStartInfo("docker-credential-" + name, "get")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            UseShellExecute = false,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw Failed(name, server, $"it cannot be started ({e.Message})");
        }

        using (process)
        {
            try
            {
                return await ExchangeAsync(process, name, server, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw Failed(name, server, $"it did not answer within {Limit.TotalSeconds:0} s");
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                // What it wrote may be a secret, whatever is wrong with it.
                throw Failed(name, server, "its answer is not the JSON it should be");
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
    }

    private static async Task<RegistryCredential?> ExchangeAsync(Process process, string name, string server, CancellationToken cancellationToken)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.StandardInput.WriteLineAsync(server.AsMemory(), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code tells.
        }

        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        string text = await output.ConfigureAwait(false);
        await errors.ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            // These are the words of the protocol, on whichever stream.
            return (text + await errors.ConfigureAwait(false)).Contains("credentials not found", StringComparison.OrdinalIgnoreCase)
                ? null
                : throw Failed(name, server, $"it ended with the exit status {process.ExitCode}");
        }

        using var document = JsonDocument.Parse(text);
        string user = document.RootElement.GetProperty("Username").GetString() ?? string.Empty;
        string secret = document.RootElement.GetProperty("Secret").GetString() ?? string.Empty;
        return secret.Length == 0 ? null : user is TokenUser ? RegistryCredential.IdentityToken(secret) : RegistryCredential.Password(user, secret);
    }

    private static ContainerdException Failed(string name, string server, string problem) => new(
        ContainerdErrorCode.Unauthenticated,
        $"The credential helper docker-credential-{name}, which Docker's configuration names for '{server}', does not work: {problem}. Repair it, or give -Credential.") { Reason = "CredentialHelperFailed" };
}
