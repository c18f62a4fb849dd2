using FsCheck.Fluent;

namespace VividShift.Migrations.Core.Tests.Sql.Psql;

public class PsqlOracleTests
{
    [Fact]
    public async Task Every_script_of_the_corpus_is_split_as_psql_splits_it()
    {
        var scripts = PsqlCorpus.Scripts;
        Assert.True(scripts.Count > 150);
        await AssertSameAsync(scripts);
    }

    [Fact]
    public Task Random_scripts_are_split_as_psql_splits_them() => AssertSameAsync([.. FragmentGenerator.Scripts.Sample(300)]);

    [Fact]
    public Task Random_tokens_are_split_as_psql_splits_them() => AssertSameAsync([.. FragmentGenerator.Soups.Sample(500)]);

    // psql reads line by line and so misses that E'' goes on in the next line, and that a setting changed on this one; it then sends
    // pieces that the server refuses. Here the server's own reading counts.
    [Theory]
    [InlineData("select E'a'\n'b\\';c';\nselect 2;")]
    [InlineData("set standard_conforming_strings = off; select 'a\\';b';\nselect 2;")]
    public async Task Where_psql_errs_the_server_counts(string text)
    {
        var sent = await PsqlOracle.SplitAsync([text]);
        Assert.NotNull(PsqlComparison.Difference(text, sent[0]));
    }

    static async Task AssertSameAsync(IReadOnlyList<string> scripts)
    {
        var sent = await PsqlOracle.SplitAsync(scripts);
        var differences = scripts.Zip(sent, PsqlComparison.Difference).OfType<string>().ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} of {scripts.Count}:\n{string.Join('\n', differences.Take(5))}");
    }
}
