#Requires -Version 7.4

<#
.SYNOPSIS
Deploys pending migrations to an environment in eight steps, and goes back by itself when one of them fails.

.DESCRIPTION
1. maintenance mode on   2. stop the application   3. backup, tagged and proved by a trial restore   4. migrate
5. validate   6. start the application and wait until it is healthy   7. maintenance mode off   8. health check

Before the first step the migrations are tested, and the database's health is noted, so that step 5 can tell what is new. When nothing is pending, nothing is
done at all.

When a step up to the sixth fails, the rollback begins: if the database is no longer what it was, the backup is restored beside it, verified and swapped in; then the
application is started and maintenance mode ends. If the restore fails as well, the application stays stopped and maintenance mode on, and the
result says so. After step 7 users may have written, so nothing is restored by itself any more: the result says how.

One object is emitted: whether it succeeded, the steps, what was applied, what was found, the backup, and State, what state things are in, in words. The exit code is 0
when it succeeded, else 1.

It needs no module but VividShift.Migrations, not even PowerShell's own Utility and Management.

.PARAMETER Environment
The environment, as for the cmdlets.

.PARAMETER Database
The database, as for the cmdlets.

.PARAMETER ConfigurationPath
The base configuration file, as for the cmdlets.

.PARAMETER Sandbox
Deploy to the private server of this folder.

.PARAMETER MaintenanceOn
Where a POST switches maintenance mode on. Left out: step 1 is left out.

.PARAMETER MaintenanceOff
Where a POST switches maintenance mode off. Left out: step 7 is left out.

.PARAMETER Health
Where a GET answers 200 to 299 when the application is healthy. Left out: nothing is waited for, and step 8 is left out.

.PARAMETER Header
Headers of these requests, such as an authorization. Never shown.

.PARAMETER StopApplication
Stops the application and waits until it has stopped; a program that ends with another code than 0 has failed. Left out: step 2 is left out.

.PARAMETER StartApplication
Starts the application.

.PARAMETER HealthTimeoutSec
How many seconds the application has to become healthy.

.PARAMETER RequestTimeoutSec
How many seconds one request may take.

.PARAMETER Tag
The tag of the backup. Default: pre-migration with the time.

.PARAMETER ReportPath
A file for a Markdown report.

.PARAMETER ConfirmEnvironment
The name of a protected environment. It has to be given, as nobody may be there to type it when the rollback begins.

.PARAMETER NoHook
Leave out the hooks of the configuration.

.EXAMPLE
./Deploy-VividShift.ps1 -Environment staging -WhatIf
Shows the steps and the migrations, and does nothing.

.EXAMPLE
./Deploy-VividShift.ps1 -Environment production -ConfirmEnvironment production -Confirm:$false -MaintenanceOn http://localhost:8080/admin/maintenance/enable -MaintenanceOff http://localhost:8080/admin/maintenance/disable -Health http://localhost:8080/health -StopApplication { docker compose stop app } -StartApplication { docker compose start app } -ReportPath deployment.md
The whole process without a question, as in a pipeline.

.EXAMPLE
$deployment = ./Deploy-VividShift.ps1 -Environment staging -StopApplication { systemctl stop shop } -StartApplication { systemctl start shop }; $deployment.Steps
What each step did and how long it took.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
[OutputType('VividShift.Deployment')]
param(
    [string] $Environment,
    [string] $Database,
    [string] $ConfigurationPath,
    [switch] $Sandbox,
    [uri] $MaintenanceOn,
    [uri] $MaintenanceOff,
    [uri] $Health,
    [hashtable] $Header = @{},
    [scriptblock] $StopApplication,
    [scriptblock] $StartApplication,
    [ValidateRange(1, 3600)] [int] $HealthTimeoutSec = 60,
    [ValidateRange(1, 600)] [int] $RequestTimeoutSec = 10,
    [string] $Tag = "pre-migration-$([datetime]::UtcNow.ToString('yyyyMMdd_HHmmss'))",
    [string] $ReportPath,
    [string] $ConfirmEnvironment,
    [switch] $NoHook
)

$ErrorActionPreference = 'Stop'
$asked = $PSBoundParameters
$connection = @{}
foreach ($name in 'Environment', 'Database', 'ConfigurationPath', 'Sandbox') {
    if ($asked.ContainsKey($name)) { $connection[$name] = $asked[$name] }
}
$confirmed = if ($ConfirmEnvironment) { @{ ConfirmEnvironment = $ConfirmEnvironment } } else { @{} }
$steps = [Collections.Generic.List[object]]::new()
$applied = [Collections.Generic.List[object]]::new()
$findings = [Collections.Generic.List[object]]::new()
$did = @{ MaintenanceOn = $false; Stopped = $false; Migrate = $false; Started = $false; Opened = $false }
$backup = $null
$restored = $null

