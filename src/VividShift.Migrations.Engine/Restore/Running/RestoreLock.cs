using System.IO.Hashing;
using System.Text;
using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Restore.Running;

/// <summary>
/// One restore of a database at a time. The lock lives in the maintenance session and ends with it, so whoever has it knows that what is
/// marked as being restored belongs to nobody any more.
/// </summary>
static class RestoreLock
{
    // "VsRe", so that it is nobody else's lock.
    const int Space = 0x56735265;

    /// <summary>Takes it, or ends the restore: nobody should wait for hours without knowing.</summary>
    /// <exception cref="MigrationException">LockTimeout: another restore is at work.</exception>
    public static async Task TakeAsync(Session maintenance, DatabaseTarget target, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1, $2)", maintenance.Connection)
        {
            Parameters = { new() { Value = Space }, new() { Value = unchecked((int)Crc32.HashToUInt32(Encoding.UTF8.GetBytes(target.Database))) } },
        };
        if (!(bool)(await command.ExecuteScalarAsync(cancellationToken))!)
        {
            throw new MigrationException(MigrationErrorCode.LockTimeout, $"Another restore of {target} is at work.", "Wait for it to end.")
            {
                Target = target,
            };
        }
    }
}
