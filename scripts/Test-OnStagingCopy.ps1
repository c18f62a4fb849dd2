#Requires -Version 7.4

<#
.SYNOPSIS
Rehearses pending migrations on a copy of production: restores its backup elsewhere, migrates, times it, tests, reports.

.DESCRIPTION
Restores the newest backup of an environment (or the one that -Path names) to staging, or to the private server of this folder; runs the pending migrations there, each
timed; and compares the health of the database before and after. Nothing is read from production but its backup.

The copy replaces the database of the target: the old one is dropped after the swap, unless -KeepOld is given. One object is emitted; the exit code is 0 when every migration ran and nothing
new was found.

.PARAMETER Environment
The environment whose backup is restored. Default: production.

.PARAMETER TargetEnvironment
The environment that gets the copy. Default: staging.

.PARAMETER Sandbox
Use the private server of this folder instead.

.PARAMETER Path
A backup's folder, an archive of pg_dump, or a script. Default: the newest backup of -Environment.

.PARAMETER KeepOld
Keep the database that the copy replaces under another name.

.PARAMETER Undo
Undo the migrations again afterwards, timed as well.

.PARAMETER ReportPath
A file for a Markdown report.

.PARAMETER ConfirmEnvironment
The name of a protected target environment, where nobody can type it.

.EXAMPLE
./Test-OnStagingCopy.ps1 -Confirm:$false -ReportPath rehearsal.md
Production's newest backup to staging.

.EXAMPLE
./Test-OnStagingCopy.ps1 -Sandbox -Undo -Confirm:$false
Production's newest backup to a private server, and back again.

.EXAMPLE
(./Test-OnStagingCopy.ps1 -Sandbox -Path ./production_backup.sql.gz -Confirm:$false).Migrations | Sort-Object Duration -Descending
The slowest migration first.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High', DefaultParameterSetName = 'Environment')]
[OutputType('VividShift.Rehearsal')]
param(
    [string] $Environment = 'production',
    [Parameter(ParameterSetName = 'Environment')] [string] $TargetEnvironment = 'staging',
    [Parameter(ParameterSetName = 'Sandbox', Mandatory)] [switch] $Sandbox,
    [string] $Path,
    [switch] $KeepOld,
    [switch] $Undo,
    [string] $ReportPath,
    [string] $ConfirmEnvironment
)

$ErrorActionPreference = 'Stop'
$confirmed = if ($ConfirmEnvironment) { @{ ConfirmEnvironment = $ConfirmEnvironment } } else { @{} }
$copy = if ($Sandbox) { @{ Sandbox = $true } } else { @{ Environment = $TargetEnvironment } }
if (-not $Path) {
    $source = Get-VsBackup -Environment $Environment -Latest
    if (-not $source) { throw "There is no backup of $Environment. Make one with Backup-VsDatabase -Environment $Environment." }
    $Path = $source.Folder
}
$where = if ($Sandbox) { 'the private server of this folder' } else { $TargetEnvironment }
if (-not $PSCmdlet.ShouldProcess($where, "Replace its database by $Path and migrate it")) { return }

# Owners and grants of production need not exist elsewhere; a script says itself who owns what.
$foreign = if ($Path -match '\.sql(\.gz)?$') { @{} } else { @{ NoOwner = $true; NoPrivileges = $true } }
$restored = Restore-VsDatabase @copy @foreign @confirmed -Path $Path -DropDatabase:(-not $KeepOld) -Force -Confirm:$false
$known = @(Test-VsDatabase @copy -FullReport | ForEach-Object { "$($_.Rule) $($_.DatabaseObject)" })
$findings = @(Test-VsMigration @copy -Rollback)
$migrations = [Collections.Generic.List[object]]::new()
$failure = $null
try {
    Invoke-VsMigration @copy -NoHook -Confirm:$false | ForEach-Object { $migrations.Add($_) }
    if ($Undo -and $migrations.Count -gt 0) {
        Undo-VsMigration @copy @confirmed -NoHook -Count $migrations.Count -Confirm:$false | ForEach-Object { $migrations.Add($_) }
    }
} catch {
    $failure = $_
}
$findings += @(Test-VsDatabase @copy -FullReport | Where-Object { "$($_.Rule) $($_.DatabaseObject)" -notin $known })

if ($ReportPath) {
    @($migrations) + $findings + @($failure) | ConvertTo-VsReport -As Markdown -Title "Rehearsal of $(Split-Path $Path -Leaf) on $where" | Set-Content $ReportPath
}
$succeeded = -not $failure -and -not ($findings | Where-Object Severity -EQ 'Error')
[pscustomobject]@{
    PSTypeName      = 'VividShift.Rehearsal'
    Succeeded       = [bool] $succeeded
    Backup          = $Path
    RestoreDuration = $restored.Duration
    MigrateDuration = [timespan]::FromTicks(($migrations | ForEach-Object { $_.Duration.Ticks } | Measure-Object -Sum).Sum)
    Migrations      = $migrations.ToArray()
    Findings        = $findings
    Failure         = $failure
}
if (-not $succeeded) {
    $ErrorActionPreference = 'Continue'
    if ($failure) { $PSCmdlet.WriteError($failure) }
    exit 1
}
