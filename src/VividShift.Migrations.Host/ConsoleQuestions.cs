using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace VividShift.Migrations.Host;

/// <summary>Questions on standard error, answers from standard input. Where nobody answers, the question becomes an error.</summary>
static class ConsoleQuestions
{
    public static string ReadLine() => Console.In.ReadLine() ?? throw new HostException(
        "Input has ended and a question is open. Where nobody can answer, give all mandatory parameters and -Confirm:$false.",
        innerException: null, "NobodyAnswers", ErrorCategory.ResourceUnavailable);

    public static SecureString ReadSecret()
    {
        var secret = new SecureString();
        if (!Terminal.Reads)
        {
            foreach (var character in ReadLine())
            {
                secret.AppendChar(character);
            }

            return secret;
        }

        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace && secret.Length > 0)
            {
                secret.RemoveAt(secret.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                secret.AppendChar(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return secret;
    }

    public static int AskForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Introduce(caption, message);
        var keys = choices.Select(choice => (Key: KeyOf(choice.Label), Name: NameOf(choice.Label), choice.HelpMessage)).ToList();
        while (true)
        {
            var offers = string.Join("  ", keys.Select(choice => $"[{choice.Key}] {choice.Name}").Append("[?] Help"));
            Console.Error.Write(defaultChoice >= 0 ? $"{offers} (default is \"{keys[defaultChoice].Key}\"): " : $"{offers}: ");
            var answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            var chosen = keys.FindIndex(choice => Same(choice.Key, answer) || Same(choice.Name, answer));
            if (chosen >= 0)
            {
                return chosen;
            }

            foreach (var choice in keys.Where(_ => answer == "?"))
            {
                Console.Error.WriteLine($"{choice.Key} - {choice.HelpMessage}");
            }
        }
    }

    public static Dictionary<string, PSObject> AskForFields(string caption, string message, Collection<FieldDescription> fields)
    {
        Introduce(caption, message);
        return fields.ToDictionary(field => field.Name, field => PSObject.AsPSObject(AskForField(field)));
    }

    public static PSCredential AskForCredential(string caption, string message, string? userName)
    {
        Introduce(caption, message);
        var name = string.IsNullOrEmpty(userName) ? Ask("User: ") : userName;
        Console.Error.Write($"Password for user {name}: ");
        return new PSCredential(name, ReadSecret());
    }

    static object AskForField(FieldDescription field)
    {
        // The assembly's full name is in fact that of the type with its assembly.
        var type = Type.GetType(field.ParameterAssemblyFullName) ?? LanguagePrimitives.ConvertTo<Type>(field.ParameterTypeFullName);
        if (type == typeof(PSCredential))
        {
            return AskForCredential(string.Empty, field.Name, userName: null);
        }

        if (type != typeof(SecureString))
        {
            return LanguagePrimitives.ConvertTo(Ask($"{field.Name}: "), type, CultureInfo.CurrentCulture);
        }

        Console.Error.Write($"{field.Name}: ");
        return ReadSecret();
    }

    static string Ask(string question)
    {
        Console.Error.Write(question);
        return ReadLine();
    }

    static void Introduce(params string[] lines)
    {
        foreach (var line in lines.Where(line => !string.IsNullOrEmpty(line)))
        {
            Console.Error.WriteLine(line);
        }
    }

    static string NameOf(string label) => label.Replace("&", string.Empty, StringComparison.Ordinal);

    static string KeyOf(string label) => label.IndexOf('&', StringComparison.Ordinal) is var mark and >= 0 && mark < label.Length - 1
        ? label[(mark + 1)..(mark + 2)].ToUpperInvariant()
        : label;

    static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
