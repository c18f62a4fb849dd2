using VividShift.Migrations.Running;

namespace VividShift.Migrations;

/// <summary>Who is told what happens. Called from any thread; implementations hand over to the thread that may write.</summary>
public interface IMigrationObserver
{
    /// <summary>
    /// True when somebody reads <see cref="StatementSent"/>. A file can hold a million statements: telling each costs as much as running
    /// it.
    /// </summary>
    bool ReadsSql { get; }

    /// <summary>Tells an event and does not wait.</summary>
    void Report(MigrationEvent migrationEvent);
}
