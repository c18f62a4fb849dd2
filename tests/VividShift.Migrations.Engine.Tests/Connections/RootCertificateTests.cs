using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Tests.Configuration;

namespace VividShift.Migrations.Engine.Tests.Connections;

/// <summary>Whose certificates are taken, by TLS mode; as libpq has it.</summary>
public sealed class RootCertificateTests
{
    // The server's certificate is of the authority "right", for another host than the one that is asked.
    [Theory]
    [InlineData("sslmode=require", MigrationErrorCode.DatabaseMissing)]
    [InlineData("sslmode=require&sslrootcert={right}", MigrationErrorCode.DatabaseMissing)]
    [InlineData("sslmode=require&sslrootcert={wrong}", MigrationErrorCode.ConnectionFailed)]
    [InlineData("sslmode=prefer&sslrootcert={wrong}", MigrationErrorCode.DatabaseMissing)]
    [InlineData("sslmode=verify-ca&sslrootcert={right}", MigrationErrorCode.DatabaseMissing)]
    [InlineData("sslmode=verify-ca&sslrootcert={wrong}", MigrationErrorCode.ConnectionFailed)]
    [InlineData("sslmode=verify-full&sslrootcert={right}", MigrationErrorCode.ConnectionFailed)]
    public async Task A_root_certificate_makes_require_check_the_servers(string query, MigrationErrorCode expected)
    {
        using var project = new Project();
        using var right = Authority("right");
        using var wrong = Authority("wrong");
        await using var server = new RefusingServer(("3D000", "no such database")) { Certificate = ServerCertificate(right) };
        query = query
            .Replace("{right}", Uri.EscapeDataString(project.Add("right.pem", right.ExportCertificatePem())), StringComparison.Ordinal)
            .Replace("{wrong}", Uri.EscapeDataString(project.Add("wrong.pem", wrong.ExportCertificatePem())), StringComparison.Ordinal);

        var resolved = await project.ResolveAsync(project.Request($"{server.Url}?{query}"));
        var refusal = await Assert.ThrowsAsync<MigrationException>(
            () => Session.OpenAsync(resolved, SessionPurpose.ReadOnly, project.Observer, TestContext.Current.CancellationToken));

        Assert.Equal(expected, refusal.Code);
    }

    [Fact]
    public void What_is_checked_is_what_is_shown()
    {
        using var project = new Project();
        project.Add("vividshift.json", """{ "server": "h", "sslMode": "require", "sslRootCertificate": "ca.pem" }""");

        Assert.Equal(("verify-ca", "vividshift.json:1"), (project.Describe("sslMode").Value, project.Describe("sslMode").Source));
    }

    [Fact]
    public void The_word_of_libpq_for_the_systems_certificates_is_refused_as_a_file()
    {
        var refusal = Assert.Throws<MigrationException>(() => ConnectionText.Parse("host=h sslrootcert=system", "X"));

        Assert.Contains("verify-full asks the system's certificates", refusal.Message, StringComparison.Ordinal);
    }

    static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    static X509Certificate2 ServerCertificate(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=db.example", key, HashAlgorithmName.SHA256);
        using var signed = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        using var whole = signed.CopyWithPrivateKey(key);
        // Windows takes no key for TLS that lives in memory alone.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
