using System.Text;
using FsCheck;
using FsCheck.Fluent;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Core.Tests.Sql;

public class SplitterProperties
{
    static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(300);

    static readonly Arbitrary<string> AnyText = Gen.OneOf(FragmentGenerator.Scripts, FragmentGenerator.Soups).ToArbitrary();

    [Fact]
    public void Pieces_and_gaps_rebuild_the_file() => Check(AnyText, text =>
    {
        var script = SqlScript.Parse(text);
        var at = 0;
        var rebuilt = new StringBuilder();
        foreach (var statement in script.Statements)
        {
            Assert.True(statement.Offset >= at && statement.Length > 0);
            rebuilt.Append(text, at, statement.Offset - at).Append(script.TextOf(statement));
            at = statement.Offset + statement.Length;
        }

        Assert.Equal(text, rebuilt.Append(text, at, text.Length - at).ToString());
    });

    [Fact]
    public void Gaps_hold_no_statement() => Check(FragmentGenerator.Scripts.ToArbitrary(), text =>
    {
        var script = SqlScript.Parse(text);
        var at = 0;
        foreach (var statement in script.Statements)
        {
            Assert.Empty(SqlScript.Parse(text[at..statement.Offset]).Statements);
            at = statement.DataOffset + statement.DataLength ?? statement.Offset + statement.Length;
            at = statement.DataOffset is null ? at : text.IndexOf('\n', at) + 1;
        }

        Assert.Empty(SqlScript.Parse(text[at..]).Statements);
    });

    [Fact]
    public void Splitting_a_piece_again_yields_that_piece() => Check(FragmentGenerator.Scripts.ToArbitrary(), text =>
    {
        var script = SqlScript.Parse(text);
        foreach (var statement in script.Statements)
        {
            var piece = script.TextOf(statement);
            var again = Assert.Single(SqlScript.Parse(piece).Statements);
            Assert.Equal((0, piece.Length), (again.Offset, again.Length));
            Assert.Equal((statement.Command, statement.Transaction), (again.Command, again.Transaction));
            Assert.Equal(statement.Relations, again.Relations);
        }
    });

    [Fact]
    public void A_statement_that_runs_outside_a_transaction_is_seen_at_a_glance() => Check(AnyText, text =>
        Assert.True(
            TransactionRules.MayRunOutside(Encoding.UTF8.GetBytes(text))
            || SqlScript.Parse(text).Statements.All(statement => statement.Transaction != TransactionRule.Outside)));

    [Fact]
    public void Bytes_and_characters_tell_the_same_place() => Check(AnyText, text =>
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var script = SqlScript.Parse(text);
        foreach (var statement in script.Statements)
        {
            var piece = bytes.AsSpan((int)statement.ByteOffset, (int)statement.ByteLength);
            Assert.Equal(script.TextOf(statement), Encoding.UTF8.GetString(piece));
        }
    });

    [Fact]
    public void Lines_and_columns_lead_back_to_the_offset() => Check(AnyText, text =>
    {
        var script = SqlScript.Parse(text);
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r');
        for (var offset = 0; offset <= text.Length; offset++)
        {
            var (line, column) = script.Locate(offset);
            Assert.Equal(lines[line - 1], script.LineText(line));
            Assert.InRange(column, 1, lines[line - 1].EnumerateRunes().Count() + 2);
        }
    });

    [Fact]
    public void Any_characters_at_all_can_be_parsed() => Check(
        ArbMap.Default.ArbFor<char[]>(), characters =>
        {
            var script = SqlScript.Parse(new(characters));
            Assert.All(script.Problems, problem => Assert.InRange(problem.Offset, 0, characters.Length));
        });

    [Fact]
    public void A_text_cut_anywhere_can_be_parsed() => Check(AnyText, text =>
    {
        // Every seventh place: with the many texts tried, all kinds of places come up.
        for (var length = text.Length % 7; length < text.Length; length += 7)
        {
            var script = SqlScript.Parse(text[..length]);
            Assert.All(script.Statements, statement => Assert.InRange(statement.Offset + statement.Length, 1, length));
        }
    });

    static void Check<T>(Arbitrary<T> values, Action<T> body) => Prop.ForAll(values, body).Check(Many);
}
