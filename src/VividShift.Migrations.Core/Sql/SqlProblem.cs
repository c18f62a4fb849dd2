namespace VividShift.Migrations.Sql;

/// <summary>Why a text cannot be run as it is.</summary>
/// <param name="Rule">
/// Stable name: <c>MetaCommand</c>, <c>UnterminatedString</c>, <c>UnterminatedIdentifier</c>, <c>UnterminatedDollarQuote</c>,
/// <c>UnterminatedComment</c>, <c>UnterminatedParenthesis</c>, <c>UnterminatedBody</c>, <c>CopyData</c> or <c>NulCharacter</c>.
/// </param>
/// <param name="Offset">Where, in UTF-16 units of the text; of what never ends, its beginning.</param>
/// <param name="Message">What is the matter.</param>
/// <param name="RecommendedAction">What to do about it.</param>
public sealed record SqlProblem(string Rule, int Offset, string Message, string RecommendedAction)
{
    internal static SqlProblem Unterminated(OpenConstruct construct, int offset, string opening) => construct switch
    {
        OpenConstruct.String => new(
            "UnterminatedString",
            offset,
            "The string that begins here never ends.",
            "Close it with a single quote. A quote inside is written twice; a backslash escapes one only in E'...'."),
        OpenConstruct.Identifier => new(
            "UnterminatedIdentifier", offset, "The quoted name that begins here never ends.", "Close it with a double quote."),
        OpenConstruct.DollarString => new(
            "UnterminatedDollarQuote",
            offset,
            $"The dollar-quoted string that begins here with {opening} never ends.",
            $"Close it with {opening}; the tags are compared letter by letter, case included."),
        _ => new(
            "UnterminatedComment",
            offset,
            "The comment that begins here with /* never ends.",
            "Close it with */. Comments nest in PostgreSQL: each /* inside needs a */ of its own."),
    };

    internal static SqlProblem Parenthesis(int offset) => new(
        "UnterminatedParenthesis",
        offset,
        "The parenthesis that opens here is never closed, so no semicolon after it ends the statement.",
        "Close it, or remove it.");

    internal static SqlProblem Body(int offset) => new(
        "UnterminatedBody",
        offset,
        "The BEGIN ... END body that begins here never ends, so no semicolon after it ends the statement.",
        "Close it with END. A CASE inside needs an END of its own; a function named begin is written in double quotes.");

    internal static SqlProblem Copy(int offset) => new(
        "CopyData",
        offset,
        "A statement that begins on the line of a COPY ... FROM STDIN does not end there, but the next line is data of the COPY.",
        "Let the COPY ... FROM STDIN be the last statement of its line.");

    internal static SqlProblem Nul(int offset) => new(
        "NulCharacter",
        offset,
        "The text holds a NUL character (U+0000), which PostgreSQL can neither read nor store.",
        "Remove it. A file full of them is UTF-16: save it as UTF-8 without a byte order mark.");

    internal static SqlProblem Meta(int offset, string command) => command switch
    {
        "\\." => new(
            "MetaCommand",
            offset,
            "\\. ends the data of a COPY ... FROM STDIN, but no such statement was ended by a semicolon before it.",
            "End the COPY statement with a semicolon and let its data begin on the next line, or remove the \\. line."),
        "\\;" or "\\:" => new(
            "MetaCommand",
            offset,
            $"{command} is psql's own notation, not SQL: PostgreSQL does not know it.",
            $"Write {command[1..]} without the backslash."),
        _ => new(
            "MetaCommand",
            offset,
            $"{command} is a command of psql, not SQL: PostgreSQL does not know it.",
            "Remove it or write it in SQL. What \\copy, \\i or \\gexec do needs COPY ... FROM STDIN with its data, the text of the "
            + "other file, or a DO block with EXECUTE. A file that needs psql cannot be a migration."),
    };
}