# Only .NET from here on where PowerShell's Utility module would serve: programs that host PowerShell's engine have none.
function Send-Request([string] $Method, [uri] $Url) {
    $client = [Net.Http.HttpClient]::new()
    try {
        $client.Timeout = [timespan]::FromSeconds($RequestTimeoutSec)
        $request = [Net.Http.HttpRequestMessage]::new($Method, $Url)
        foreach ($name in $Header.Keys) { $null = $request.Headers.TryAddWithoutValidation($name, [string] $Header[$name]) }
        $answer = $client.SendAsync($request).GetAwaiter().GetResult()
        if (-not $answer.IsSuccessStatusCode) { throw "$Method $Url answered $([int] $answer.StatusCode)." }
    } finally {
        $client.Dispose()
    }
}

function Wait-Health {
    $until = [datetime]::UtcNow.AddSeconds($HealthTimeoutSec)
    while ($true) {
        try {
            Send-Request GET $Health
            return
        } catch {
            if ([datetime]::UtcNow -ge $until) { throw "The application was not healthy within $HealthTimeoutSec s: $($_.Exception.Message)" }
        }
        [Threading.Thread]::Sleep(250)
    }
}

function Invoke-Application([scriptblock] $Command) {
    $global:LASTEXITCODE = 0
    & $Command | Out-Null
    if ($global:LASTEXITCODE -ne 0) { throw "The command { $Command } ended with code $global:LASTEXITCODE." }
}

function Invoke-Step([string] $Name, [scriptblock] $Work) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $step = [pscustomobject]@{ PSTypeName = 'VividShift.DeploymentStep'; Step = $Name; Succeeded = $false; Duration = [timespan]::Zero }
    $steps.Add($step)
    $PSCmdlet.WriteVerbose($Name)
    try {
        & $Work
        $step.Succeeded = $true
    } finally {
        $step.Duration = $clock.Elapsed
    }
}

# What the history looked like: when it looks the same after a failure, there is nothing to restore.
function Get-HistoryText { (Get-VsMigrationStatus @connection | ForEach-Object { "$($_.Version) $($_.State) $($_.AppliedAt)" }) -join "`n" }

function Test-Unchanged {
    try { (Get-HistoryText) -ceq $before } catch { $false }
}

function Get-DatabaseProblem { Test-VsDatabase @connection -FullReport | Where-Object Severity -EQ 'Error' }

# Every part of it is tried; each says in its own words what became of it.
function Invoke-WayBack {
    if ($did.Opened) {
        return "The migrations are applied, the application runs, maintenance mode is off; users may have written since, so nothing was restored. To lose that and go back: Restore-VsDatabase -Path '$($backup.Folder)'."
    }

    $said = @()
    if (-not $did.Migrate -or (Test-Unchanged)) {
        $said += 'The database is as it was.'
    } else {
        try {
            if ($did.Started) { Invoke-Step 'Back: stop the application' { Invoke-Application $StopApplication } }
            Invoke-Step 'Back: restore the backup' { $script:restored = Restore-VsDatabase @connection @confirmed -Path $backup.Folder -Force -Confirm:$false }
            $said += "The database was restored from the backup $($backup.Name) and verified; the migrated one is kept as $($restored.KeptAs)."
        } catch {
            $PSCmdlet.WriteWarning($_.Exception.Message)
            return "THE RESTORE FAILED, the database is as the failed step left it, the application is stopped and maintenance mode is on. Restore by hand: Restore-VsDatabase -Path '$($backup.Folder)'."
        }
    }

    if ($did.Stopped -and $StartApplication) {
        try {
            Invoke-Step 'Back: start the application' {
                Invoke-Application $StartApplication
                if ($Health) { Wait-Health }
            }
            $said += 'The application runs.'
        } catch {
            $PSCmdlet.WriteWarning($_.Exception.Message)
            return ($said + 'THE APPLICATION DID NOT START and maintenance mode is on.') -join ' '
        }
    }

    if ($did.MaintenanceOn -and $MaintenanceOff) {
        try {
            Invoke-Step 'Back: maintenance mode off' { Send-Request POST $MaintenanceOff }
            $said += 'Maintenance mode is off.'
        } catch {
            $PSCmdlet.WriteWarning($_.Exception.Message)
            $said += "MAINTENANCE MODE IS STILL ON: POST $MaintenanceOff."
        }
    }
    $said -join ' '
}

function Complete-Deployment([bool] $Succeeded, [string] $State, $Failure) {
    if ($ReportPath) {
        $cells = $steps | ForEach-Object { "| $(if ($_.Succeeded) { 'done' } else { '**failed**' }) | $($_.Step) | $($_.Duration.TotalSeconds.ToString('0.0', [cultureinfo]::InvariantCulture)) s |" }
        $table = @("# Deployment of $target", '', $State, '', '| Outcome | Step | Duration |', '| --- | --- | --- |') + $cells
        $details = @($applied) + @($findings) + @($Failure) | ConvertTo-VsReport -As Markdown -Title 'What was done and found'
        [IO.File]::WriteAllText($PSCmdlet.GetUnresolvedProviderPathFromPSPath($ReportPath), ($table -join "`n") + "`n`n" + $details)
    }
    [pscustomobject]@{
        PSTypeName = 'VividShift.Deployment'
        Succeeded  = $Succeeded
        State      = $State
        Target     = $target
        Applied    = $applied.ToArray()
        Findings   = $findings.ToArray()
        Backup     = $backup
        Restored   = $restored
        Steps      = $steps.ToArray()
        Failure    = $Failure
    }
}

