using System.Text;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Core.Tests.Sql;

public class TransactionRuleTests
{
    static TransactionRule RuleOf(string text) => Assert.Single(SqlScript.Parse(text).Statements).Transaction;

    [Theory]
    [InlineData("create index concurrently i on t (a)")]
    [InlineData("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)")]
    [InlineData("drop index concurrently i")]
    [InlineData("reindex table concurrently t")]
    [InlineData("reindex (concurrently) index i")]
    [InlineData("reindex (concurrently on, verbose) table t")]
    [InlineData("reindex schema s")]
    [InlineData("reindex database d")]
    [InlineData("reindex (verbose) system d")]
    [InlineData("reindex schema concurrently s")]
    [InlineData("vacuum")]
    [InlineData("vacuum (analyze) t")]
    [InlineData("vacuum full t")]
    [InlineData("cluster")]
    [InlineData("cluster verbose")]
    [InlineData("cluster (verbose)")]
    [InlineData("alter table only s.t detach partition p concurrently")]
    [InlineData("ALTER TABLE t DETACH PARTITION s.\"p\" CONCURRENTLY")]
    [InlineData("create database d")]
    [InlineData("drop database if exists d with (force)")]
    [InlineData("alter database d set tablespace s")]
    [InlineData("create tablespace s location '/a'")]
    [InlineData("drop tablespace s")]
    [InlineData("alter system reset all")]
    [InlineData("create subscription s connection 'a' publication p")]
    [InlineData("create subscription s connection 'a' publication p with (copy_data = false)")]
    [InlineData("drop subscription s")]
    [InlineData("alter subscription s refresh publication")]
    [InlineData("alter subscription s set publication p")]
    [InlineData("alter subscription s add publication p with (refresh = true)")]
    [InlineData("alter subscription s set (failover = true)")]
    [InlineData("alter subscription s set (two_phase = true)")]
    [InlineData("commit prepared 'a'")]
    [InlineData("rollback prepared 'a'")]
    [InlineData("discard all")]
    [InlineData("do $$ begin loop update t set a = 1; exit when not found; commit; end loop; end $$")]
    [InlineData("do language plpgsql $$ begin if true then rollback; end if; end $$")]
    [InlineData("do $$ begin <<l>> commit; end $$ language 'plpgsql'")]
    [InlineData("do $$ begin /* a */ COMMIT -- b\n AND CHAIN; end $$")]
    [InlineData("do 'begin perform ''a''; commit; end'")]
    [InlineData("do E'begin\\n commit; end'")]
    public void Refused_inside_a_transaction(string text)
    {
        Assert.Equal(TransactionRule.Outside, RuleOf(text));
        // The quick look that saves splitting must not miss one, wherever it stands.
        foreach (var script in new[] { text, "\uFEFF" + text, "/*é*/" + text.ToUpperInvariant() + ";select 1", "select 'é';" + text })
        {
            Assert.True(TransactionRules.MayRunOutside(Encoding.UTF8.GetBytes(script)), script);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("CREATE TABLE todo (id bigint PRIMARY KEY, done boolean, undo text, do_it text);\nCREATE INDEX i ON todo (done);")]
    [InlineData("INSERT INTO t VALUES ('né', 'don''t');")]
    public void Most_texts_are_seen_at_a_glance_to_hold_nothing_that_is_refused_inside_a_transaction(string text) =>
        Assert.False(TransactionRules.MayRunOutside(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("create index i on t (a)")]
    [InlineData("create index \"concurrently\" on t (a)")]
    [InlineData("drop index i")]
    [InlineData("reindex table t")]
    [InlineData("reindex (concurrently false) table t")]
    [InlineData("reindex (concurrently = off) index i")]
    [InlineData("analyze t")]
    [InlineData("cluster t using i")]
    [InlineData("cluster (verbose) t")]
    [InlineData("alter table t detach partition p")]
    [InlineData("alter table t detach partition p finalize")]
    [InlineData("alter table t add concurrently int")]
    [InlineData("alter database d set work_mem = 1")]
    [InlineData("alter database d rename to e")]
    [InlineData("create subscription s connection 'a' publication p with (connect = false)")]
    [InlineData("create subscription s connection 'a' publication p with (enabled, create_slot = 'off')")]
    [InlineData("alter subscription s set publication p with (refresh = false)")]
    [InlineData("alter subscription s disable")]
    [InlineData("alter subscription s set (slot_name = none)")]
    [InlineData("refresh materialized view concurrently v")]
    [InlineData("alter type e add value 'a'")]
    [InlineData("discard plans")]
    [InlineData("set transaction isolation level serializable")]
    [InlineData("set local lock_timeout = 1")]
    [InlineData("declare c cursor with hold for select 1")]
    [InlineData("call p()")]
    [InlineData("do $$ begin perform 1; end $$")]
    [InlineData("do $$ begin perform 'commit;'; /* commit; */ -- commit;\n insert into commit values (1); end $$")]
    [InlineData("do $$ begin execute $q$ begin; commit; $q$; end $$")]
    [InlineData("do language plpython3u $$ commit; $$")]
    [InlineData("create procedure p() language plpgsql as $$ begin commit; end $$")]
    [InlineData("comment on table t is 'vacuum'")]
    [InlineData("selekt")]
    public void Runs_inside_and_outside(string text) => Assert.Equal(TransactionRule.Any, RuleOf(text));

    [Theory]
    [InlineData("savepoint a", TransactionRule.Inside)]
    [InlineData("release savepoint a", TransactionRule.Inside)]
    [InlineData("rollback to savepoint a", TransactionRule.Inside)]
    [InlineData("lock table t in share mode", TransactionRule.Inside)]
    [InlineData("declare c no scroll cursor for select 1", TransactionRule.Inside)]
    [InlineData("declare c cursor without hold for select 1", TransactionRule.Inside)]
    [InlineData("begin", TransactionRule.Begins)]
    [InlineData("BEGIN ISOLATION LEVEL SERIALIZABLE", TransactionRule.Begins)]
    [InlineData("start transaction", TransactionRule.Begins)]
    [InlineData("commit", TransactionRule.Commits)]
    [InlineData("end transaction", TransactionRule.Commits)]
    [InlineData("commit work and no chain", TransactionRule.Commits)]
    [InlineData("commit and chain", TransactionRule.Controls)]
    [InlineData("end work and chain", TransactionRule.Controls)]
    [InlineData("rollback", TransactionRule.Controls)]
    [InlineData("abort work", TransactionRule.Controls)]
    [InlineData("prepare transaction 'a'", TransactionRule.Controls)]
    [InlineData("prepare a as select 1", TransactionRule.Any)]
    public void Transaction_control_is_told_apart(string text, TransactionRule rule) => Assert.Equal(rule, RuleOf(text));

    [Fact]
    public void A_transaction_around_everything_is_the_outer_one()
    {
        var script = SqlScript.Parse("-- all\nbegin isolation level serializable;\nselect 1;\nsavepoint a;\ncommit;\n-- end\n");
        Assert.True(script.OuterTransaction);
        Assert.Equal("begin isolation level serializable", script.OpensWith);
        Assert.Equal(["select 1", "savepoint a"], script.Body.Select(script.TextOf));
        Assert.Null(script.TransactionControl);
    }

    [Theory]
    [InlineData("select 1; begin; commit;", "begin")]
    [InlineData("begin; select 1;", "begin")]
    [InlineData("begin; select 1; commit; select 2;", "begin")]
    [InlineData("begin; commit; begin; commit;", "begin")]
    [InlineData("begin; rollback; commit;", "begin")]
    [InlineData("begin; select 1; rollback;", "begin")]
    [InlineData("begin; select 1; commit and chain;", "begin")]
    [InlineData("select 1; commit;", "commit")]
    [InlineData("select 1; rollback; commit", "rollback")]
    [InlineData("begin", "begin")]
    [InlineData("commit", "commit")]
    public void Any_other_transaction_control_is_pointed_out(string text, string control)
    {
        var script = SqlScript.Parse(text);
        Assert.False(script.OuterTransaction);
        Assert.Null(script.OpensWith);
        Assert.Same(script.Statements, script.Body);
        Assert.Equal(control, script.TextOf(script.TransactionControl!));
    }

    [Fact]
    public void Most_scripts_control_no_transaction()
    {
        var script = SqlScript.Parse("select 1; lock t; select 2");
        Assert.Null(script.TransactionControl);
        Assert.Equal(3, script.Body.Count);
    }
}
