using System.Text;

namespace VividShift.Migrations.Engine.Configuration;

/// <summary>Reads configuration files.</summary>
static class ConfigurationText
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text without a byte order mark.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: not readable, or not UTF-8.</exception>
    internal static string Read(string path)
    {
        try
        {
            return Strict.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ConfigurationError.Create($"The configuration file {path} does not exist.", "Check its path.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ConfigurationError.Create(
                $"The configuration file {path} cannot be read: {exception.Message.TrimEnd('.')}.", "Check who may read it.", exception);
        }
        catch (DecoderFallbackException exception)
        {
            throw ConfigurationError.Create($"The configuration file {path} is not UTF-8.", "Save it as UTF-8.", exception);
        }
    }
}
