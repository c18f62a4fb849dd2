using VividShift.Migrations.Catalog;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Diagnostics;

/// <summary>What can be said of a file's statements without a server.</summary>
public static class FileChecks
{
    /// <summary>Findings for one file.</summary>
    public static IEnumerable<Finding> Of(MigrationFile file)
    {
        var script = SqlScript.Parse(file.Text);
        foreach (var refusal in TransactionalityAnalyzer.Refusals(file, script))
        {
            yield return new(refusal.Rule!, FindingSeverity.Error, refusal.Message)
            {
                Version = file.Version,
                Path = file.Path,
                Line = refusal.Location?.Line,
                Column = refusal.Location?.Column,
                RecommendedAction = refusal.RecommendedAction,
                RefusedAs = refusal.Code,
            };
        }

        if (script.Statements.Count == 0 && script.Problems.Count == 0)
        {
            yield return About(file, file.Kind == MigrationKind.Down ? "EmptyDownScript" : "EmptyMigration",
                file.Kind == MigrationKind.Down ? FindingSeverity.Warning : FindingSeverity.Information,
                $"'{file.FileName}' holds no statement.",
                file.Kind == MigrationKind.Down
                    ? "Write what takes the migration back, or say in a comment why there is nothing to take back."
                    : "Fill it in, or remove it.");
        }

        foreach (var finding in WhatSqlxCannotRun(file, script))
        {
            yield return finding;
        }
    }

    /// <summary>
    /// sqlx sends a file as one message: without its header it wraps it in a transaction, with the header PostgreSQL still makes one of
    /// several statements, and COPY data it cannot send at all.
    /// </summary>
    static IEnumerable<Finding> WhatSqlxCannotRun(MigrationFile file, SqlScript script)
    {
        var outside = script.Body.FirstOrDefault(s => s.Transaction == TransactionRule.Outside);
        if (outside is not null && !file.NoTransaction)
        {
            yield return At(file, script, outside, "SqlxNeedsHeader",
                $"{outside.Command} cannot run inside a transaction. It is run outside one here; sqlx fails on this file.",
                "Begin the file with '-- no-transaction' before it is applied anywhere; the line is part of the checksum.");
        }
        else if (outside is not null && script.Body.Count > 1)
        {
            yield return At(file, script, outside, "SqlxRunsOneStatement",
                $"{outside.Command} stands beside other statements. They run one by one here; sqlx sends them together, and PostgreSQL refuses that.",
                "Give it a file of its own.");
        }

        if (script.Body.FirstOrDefault(s => s.DataOffset is not null) is { } copy)
        {
            yield return At(file, script, copy, "SqlxCannotCopy",
                "COPY with data in the file works here; sqlx cannot send it.", "Use INSERT if sqlx is to run this file.");
        }
    }

    static Finding At(MigrationFile file, SqlScript script, SqlStatement statement, string rule, string message, string advice)
    {
        var (line, column) = script.Locate(statement.Offset);
        return About(file, rule, FindingSeverity.Warning, message, advice) with { Line = line, Column = column };
    }

    static Finding About(MigrationFile file, string rule, FindingSeverity severity, string message, string advice) =>
        new(rule, severity, message) { Version = file.Version, Path = file.Path, RecommendedAction = advice };
}
