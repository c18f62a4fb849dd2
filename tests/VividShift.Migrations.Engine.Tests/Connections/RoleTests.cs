using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Tests.Configuration;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Connections;

/// <summary>The setting <c>role</c>: who signs in and who owns are two.</summary>
public sealed class RoleTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reset_returns_to_the_role_that_is_configured()
    {
        await using var database = await TestDatabase.CreateAsync(Token);
        await using var signsIn = await database.CreateRoleAsync();
        await using var owns = await database.CreateRoleAsync();
        await database.ExecuteAsync($"GRANT \"{owns.Name}\" TO \"{signsIn.Name}\"");
        await using var session = await OpenAsync(database, signsIn, owns.Name);

        await WhoAsync(session, signsIn.Name, owns.Name);
        foreach (var statement in new[] { $"SET ROLE \"{signsIn.Name}\"", "SET ROLE NONE", "RESET ALL", "SET SESSION AUTHORIZATION DEFAULT" })
        {
            await ExecuteAsync(session, statement);
            await session.ResetAsync(Token);
            await WhoAsync(session, signsIn.Name, owns.Name);
        }

        await ExecuteAsync(session, "RESET ROLE");
        await WhoAsync(session, signsIn.Name, owns.Name);
    }

    [Fact]
    public async Task What_is_made_belongs_to_the_role()
    {
        await using var fixture = await Workbench.CreateAsync();
        await using var owns = await fixture.Database.CreateRoleAsync();
        await fixture.Database.ExecuteAsync($"GRANT CREATE ON SCHEMA public TO \"{owns.Name}\"");
        fixture.Folder.Add("vividshift.json", $$"""{ "role": "{{owns.Name}}" }""");
        fixture.Folder.Add("0001_a.sql", "CREATE TABLE a (id int);");
        // Leaves another role behind: the bookkeeping and the next file must not notice.
        fixture.Folder.Add("0002_b.sql", "RESET ROLE; SET ROLE NONE; CREATE TABLE b (id int);");
        fixture.Folder.Add("0003_c.sql", "-- no-transaction\nCREATE TABLE c (id int);");

        await fixture.UpAsync();

        var owners = await fixture.Database.QueryAsync(
            "SELECT tablename::text || '=' || tableowner::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1", Token);
        Assert.Equal(
            [$"_sqlx_migrations={owns.Name}", $"a={owns.Name}", $"b={fixture.Database.UserName}", $"c={owns.Name}"],
            owners.Select(row => row[0]));
    }

    [Theory]
    [InlineData(false, "permission denied to set role")]
    [InlineData(true, "nobody \\of this name")]
    public async Task A_role_that_cannot_be_taken_is_told_with_what_to_grant(bool missing, string said)
    {
        await using var database = await TestDatabase.CreateAsync(Token);
        await using var signsIn = await database.CreateRoleAsync();
        await using var other = await database.CreateRoleAsync();
        var role = missing ? "nobody \\of this name" : other.Name;

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => OpenAsync(database, signsIn, role));

        Assert.Equal(MigrationErrorCode.PermissionDenied, refusal.Code);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"GRANT \"{role}\" TO \"{signsIn.Name}\"", refusal.Message, StringComparison.Ordinal);
    }

    static async Task<Session> OpenAsync(TestDatabase database, TestRole signsIn, string role)
    {
        using var project = new Project();
        project.Variables["DATABASE_URL"] = signsIn.Url;
        project.Variables["VIVIDSHIFT__ROLE"] = role;
        var resolved = await project.ResolveAsync(project.Request(database: database.Name));
        Assert.Equal((role, role), (resolved.Role, resolved.On("other").Role));
        return await Session.OpenAsync(resolved, SessionPurpose.Write, project.Observer, Token);
    }

    static async Task WhoAsync(Session session, string signedIn, string works)
    {
        await using var command = session.Connection.CreateCommand();
        command.CommandText = "SELECT session_user::text || ' as ' || current_user::text";
        Assert.Equal($"{signedIn} as {works}", await command.ExecuteScalarAsync(Token));
    }

    static async Task ExecuteAsync(Session session, string sql)
    {
        await using var command = session.Connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Token);
    }
}
