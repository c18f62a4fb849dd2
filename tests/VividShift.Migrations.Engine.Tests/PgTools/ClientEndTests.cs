using VividShift.Migrations.Engine.PgTools;

namespace VividShift.Migrations.Engine.Tests.PgTools;

public sealed class ClientEndTests
{
    [Fact]
    public void Lines_that_two_jobs_wrote_into_each_other_are_no_warnings()
    {
        var end = new ClientEnd(0,
        [
            "pg_dump:pg_dump: dumping contents of table \"public.a\"",
            " dumping contents of table \"public.b\"",
            "pg_dump: warning: there are circular foreign-key constraints on this table:",
            "pg_dump: hint: You might not be able to restore the dump without using --disable-triggers.",
        ]);

        Assert.Equal(end.Complaints.Skip(2), end.Warnings);
    }
}
