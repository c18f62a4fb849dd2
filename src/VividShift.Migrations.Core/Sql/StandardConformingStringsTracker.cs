namespace VividShift.Migrations.Sql;

/// <summary>How a script itself changes <c>standard_conforming_strings</c>, on which the reading of its next literals depends.</summary>
static class StandardConformingStringsTracker
{
    const string Name = "standard_conforming_strings";

    /// <summary>The setting after a statement, given the one before.</summary>
    public static bool After(CommandName command, ref StatementPrefix head, bool before)
    {
        switch (command.Text)
        {
            case "DISCARD ALL":
                return true;
            case "RESET":
                return before || head.Word(1) == "ALL" || head.Is(1, Name);
            case "SET":
                var at = head.Word(1) is "SESSION" or "LOCAL" ? 2 : 1;
                if (!head.Is(at, Name) || !(head.Symbol(at + 1) == '=' || head.Word(at + 1) == "TO"))
                {
                    return before;
                }

                // DEFAULT is read as on, which is PostgreSQL's own default.
                return head.Word(at + 2) == "DEFAULT" || (Booleans.Read(head.Text(at + 2)) ?? before);
            default:
                return before;
        }
    }
}
