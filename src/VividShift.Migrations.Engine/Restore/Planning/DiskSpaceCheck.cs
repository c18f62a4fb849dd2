using System.ComponentModel;
using System.Diagnostics;
using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>
/// Whether the server's disk has room for a second database. SQL cannot tell; the file system can, when the server runs on this machine.
/// </summary>
static class DiskSpaceCheck
{
    const string Sql = "SELECT pg_backend_pid(), pg_is_in_recovery(), current_setting('data_directory', true)";

    /// <summary>The finding that there is too little room for certain; null otherwise, and a word on Verbose when nobody can know.</summary>
    /// <param name="maintenance">A session on the server.</param>
    /// <param name="target">The database, for the word.</param>
    /// <param name="folder">The folder of its tablespace; empty for the server's data folder.</param>
    /// <param name="wanted">How many bytes it will take.</param>
    /// <param name="observer">Who is told.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    public static async Task<Finding?> CheckAsync(
        Session maintenance, DatabaseTarget target, string folder, long wanted, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var place = await PlaceAsync(maintenance, folder, cancellationToken);
        if (place is null)
        {
            observer.Report(new VerboseMessage(
                $"Whether the disk of {target.Host} has room for {HumanReadable.Bytes(wanted)} cannot be known from here: the server is on another machine, or its folder is not shown to this role."));
            return null;
        }

        var free = new DriveInfo(place).AvailableFreeSpace;
        observer.Report(new VerboseMessage($"{HumanReadable.Bytes(free)} are free in {place} on the server; the restored database will take about {HumanReadable.Bytes(wanted)}."));
        return free >= wanted
            ? null
            : Finding.Refusal(
                MigrationErrorCode.DiskTooSmall,
                $"The restored database takes about {HumanReadable.Bytes(wanted)}, and the disk of {place} on the server has {HumanReadable.Bytes(free)} left. The old database stays "
                + "beside the new one until the swap.",
                "Make room there, or drop databases that earlier restores kept (..._before_restore_...).");
    }

    static async Task<string?> PlaceAsync(Session maintenance, string folder, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, maintenance.Connection);
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var place = folder.Length > 0 || reader.IsDBNull(2) ? folder : reader.GetString(2);
            return place.Length > 0 && IsOfThisMachine(reader.GetInt32(0)) && IsMounted(place) ? place : null;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // Ordinary roles are not shown where the server's files are.
            return null;
        }
    }

    // A forwarded port looks like this machine and is another: only a server whose process can be seen here has its disk here.
    static bool IsOfThisMachine(int serverProcess)
    {
        try
        {
            using var process = Process.GetProcessById(serverProcess);
            return process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    // The folder itself may be closed to us; the file system answers for it all the same.
    static bool IsMounted(string place)
    {
        try
        {
            return new DriveInfo(place).AvailableFreeSpace >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
