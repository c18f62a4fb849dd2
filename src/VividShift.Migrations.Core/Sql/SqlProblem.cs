namespace VividShift.Migrations.Sql;

/// <summary>Why a text cannot be run as it is.</summary>
/// <param name="Rule">Stable name: <c>MetaCommand</c>, <c>UnterminatedString</c>, <c>UnterminatedComment</c>, ...</param>
/// <param name="Offset">Where, in UTF-16 units of the text.</param>
/// <param name="Message">What is the matter.</param>
/// <param name="Advice">What to do about it.</param>
public sealed record SqlProblem(string Rule, int Offset, string Message, string Advice);
