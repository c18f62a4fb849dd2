using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Hooks;

public sealed class HttpHookTests
{
    [Fact]
    public async Task A_request_carries_its_headers_and_its_body_and_shows_no_secret()
    {
        await using var fixture = await HookFixture.CreateAsync(
            """
            { "beforeRun": [ {
                "http": "PUT APP/mode?key=${env:VS_TEST_KEY}", "expectStatus": [200, 202],
                "headers": { "Authorization": "Bearer ${env:VS_TEST_TOKEN}", "Content-Type": "text/plain" }, "body": "on ${env:VS_TEST_KEY}" } ] }
            """);
        fixture.App.Answer = _ => 202;
        fixture.File(".env", "VS_TEST_KEY=k-4711\nVS_TEST_TOKEN=t-0815\n");

        await fixture.RunAsync();

        Assert.Equal([new("PUT /mode?key=k-4711", "Bearer t-0815", "text/plain", "on k-4711")], fixture.App.Requests);
        Assert.Contains(
            $"Run the hook beforeRun: PUT {fixture.App.Url}/mode (vividshift.json:1).",
            fixture.Observer.Told<VerboseMessage>().Select(step => step.Message));
        Assert.DoesNotContain("4711", fixture.Observer.Transcript, StringComparison.Ordinal);
        Assert.DoesNotContain("0815", fixture.Observer.Transcript, StringComparison.Ordinal);
        var shown = fixture.Bench.Opened.Open(fixture.Request).DescribeSettings().Single(setting => setting.Name == "hooks:beforeRun:0");
        Assert.Equal($"PUT {fixture.App.Url}/mode", shown.Value);
    }

    [Theory]
    [InlineData(302, "it answered 302, 2xx was expected")]
    [InlineData(404, "it answered 404, 2xx was expected")]
    public async Task Another_status_fails_and_a_redirection_is_not_followed(int status, string problem)
    {
        await using var fixture = await HookFixture.CreateAsync("""{ "beforeRun": [ { "http": "POST APP/enable" } ] }""");
        fixture.App.Answer = _ => status;

        Assert.Contains(problem, (await fixture.FailsAsync()).Message, StringComparison.Ordinal);
        Assert.Equal(["POST /enable"], fixture.App.Lines);
    }

    [Fact]
    public async Task A_request_is_tried_again_as_often_as_it_says()
    {
        await using var fixture = await HookFixture.CreateAsync("""{ "beforeRun": [ { "http": "POST APP/enable", "retries": 2 } ] }""");
        var asked = 0;
        fixture.App.Answer = _ => ++asked < 3 ? 503 : 200;

        await fixture.RunAsync();

        Assert.Equal(3, fixture.App.Lines.Count);
        Assert.Equal(2, fixture.Observer.Told<VerboseMessage>().Count(step => step.Message.EndsWith("trying again.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_request_without_an_answer_ends_by_its_timeout()
    {
        await using var silent = new HttpStandIn();
        var leave = new TaskCompletionSource();
        silent.Think = _ => leave.Task;
        await using var fixture = await HookFixture.CreateAsync($$"""{ "beforeRun": [ { "http": "GET {{silent.Url}}/", "timeoutSec": 1 } ] }""");

        var error = await fixture.FailsAsync();

        leave.SetResult();
        Assert.Contains("it did not answer within 1 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_a_failure_in_words()
    {
        var gone = new HttpStandIn();
        await gone.DisposeAsync();
        await using var fixture = await HookFixture.CreateAsync($$"""{ "beforeRun": [ { "http": "GET {{gone.Url}}/" } ] }""");

        Assert.Contains("failed: it did not answer: ", (await fixture.FailsAsync()).Message, StringComparison.Ordinal);
    }
}
