using System.Globalization;
using System.Text;
using Npgsql;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Running;

/// <summary>From the server's position within a statement to line and column of the file, and the line with a caret under it.</summary>
static class StatementLocation
{
    const int WidestExcerpt = 120;

    /// <summary>Where the error is; the statement's start when the server gave no position.</summary>
    public static SourceLocation Of(PlanStep step, SqlStatement statement, PostgresException cause)
    {
        var offset = cause.Position > 0 ? step.Script.OffsetOf(statement, cause.Position) : statement.Offset;
        var (line, column) = step.Script.Locate(offset);
        return new(step.Path, line, column, step.Script.LineText(line));
    }

    /// <summary>The line and a caret, cut to a window around the place when the line is long.</summary>
    public static void AppendExcerpt(StringBuilder text, SourceLocation? location)
    {
        if (location?.LineText is not { } line)
        {
            return;
        }

        var runes = line.TrimEnd('\r').EnumerateRunes().ToArray();
        var start = Math.Clamp(location.Column - 1 - (WidestExcerpt / 2), 0, Math.Max(0, runes.Length - WidestExcerpt));
        var window = runes.Skip(start).Take(WidestExcerpt).ToArray();
        var label = location.Line.ToString(CultureInfo.InvariantCulture);
        text.Append("\n\n  ").Append(label).Append(" | ").Append(string.Concat(window.Select(r => r.Value == '\t' ? " " : r.ToString())));
        text.Append("\n  ").Append(' ', label.Length).Append(" | ").Append(' ', Math.Max(0, location.Column - 1 - start)).Append("^\n");
    }
}
