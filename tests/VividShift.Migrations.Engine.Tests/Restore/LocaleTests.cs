using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restore;

/// <summary>Databases whose locale is not that of the server: each provider that the server has, which it must keep through backup and restore.</summary>
public sealed class LocaleTests
{
    // All that pg_database says of encoding and locale, however the version calls it.
    const string Row =
        """
        SELECT (SELECT jsonb_object_agg(f.key, f.value) FROM jsonb_each(to_jsonb(d)) f
                WHERE f.key IN ('encoding', 'datlocprovider', 'datcollate', 'datctype', 'daticulocale', 'datlocale', 'daticurules'))::text
        FROM pg_database d WHERE datname = current_database()
        """;

    public static IEnumerable<object[]> Majors => PostgresServer.MajorRows;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_database_keeps_its_locale_under_the_same_and_under_a_new_name(int major)
    {
        await using var fixture = await MajorFixture.CreateAsync(major, "SELECT 1");
        var locales = await LocalesAsync(fixture);
        TestContext.Current.TestOutputHelper!.WriteLine($"PostgreSQL {fixture.Server.Major}: {string.Join("; ", locales)}");
        foreach (var (number, locale) in locales.Index())
        {
            var name = FormattableString.Invariant($"{fixture.Database.Name}_{number}");
            await fixture.Database.ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' {locale}", MajorFixture.Token);
            await fixture.QueryAsync("CREATE TABLE words AS SELECT unnest(ARRAY['a', 'B', 'ä', 'Z', 'z']) AS word", name);
            var (row, order) = (await fixture.QueryAsync(Row, name), await fixture.QueryAsync(Order, name));
            var backup = await fixture.BackUpAsync(request => request with { Verify = true }, name);
            Assert.True(backup.Verified, backup.Verification?.Result);
            await fixture.QueryAsync("DELETE FROM words", name);

            await fixture.RestoreAsync(fixture.Of(backup.Folder, target: name + "_new"));
            await fixture.RestoreAsync(fixture.Of(backup.Folder, target: name, drop: true));

            foreach (var restored in new[] { name, name + "_new" })
            {
                Assert.Equal(row, await fixture.QueryAsync(Row, restored));
                Assert.Equal(order, await fixture.QueryAsync(Order, restored));
            }
        }
    }

    const string Order = "SELECT string_agg(word, ' ' ORDER BY word) FROM words";

    static async Task<IReadOnlyList<string>> LocalesAsync(MajorFixture fixture)
    {
        List<string> locales = ["LC_COLLATE 'C' LC_CTYPE 'C'", "LC_COLLATE 'POSIX' LC_CTYPE 'C'"];
        if (fixture.Server.Major >= 15 && (bool)(await fixture.QueryAsync("SELECT EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i')"))!)
        {
            locales.Add("LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'de-u-kf-upper'");
        }

        if (fixture.Server.Major >= 16 && locales.Count == 3)
        {
            locales.Add("LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'de' ICU_RULES '&z < a'");
        }

        if (fixture.Server.Major >= 17)
        {
            locales.Add("LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'");
        }

        return locales;
    }
}
