using VividShift.Migrations.Engine.Backup.Archive;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restore;

/// <summary>What pg_restore 17 and newer say to an older server, also where there are no such programs to say it.</summary>
public sealed class NewerProgramsTests
{
    static readonly string[] Refused =
    [
        "pg_restore: connecting to database for restore", "pg_restore: while INITIALIZING:",
        "pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter \"transaction_timeout\"",
        "Command was: SET transaction_timeout = 0;", "pg_restore: creating TABLE \"public.t\"",
    ];

    [Fact]
    public void The_one_refusal_is_harmless_once_pg_restore_came_to_its_end()
    {
        using var error = Read(Refused);
        Assert.False(error.IsHarmless);

        error.Read("pg_restore: warning: errors ignored on restore: 1");

        Assert.True(error.IsHarmless);
        Assert.False(error.Token.IsCancellationRequested);
    }

    [Fact]
    public void Any_other_error_ends_it_once_it_was_told_in_full()
    {
        using var error = Read(
            [
                .. Refused, "pg_restore: error: COPY failed for table \"t\": ERROR:  out of room", "CONTEXT:  COPY t, line 1",
            ]);
        Assert.True(error.Happened);
        Assert.False(error.Token.IsCancellationRequested);

        // Of another worker, whose words may follow before the end.
        error.Read(Refused[2]);
        error.Read(Refused[3]);
        error.Read("pg_restore: warning: errors ignored on restore: 2");

        Assert.True(error.Token.IsCancellationRequested);
        Assert.False(error.IsHarmless);
        Assert.Equal("It said:\npg_restore: error: COPY failed for table \"t\": ERROR:  out of room\nCONTEXT:  COPY t, line 1\n", error.Said);
    }

    [Theory]
    [InlineData(17, 16, true)]
    [InlineData(18, 12, true)]
    [InlineData(16, 12, false)]
    [InlineData(18, 17, false)]
    public void Only_older_servers_refuse_it(int programs, int server, bool refused) => Assert.Equal(refused, TransactionTimeoutWorkaround.IsRefused(programs, server));

    [Fact]
    public void Only_the_head_of_a_script_loses_it() => Assert.Equal(
        "SET lock_timeout = 0;\n\nSELECT 1;\n\n--\n-- Name: f(); Type: FUNCTION\n--\nSET transaction_timeout = 0;\n",
        TransactionTimeoutWorkaround.Without(
            "SET lock_timeout = 0;\nSET transaction_timeout = 0;\nSELECT 1;\n\n--\n-- Name: f(); Type: FUNCTION\n--\nSET transaction_timeout = 0;\n"));

    [Fact]
    public async Task A_plain_script_of_a_newer_pg_dump_is_restored()
    {
        await using var fixture = await MajorFixture.CreateAsync(PostgresServer.DefaultMajor);
        var sums = await fixture.SumsAsync();
        var script = await fixture.DumpAsync("shop.sql");
        const string After = "SET lock_timeout = 0;\n";
        var text = await File.ReadAllTextAsync(script, MajorFixture.Token);
        Assert.Contains(After, text, StringComparison.Ordinal);
        var head = text.IndexOf(After, StringComparison.Ordinal) + After.Length;
        await File.WriteAllTextAsync(script, text.Insert(head, "SET transaction_timeout = 0;\n"), MajorFixture.Token);

        await fixture.RestoreAsync(fixture.Of(script, drop: true));

        Assert.Equal(sums, await fixture.SumsAsync());
    }

    static ExitOnErrorWatcher Read(IEnumerable<string> lines)
    {
        var error = new ExitOnErrorWatcher(MajorFixture.Token);
        foreach (var line in lines)
        {
            error.Read(line);
        }

        return error;
    }
}
