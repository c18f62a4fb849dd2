using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Running;

/// <summary>Something that happens while the engine works, told as it happens. A cmdlet turns each kind into a stream.</summary>
public abstract record MigrationEvent;

/// <summary>A step of the work, a setting's source, a wait that ended: for those who ask for details (Verbose).</summary>
public sealed record VerboseMessage(string Message) : MigrationEvent;

/// <summary>SQL on its way to the server (Debug).</summary>
public sealed record StatementSent(string Sql) : MigrationEvent;

/// <summary>Something the user should know although the work goes on (Warning).</summary>
public sealed record WarningRaised(string Message) : MigrationEvent;

/// <summary>The server said something (Information; Warning for RAISE WARNING; Debug for LOG and DEBUG).</summary>
public sealed record NoticeReceived(Notice Notice) : MigrationEvent;

/// <summary>A migration begins (Progress).</summary>
/// <param name="Ordinal">Its place in the run, from 1.</param>
/// <param name="Count">How many there are in the run.</param>
/// <param name="Version">Its version.</param>
/// <param name="Description">Its description.</param>
/// <param name="Direction">Up or down.</param>
public sealed record MigrationStarted(int Ordinal, int Count, long Version, string Description, MigrationDirection Direction) : MigrationEvent;

/// <summary>A statement begins that is sent alone (Progress).</summary>
/// <param name="Ordinal">Its place in the file, from 1.</param>
/// <param name="Count">How many the file has.</param>
/// <param name="Summary">Its beginning, on one line.</param>
public sealed record StatementStarted(int Ordinal, int Count, string Summary) : MigrationEvent;

/// <summary>Another runner holds the lock (Progress); repeated while waiting.</summary>
/// <param name="Waited">How long so far.</param>
/// <param name="Holder">Who holds it: pid, role, application, since when; null when the role may not see it.</param>
public sealed record WaitingForLock(TimeSpan Waited, string? Holder) : MigrationEvent;

/// <summary>Work that is not a migration went on (Progress).</summary>
/// <param name="Activity">What is being done, the same text from beginning to end: <c>Backing up shop@db:5432</c>.</param>
/// <param name="Status">Where it is: the table, the file, how much of how much.</param>
/// <param name="Percent">From 0 to 100; -1 when it is not known.</param>
public sealed record ProgressChanged(string Activity, string Status, int Percent) : MigrationEvent;
