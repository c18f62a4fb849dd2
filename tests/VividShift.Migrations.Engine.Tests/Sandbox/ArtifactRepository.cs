using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace VividShift.Migrations.Engine.Tests.Sandbox;

/// <summary>Answers as the repository does from which server programs are downloaded: versions, an archive within an archive, its
/// SHA-256.</summary>
internal sealed class ArtifactRepository(byte[] programs, string version) : HttpMessageHandler
{
    readonly byte[] _jar = Jar(programs);

    public int Requests { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        var path = request.RequestUri!.AbsolutePath;
        byte[]? body = path switch
        {
            _ when path.EndsWith("/maven-metadata.xml", StringComparison.Ordinal) => Encoding.UTF8.GetBytes(
                $"<metadata><versioning><versions><version>9.6.24</version><version>{version}</version></versions></versioning></metadata>"),
            _ when path.EndsWith($"-{version}.jar", StringComparison.Ordinal) => _jar,
            _ when path.EndsWith($"-{version}.jar.sha256", StringComparison.Ordinal) =>
                Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(_jar))),
            _ => null,
        };
        return Task.FromResult(body is null
            ? new HttpResponseMessage(HttpStatusCode.NotFound)
            : new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) });
    }

    static byte[] Jar(byte[] programs)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry("postgres-linux-x86_64.txz").Open())
        {
            entry.Write(programs);
        }

        return bytes.ToArray();
    }
}
