#Requires -Version 7.4

<#
.SYNOPSIS
Backs up the configured database; takes the options of the old backup.sh as well.

.DESCRIPTION
A thin way to Backup-VsDatabase. ./backup.ps1 --verify --tag=nightly is the same as ./backup.ps1 -Verify -Tag nightly. The exit code is 0 when the backup was made.

.PARAMETER Option
Options as the old script took them: --verify, --tag=NAME, --environment=NAME.

.PARAMETER Environment
The environment, as for the cmdlets.

.PARAMETER Tag
A tag, which becomes part of the backup's name.

.PARAMETER Path
The folder that gets the backup. Default: as configured.

.PARAMETER Verify
Prove the backup by a trial restore.

.PARAMETER Sandbox
Back up the private server of this folder.

.EXAMPLE
./backup.ps1 --verify

.EXAMPLE
./backup.ps1 --tag="pre-migration-$(Get-Date -Format yyyyMMdd_HHmmss)"
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Position = 0, ValueFromRemainingArguments)] [string[]] $Option = @(),
    [string] $Environment,
    [string] $Tag,
    [string] $Path,
    [switch] $Verify,
    [switch] $Sandbox
)

$ErrorActionPreference = 'Stop'
$arguments = @{}
foreach ($name in 'Environment', 'Tag', 'Path', 'Verify', 'Sandbox') {
    if ($PSBoundParameters.ContainsKey($name)) { $arguments[$name] = $PSBoundParameters[$name] }
}
foreach ($one in $Option) {
    switch -Regex ($one) {
        '^--verify$' { $arguments.Verify = $true; break }
        '^--tag=(.+)$' { $arguments.Tag = $Matches[1]; break }
        '^--environment=(.+)$' { $arguments.Environment = $Matches[1]; break }
        default { throw "There is no option '$one'. There are --verify, --tag=NAME and --environment=NAME." }
    }
}
Backup-VsDatabase @arguments -PassThru
