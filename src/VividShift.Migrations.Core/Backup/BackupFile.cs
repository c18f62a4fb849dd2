namespace VividShift.Migrations.Backup;

/// <summary>A file of a backup.</summary>
/// <param name="Path">Relative to the backup's folder, with slashes: <c>data/toc.dat</c>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
public sealed record BackupFile(string Path, long Size, string Sha256);
