using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Restore.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Tests.Restore;

public sealed class RefusalTests
{
    [Fact]
    public async Task A_script_that_would_leave_the_database_is_refused_with_its_line()
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync("shop.sql", "--create", "--clean");

        var error = await shop.RefusesAsync(MigrationErrorCode.BackupInvalid, Shop.Of(dump));

        Assert.Contains(@"\connect", error.Message, StringComparison.Ordinal);
        Assert.Contains("--create", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_was_cut_short_is_refused()
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync("shop.sql");
        await File.WriteAllBytesAsync(dump, (await File.ReadAllBytesAsync(dump, Shop.Token))[..^200], Shop.Token);

        var error = await shop.RefusesAsync(MigrationErrorCode.BackupInvalid, Shop.Of(dump));

        Assert.Contains("cut short", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_compressed_script_that_is_damaged_is_refused(bool truncated)
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await Shop.CompressedAsync(await shop.DumpAsync("shop.sql"));
        var bytes = await File.ReadAllBytesAsync(dump, Shop.Token);
        if (!truncated)
        {
            bytes[bytes.Length / 2] ^= 0x40;
        }

        await File.WriteAllBytesAsync(dump, truncated ? bytes[..(bytes.Length / 2)] : bytes, Shop.Token);

        await shop.RefusesAsync(MigrationErrorCode.BackupInvalid, Shop.Of(dump));
    }

    [Theory]
    [InlineData("shop.dump", "--format=custom")]
    [InlineData("shop.sql", "--format=plain")]
    public async Task A_dump_of_a_newer_server_is_refused(string name, string options)
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync(name, options);
        var bytes = await File.ReadAllBytesAsync(dump, Shop.Token);
        var here = System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant($"{shop.Database.Server.Major}."));
        var mark = name.EndsWith(".sql", StringComparison.Ordinal) ? "database version "u8.ToArray() : [];
        // The first version in an archive's head is the server's, the second pg_dump's.
        var at = bytes.AsSpan().IndexOf((byte[])[.. mark, .. here]) + mark.Length;
        bytes[at] = bytes[at + 1] = (byte)'9';
        await File.WriteAllBytesAsync(dump, bytes, Shop.Token);

        var error = await shop.RefusesAsync(MigrationErrorCode.VersionUnsupported, Shop.Of(dump));

