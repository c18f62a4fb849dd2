# Scripts around a run that do not end, in the real pwsh with its own modules.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $script:project = Enter-SandboxProject
}

AfterAll {
    Exit-SandboxProject $project
}

Describe 'A script hook that takes too long' {
    It 'is stopped before anything is written: <Script>' -ForEach @(
        @{ Script = 'while ($true) { }' }
        @{ Script = 'Start-Sleep -Seconds 600' }
        @{ Script = 'while ($true) { Start-Sleep -Milliseconds 10 }' }
        @{ Script = '1..[int]::MaxValue | ForEach-Object { $_ } | Out-Null' }
        @{ Script = 'Start-Job { Start-Sleep 600 } | Wait-Job' }
    ) {
        Set-Content hook.ps1 $Script
        Set-Content vividshift.json '{ "hooks": { "beforeRun": [ { "script": "hook.ps1", "timeoutSec": 1 } ] } }'
        $clock = [Diagnostics.Stopwatch]::StartNew()

        { Invoke-VsMigration -Sandbox } | Should -Throw -ErrorId 'HookFailed,*' -ExpectedMessage '*(hook.ps1, vividshift.json:1) failed: it did not end within 1 s and was stopped. Nothing was changed*'

        $clock.Elapsed.TotalSeconds | Should -BeLessThan 60
        (Get-VsMigrationStatus -Sandbox).Pending | Should -Not -Contain $false
        Get-Job | Remove-Job -Force
    }

    It 'that ends in time is left alone' {
        Set-Content hook.ps1 'param($Context) Start-Sleep -Milliseconds 200; Set-Content saw.txt $Context.Event'
        Set-Content vividshift.json '{ "hooks": { "beforeRun": [ { "script": "hook.ps1", "timeoutSec": 60 } ] } }'

        (Invoke-VsMigration -Sandbox).Count | Should -BeGreaterThan 0
        Get-Content saw.txt | Should -Be BeforeRun
    }
}