$settings = Get-VsConfiguration @connection
$name = ($settings | Where-Object Name -EQ 'environment').Value
if (($settings | Where-Object Name -EQ 'protected').Value -eq 'true' -and $ConfirmEnvironment -cne $name) {
    throw "The environment '$name' is protected. Give -ConfirmEnvironment ${name}: when the rollback begins, nobody may be there to type it. Nothing was changed."
}
if ($StopApplication -and -not $StartApplication) { throw 'Give -StartApplication as well: what is stopped has to be started again. Nothing was changed.' }
if ($MaintenanceOn -and -not $MaintenanceOff) { throw 'Give -MaintenanceOff as well: what is switched on has to be switched off again. Nothing was changed.' }

$plan = @(Get-VsMigrationPlan @connection)
$target = "$((Get-VsMigrationStatus @connection | ForEach-Object { "$($_.Database)" })[0]) ($name)"
if ($plan.Count -eq 0) {
    Complete-Deployment -Succeeded $true -State 'Nothing was pending, so nothing was done.'
    return
}

if ($WhatIfPreference) {
    if ($MaintenanceOn) { $null = $PSCmdlet.ShouldProcess($target, "1. Maintenance mode on: POST $MaintenanceOn") }
    if ($StopApplication) { $null = $PSCmdlet.ShouldProcess($target, "2. Stop the application: $StopApplication") }
    $null = $PSCmdlet.ShouldProcess($target, "3. Back up as $Tag and prove the backup")
    Invoke-VsMigration @connection -NoHook:$NoHook -WhatIf
    $null = $PSCmdlet.ShouldProcess($target, '5. Validate the database')
    if ($StartApplication) { $null = $PSCmdlet.ShouldProcess($target, "6. Start the application: $StartApplication") }
    if ($MaintenanceOff) { $null = $PSCmdlet.ShouldProcess($target, "7. Maintenance mode off: POST $MaintenanceOff") }
    if ($Health) { $null = $PSCmdlet.ShouldProcess($target, "8. Check health: GET $Health") }
    return
}
if (-not $PSCmdlet.ShouldProcess($target, "Deploy $($plan.Count) migration(s): maintenance, backup, migrate, validate")) { return }

try {
    Invoke-Step '0. Test the migrations' {
        Test-VsMigration @connection | ForEach-Object { $findings.Add($_) }
        $broken = @($findings | Where-Object Severity -EQ 'Error')
        if ($broken.Count -gt 0) { throw "The migrations do not pass: $($broken[0].Message)" }
        $script:before = Get-HistoryText
        $script:known = @(Get-DatabaseProblem | ForEach-Object { "$($_.Rule) $($_.DatabaseObject)" })
    }
    if ($MaintenanceOn) {
        Invoke-Step '1. Maintenance mode on' {
            $did.MaintenanceOn = $true
            Send-Request POST $MaintenanceOn
        }
    }
    if ($StopApplication) {
        Invoke-Step '2. Stop the application' {
            $did.Stopped = $true
            Invoke-Application $StopApplication
        }
    }
    Invoke-Step '3. Back up and prove the backup' { $script:backup = Backup-VsDatabase @connection -Tag $Tag -Verify -PassThru -Confirm:$false }
    Invoke-Step '4. Migrate' {
        $did.Migrate = $true
        Invoke-VsMigration @connection -NoHook:$NoHook -Confirm:$false | ForEach-Object { $applied.Add($_) }
    }
    Invoke-Step '5. Validate' {
        $problems = @(Get-DatabaseProblem | Where-Object { "$($_.Rule) $($_.DatabaseObject)" -notin $known })
        $problems | ForEach-Object { $findings.Add($_) }
        if ($problems.Count -gt 0) { throw "The migrated database has $($problems.Count) problem(s) that it did not have before, such as: $($problems[0].Message)" }
    }
    if ($StartApplication) {
        Invoke-Step '6. Start the application' {
            $did.Started = $true
            Invoke-Application $StartApplication
            if ($Health) { Wait-Health }
        }
    }
    if ($MaintenanceOff) {
        Invoke-Step '7. Maintenance mode off' {
            Send-Request POST $MaintenanceOff
            $did.Opened = $true
        }
    }
    if ($Health) { Invoke-Step '8. Check health' { Wait-Health } }
} catch {
    $failure = $_
    $state = Invoke-WayBack
    Complete-Deployment -Succeeded $false -State $state -Failure $failure
    $ErrorActionPreference = 'Continue'
    $PSCmdlet.WriteError($failure)
    $PSCmdlet.WriteWarning($state)
    exit 1
}
Complete-Deployment -Succeeded $true -State "The $($applied.Count) migration(s) are applied and the database was validated. The backup $($backup.Name) is from before them."