        Assert.Contains("PostgreSQL 99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_that_cannot_be_read_is_refused()
    {
        await using var shop = await Shop.CreateAsync();
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");
        await File.WriteAllBytesAsync(dump, (await File.ReadAllBytesAsync(dump, Shop.Token))[..300], Shop.Token);

        await shop.RefusesAsync(MigrationErrorCode.BackupInvalid, Shop.Of(dump));
        await shop.RefusesAsync(MigrationErrorCode.PathNotFound, Shop.Of(shop.Folder.PathOf("nothing.dump")));
    }

    [Fact]
    public async Task Roles_that_are_missing_are_named_and_can_be_left_out()
    {
        await using var shop = await Shop.CreateAsync();
        var (owner, reader) = ("Owner of " + shop.Database.Name[^8..], "reader_" + shop.Database.Name[^8..]);
        await shop.Database.ExecuteAsync(
            $"""
            CREATE ROLE "{owner}"; CREATE ROLE {reader};
            ALTER TABLE orders OWNER TO "{owner}"; GRANT SELECT ON customers TO {reader};
            COMMENT ON TABLE orders IS 'GRANT ALL ON x TO nobody_at_all;';
            """, Shop.Token);
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");
        await shop.Database.ExecuteAsync(
            $"ALTER TABLE orders OWNER TO {shop.Database.UserName}; DROP OWNED BY {reader}; DROP ROLE {reader}, \"{owner}\"", Shop.Token);

        var error = await shop.RefusesAsync(MigrationErrorCode.PermissionDenied, Shop.Of(dump));
        Assert.Contains($"{owner}, {reader}.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody_at_all", error.Message, StringComparison.Ordinal);

        await shop.RestoreAsync(Shop.Of(dump, noOwner: true, noPrivileges: true));
        Assert.Equal(300, await shop.RowsAsync("orders"));
    }

    [Fact]
    public async Task A_role_without_the_rights_is_told_and_the_owner_needs_no_more_than_CREATEDB()
    {
        await using var shop = await Shop.CreateAsync();
        await using var role = await shop.Database.CreateRoleAsync();
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");
        shop.ConnectionString = role.ConnectionString;

        Assert.Contains("CREATEDB", (await shop.RefusesAsync(MigrationErrorCode.PermissionDenied, Shop.Of(dump, noOwner: true))).RecommendedAction, StringComparison.Ordinal);
        await shop.Database.ExecuteAsync($"ALTER ROLE {role.Name} CREATEDB", Shop.Token);
        Assert.Contains("rename", (await shop.RefusesAsync(MigrationErrorCode.PermissionDenied, Shop.Of(dump, noOwner: true))).Message, StringComparison.Ordinal);
        await shop.Database.ExecuteAsync($"ALTER DATABASE {shop.Database.Name} OWNER TO {role.Name}", Shop.Token);

        var result = await Record.ExceptionAsync(() => shop.RestoreAsync(Shop.Of(dump, drop: true, noOwner: true)));
        // Before anything is asserted: the role cannot be dropped while it owns a database.
        await shop.Database.ExecuteAsync($"ALTER DATABASE {shop.Database.Name} OWNER TO {shop.Database.UserName}", Shop.Token);

        Assert.Null(result);
        Assert.Equal(300, await shop.RowsAsync("orders"));
        Assert.Equal([shop.Database.Name], await shop.DatabasesAsync());
    }

    [Fact]
    public async Task A_restore_is_refused_for_every_reason_there_is_at_once_and_changes_nothing()
    {
        await using var shop = await Shop.CreateAsync();
        await using var role = await shop.Database.CreateRoleAsync();
        var owner = "owner_" + shop.Database.Name[^8..];
        await shop.Database.ExecuteAsync($"CREATE ROLE {owner}; ALTER TABLE orders OWNER TO {owner}", Shop.Token);
        var dump = await shop.DumpAsync("shop.dump", "--format=custom");
        await shop.Database.ExecuteAsync($"ALTER TABLE orders OWNER TO {shop.Database.UserName}; DROP ROLE {owner}", Shop.Token);
        shop.ConnectionString = role.ConnectionString;
        var request = Shop.Of(dump, tables: ["no_such_table"], verify: true);

        var plan = await shop.PlanAsync(request);
        var error = await shop.RefusesAsync(MigrationErrorCode.TargetInvalid, request);

        // Rows of some tables over a whole database, no manifest to verify by, two rights that are missing, a table that is not in it, a role that is gone.
        Assert.Equal(
            ["TargetInvalid", "TargetInvalid", "PermissionDenied", "PermissionDenied", "TargetInvalid", "PermissionDenied"],
            plan.Refusals.Select(finding => finding.Rule));
        Assert.Equal(plan.Refusals, error.Findings);
        Assert.Contains("(5 more: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(owner, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_is_too_small_is_known_on_the_servers_own_machine()
    {
        await using var shop = await Shop.CreateAsync();
        var database = await shop.Open().Opened.ResolveAsync(shop.Observer, Shop.Token);
        await using var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, shop.Observer, Shop.Token);

        var finding = await DiskSpaceCheck.CheckAsync(session, database.Target, string.Empty, long.MaxValue, shop.Observer, Shop.Token);
        Assert.Null(await DiskSpaceCheck.CheckAsync(session, database.Target, string.Empty, 1, shop.Observer, Shop.Token));
        Assert.Null(await DiskSpaceCheck.CheckAsync(session, database.Target, "/no/such/place", long.MaxValue, shop.Observer, Shop.Token));

        Assert.Equal(MigrationErrorCode.DiskTooSmall, finding?.RefusedAs);
        Assert.Contains("cannot be known", shop.Observer.Told<VerboseMessage>()[^1].Message, StringComparison.Ordinal);
    }
}
