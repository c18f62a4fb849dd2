namespace VividShift.Migrations;

/// <summary>What PostgreSQL said of a failure (manual: "Error and Notice Message Fields").</summary>
/// <param name="SqlState">The five-character SQLSTATE, such as <c>42P07</c>.</param>
/// <param name="Message">The primary message.</param>
/// <param name="Detail">DETAIL, if any.</param>
/// <param name="Hint">HINT, if any.</param>
/// <param name="Where">CONTEXT: the call stack of functions, or the line of a COPY.</param>
/// <param name="Statement">The statement that failed, as it was sent; null when it is not known.</param>
/// <param name="Position">Place of the error within <paramref name="Statement"/> in code points from 1; 0 when not given.</param>
public sealed record SqlErrorDetails(
    string SqlState,
    string Message,
    string? Detail = null,
    string? Hint = null,
    string? Where = null,
    string? Statement = null,
    int Position = 0);
