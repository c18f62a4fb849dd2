using VividShift.Migrations.Activity;

namespace VividShift.Migrations.Repair;

/// <summary>Whether the owner of the migration lock may be ended: only one that does nothing and has done nothing for a while.</summary>
public static class StaleLock
{
    /// <summary>Ends the work unless the owner is idle for long enough.</summary>
    /// <param name="owner">The session that holds the lock.</param>
    /// <param name="idleFor">How long it must have waited for its client.</param>
    /// <exception cref="MigrationException">RepairRefused.</exception>
    public static void ThrowIfInUse(DatabaseActivity owner, TimeSpan idleFor)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var why = owner.State switch
        {
            ActivityState.Hidden => "what it does cannot be seen with this role",
            ActivityState.Idle or ActivityState.IdleInTransaction or ActivityState.IdleInFailedTransaction when owner.Duration >= idleFor => null,
            ActivityState.Idle or ActivityState.IdleInTransaction or ActivityState.IdleInFailedTransaction =>
                FormattableString.Invariant($"it has been idle for {owner.Duration?.TotalSeconds:0} s only, as a run is between two statements"),
            _ => FormattableString.Invariant($"it is at work and has been for {owner.Duration?.TotalSeconds:0} s"),
        };
        if (why is null)
        {
            return;
        }

        throw new MigrationException(
            MigrationErrorCode.RepairRefused,
            $"The migration lock of {owner.SeenFrom} is held by {owner}, and that is not stale: {why}.",
            "Look at it with Get-VsDatabaseActivity and wait for its end; to end it all the same, which rolls back what it is at, add -Force.")
        {
            DatabaseState = "The lock is held as before.",
            Target = owner,
        };
    }
}
