#Requires -Version 7.4

<#
.SYNOPSIS
Restores a database; takes the options of the old restore.sh as well.

.DESCRIPTION
A thin way to Restore-VsDatabase. ./restore.ps1 production_backup.sql.gz --target=staging is the same as ./restore.ps1 -Path production_backup.sql.gz -TargetEnvironment staging.
Asks before it replaces a database, unless -Confirm:$false is given. The exit code is 0 when the database was restored.

.PARAMETER Option
A backup's folder, an archive or a script, and options as the old script took them: --latest, --tag=NAME, --target=ENVIRONMENT, --drop-database, --force.

.PARAMETER Environment
The environment whose backup is restored.

.PARAMETER Path
A backup's folder, an archive of pg_dump, or a script (.sql, .sql.gz).

.PARAMETER Latest
Restore the newest backup.

.PARAMETER Tag
Restore the newest backup with this tag.

.PARAMETER TargetEnvironment
Restore to the server of this environment.

.PARAMETER DropDatabase
Drop the old database instead of keeping it under another name.

.PARAMETER Force
End the sessions that are connected to the database.

.PARAMETER ConfirmEnvironment
The name of a protected environment, where nobody can type it.

.PARAMETER Sandbox
Restore to the private server of this folder.

.EXAMPLE
./restore.ps1 --latest --drop-database

.EXAMPLE
./restore.ps1 production_backup.sql.gz --target=staging
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [Parameter(Position = 0, ValueFromRemainingArguments)] [string[]] $Option = @(),
    [string] $Environment,
    [string] $Path,
    [switch] $Latest,
    [string] $Tag,
    [string] $TargetEnvironment,
    [switch] $DropDatabase,
    [switch] $Force,
    [string] $ConfirmEnvironment,
    [switch] $Sandbox
)

$ErrorActionPreference = 'Stop'
$arguments = @{}
foreach ($name in 'Environment', 'Path', 'Latest', 'Tag', 'TargetEnvironment', 'DropDatabase', 'Force', 'ConfirmEnvironment', 'Sandbox', 'Confirm') {
    if ($PSBoundParameters.ContainsKey($name)) { $arguments[$name] = $PSBoundParameters[$name] }
}
foreach ($one in $Option) {
    switch -Regex ($one) {
        '^--latest$' { $arguments.Latest = $true; break }
        '^--tag=(.+)$' { $arguments.Tag = $Matches[1]; break }
        '^--target=(.+)$' { $arguments.TargetEnvironment = $Matches[1]; break }
        '^--drop-database$' { $arguments.DropDatabase = $true; break }
        '^--force$' { $arguments.Force = $true; break }
        '^--environment=(.+)$' { $arguments.Environment = $Matches[1]; break }
        '^(?!--)' { $arguments.Path = $one; break }
        default { throw "There is no option '$one'. There are --latest, --tag=NAME, --target=ENVIRONMENT, --drop-database, --force and --environment=NAME." }
    }
}
Restore-VsDatabase @arguments
