using System.Security.Cryptography;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>Tells whether a seed file is the one that was run.</summary>
static class SeedHash
{
    /// <summary>SHA-256 of the file and of what stands beside it. Files can be large: they are streamed.</summary>
    /// <exception cref="MigrationException">SeedFailed: it cannot be read.</exception>
    internal static async Task<string> OfAsync(SeedFile file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        foreach (var path in new[] { file.Path, file.SidecarPath }.Where(path => path == file.Path || File.Exists(path)))
        {
            try
            {
                await using var stream = File.OpenRead(path);
                int read;
                while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw SeedErrors.Unusable(file, $"The file cannot be read: {e.Message.TrimEnd('.')}.", "Make it readable, or take it away.", e);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
