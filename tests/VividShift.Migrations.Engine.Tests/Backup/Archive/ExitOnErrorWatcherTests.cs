using VividShift.Migrations.Engine.Backup.Archive;

namespace VividShift.Migrations.Engine.Tests.Backup.Archive;

public sealed class ExitOnErrorWatcherTests
{
    const string Refusal = "pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter \"transaction_timeout\"";
    const string Summary = "pg_restore: warning: errors ignored on restore: 2";

    [Theory]
    [InlineData("pg_restore: error: could not execute query: ERROR:  relation \"a\" already exists")]
    [InlineData("pg_restore: pg_restore: error: could not execute query: ERROR:  relation \"a\" already exists")]
    [InlineData("could not execute query: ERROR:  relation \"a\" already exists")]
    public void An_error_counts_wherever_its_line_begins(string line)
    {
        using var error = new ExitOnErrorWatcher(TestContext.Current.CancellationToken);
        foreach (var said in new[] { Refusal, "Command was: SET transaction_timeout = 0;", line, Summary })
        {
            error.Read(said);
        }

        Assert.True(error.Happened);
        Assert.False(error.IsHarmless);
        Assert.Contains("already exists", error.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_one_refused_statement_is_harmless()
    {
        using var error = new ExitOnErrorWatcher(TestContext.Current.CancellationToken);
        foreach (var said in new[] { Refusal, "Command was: SET transaction_timeout = 0;", "pg_restore: creating TABLE \"public.errors\"", Summary })
        {
            error.Read(said);
        }

        Assert.True(error.IsHarmless);
    }
}
