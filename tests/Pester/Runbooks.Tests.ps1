# The runbooks as a person at three in the morning runs them: real pwsh processes, a private server, an application on a real socket.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    Import-BuiltModule
    $scripts = (Resolve-Path (Join-Path $PSScriptRoot '../../scripts')).Path
    $manifest = (Get-Module VividShift.Migrations).Path

    # Stands in for the application: health is what the file says, and every request is written down.
    function Open-StandIn([string] $Folder) {
        $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $probe.Start()
        $port = $probe.LocalEndpoint.Port
        $probe.Stop()
        $listener = [Net.HttpListener]::new()
        $listener.Prefixes.Add("http://127.0.0.1:$port/")
        $listener.Start()
        $serve = {
            param($listener, $folder)
            while ($listener.IsListening) {
                try { $context = $listener.GetContext() } catch { return }
                [IO.File]::AppendAllText("$folder/requests.log", "$($context.Request.HttpMethod) $($context.Request.RawUrl)`n")
                $runs = [IO.File]::Exists("$folder/running")
                $context.Response.StatusCode = if ($context.Request.RawUrl -eq '/health' -and -not $runs) { 503 } else { 200 }
                $context.Response.Close()
            }
        }
        $shell = [PowerShell]::Create()
        $null = $shell.AddScript($serve).AddArgument($listener).AddArgument($Folder)
        [pscustomobject]@{ Url = "http://127.0.0.1:$port"; Listener = $listener; Shell = $shell; Loop = $shell.BeginInvoke() }
    }

    function Close-StandIn($StandIn) {
        $StandIn.Listener.Stop()
        $null = $StandIn.Shell.EndInvoke($StandIn.Loop)
        $StandIn.Shell.Dispose()
        $StandIn.Listener.Close()
    }

    # A process of its own, for its exit code.
    function Invoke-Runbook([string] $Command) {
        $output = Invoke-Pwsh -Command "Import-Module '$manifest'; $Command; exit `$LASTEXITCODE" 2>&1 | Out-String
        [pscustomobject]@{ ExitCode = $LASTEXITCODE; Output = $output }
    }

    function Get-Deployment([string] $Url) {
        Remove-Item requests.log, result.clixml -ErrorAction Ignore
        New-Item -ItemType File running -Force | Out-Null
        $run = Invoke-Runbook @"
& '$scripts/Deploy-VividShift.ps1' -Sandbox -Confirm:`$false -ReportPath report.md -MaintenanceOn $Url/maintenance/enable -MaintenanceOff $Url/maintenance/disable -Health $Url/health -StopApplication { Remove-Item running } -StartApplication { New-Item -ItemType File running } | Export-Clixml result.clixml
"@
        $run | Add-Member -PassThru NoteProperty Result $(if (Test-Path result.clixml) { Import-Clixml result.clixml })
    }
}

Describe 'The production process on the sandbox' {
    BeforeAll {
        $project = New-TestProject -Empty
        Push-Location $project
        Set-Content migrations/0001_users.sql "CREATE TABLE users (id int PRIMARY KEY, name text);`nINSERT INTO users VALUES (1, 'anna');"
        $null = Start-VsSandbox
        $null = Invoke-VsMigration -Sandbox
        $app = Open-StandIn $project
        (Invoke-WebRequest "$($app.Url)/health" -SkipHttpErrorCheck).StatusCode | Should -Be 503
    }

    AfterAll {
        Close-StandIn $app
        Stop-VsSandbox -Remove -Confirm:$false
        Pop-Location
        Remove-Item $project -Recurse -Force
    }

    It 'does nothing when nothing is pending' {
        $run = Get-Deployment $app.Url
        $run.ExitCode | Should -Be 0 -Because $run.Output
        $run.Result.State | Should -Be 'Nothing was pending, so nothing was done.'
        'requests.log' | Should -Not -Exist
    }

    It 'goes through all steps' {
        Set-Content migrations/0002_orders.sql 'CREATE TABLE orders (id int PRIMARY KEY);'
        $run = Get-Deployment $app.Url
        $run.ExitCode | Should -Be 0 -Because $run.Output
        $run.Result.Succeeded | Should -BeTrue
        $run.Result.Steps.Count | Should -Be 9
        Get-Content requests.log | Should -Be 'POST /maintenance/enable', 'GET /health', 'POST /maintenance/disable', 'GET /health'
        'running' | Should -Exist
        Get-Content report.md -Raw | Should -Match '2 orders'
        (Get-VsMigrationStatus -Sandbox).State | Should -Be 'Applied', 'Applied'
        (Get-VsBackup -Latest).Verified | Should -BeTrue
    }

    It 'ends with the application back up on the restored data when the third migration fails' {
        Set-Content migrations/0003_names.sql "UPDATE users SET name = 'overwritten';"
        Set-Content migrations/0004_notes.sql 'CREATE TABLE notes (id int PRIMARY KEY);'
        Set-Content migrations/0005_broken.sql "-- no-transaction`nDELETE FROM users;`nSELECT nonsense;"
        $run = Get-Deployment $app.Url
        $run.ExitCode | Should -Be 1
        $run.Result.Succeeded | Should -BeFalse
        $run.Result.State | Should -Match '^The database was restored from the backup .+ The application runs\. Maintenance mode is off\.$'
        $run.Result.Applied.Version | Should -Be 3, 4
        (Get-Content requests.log)[-1] | Should -Be 'POST /maintenance/disable'
        'running' | Should -Exist
        (Get-VsMigrationStatus -Sandbox | Where-Object Applied).Version | Should -Be 1, 2
        Get-Content report.md -Raw | Should -Match 'nonsense'
        Remove-Item migrations/0003*, migrations/0004*, migrations/0005*
    }

    It 'takes the options of backup.sh and restore.sh' {
        $made = Invoke-Runbook "& '$scripts/backup.ps1' -Sandbox --verify --tag=nightly"
        $made.ExitCode | Should -Be 0 -Because $made.Output
        Get-VsBackup -Tag nightly | Should -HaveCount 1
        $restored = Invoke-Runbook "& '$scripts/restore.ps1' -Sandbox --latest --drop-database --force -Confirm:`$false"
        $restored.ExitCode | Should -Be 0 -Because $restored.Output
        (Get-VsMigrationStatus -Sandbox | Where-Object Applied).Version | Should -Be 1, 2
        (Invoke-Runbook "& '$scripts/restore.ps1' --lates").Output | Should -Match "There is no option '--lates'"
    }

    It 'rehearses on a copy' {
        Set-Content migrations/0003_notes.sql 'CREATE TABLE notes (id int PRIMARY KEY);'
        $folder = (Get-VsBackup -Latest).Folder
        $run = Invoke-Runbook "& '$scripts/Test-OnStagingCopy.ps1' -Sandbox -Path '$folder' -Confirm:`$false -ReportPath rehearsal.md | Export-Clixml rehearsal.clixml"
        $result = Import-Clixml rehearsal.clixml
        $result.Failure | Should -BeNullOrEmpty -Because $run.Output
        # These migrations have no down scripts, and a rehearsal is the place to learn of it.
        $result.Findings.Rule | Should -Be 'DownScriptMissing', 'DownScriptMissing', 'DownScriptMissing'
        $run.ExitCode | Should -Be 1
        $result.Migrations.Version | Should -Be 3
        $result.MigrateDuration | Should -BeGreaterThan ([timespan]::Zero)
        Get-Content rehearsal.md -Raw | Should -Match '3 notes'
    }
}

Describe 'The scripts' {
    It '<_> has help and examples' -ForEach 'Deploy-VividShift.ps1', 'Test-OnStagingCopy.ps1', 'backup.ps1', 'restore.ps1', 'Show-MainJob.ps1' {
        $help = Get-Help (Join-Path $scripts $_) -Full
        $help.Synopsis | Should -Not -BeNullOrEmpty
        ($help.examples.example | Measure-Object).Count | Should -BeGreaterOrEqual 2
        $undocumented = $help.parameters.parameter | Where-Object name -notin 'WhatIf', 'Confirm' |
            Where-Object { -not $_.PSObject.Properties['description'] } | ForEach-Object name
        $undocumented | Should -BeNullOrEmpty
    }
}
