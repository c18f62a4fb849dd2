<#
.SYNOPSIS
Installs PostgreSQL's server and client programs when this machine has none: the tests start private servers of their own.

.DESCRIPTION
Uses the machine's package manager, and asks first. In CI, and wherever nobody can answer, it does not ask. A machine that has the
programs is left alone.

.PARAMETER Folder
Where the programs may be. Default: VIVIDSHIFT_PGBIN, PATH and the usual places.

.EXAMPLE
./tests/Install-PostgreSql.ps1 -WhatIf
Says what it would run.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [string[]] $Folder = @(
        $env:VIVIDSHIFT_PGBIN
        $env:PATH -split [IO.Path]::PathSeparator
        '/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin'
        '/opt/homebrew/opt/postgresql*/bin', '/usr/local/opt/postgresql*/bin', '/opt/homebrew/opt/libpq/bin'
        if ($env:ProgramFiles) { "$env:ProgramFiles/PostgreSQL/*/bin" }
    )
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

# Proved by running it: on Debian the names may be there and lead nowhere.
function Test-Program([string] $Path) {
    if (-not (Test-Path $Path -PathType Leaf)) { return $false }
    $PSNativeCommandUseErrorActionPreference = $false
    try { $null = & $Path --version 2>&1 } catch { return $false }
    $LASTEXITCODE -eq 0
}

function Get-Missing {
    $ending = $IsWindows ? '.exe' : ''
    $folders = @($Folder | Where-Object { $_ } | ForEach-Object { Get-Item $_ -ErrorAction Ignore } | ForEach-Object { $_.FullName })
    'initdb', 'pg_ctl', 'postgres', 'psql', 'pg_dump', 'pg_restore' |
        Where-Object { -not ($folders | Join-Path -ChildPath "$_$ending" | Where-Object { Test-Program $_ } | Select-Object -First 1) }
}

# Each with the commands that install, the first that is there is taken.
$managers = [ordered]@{
    'apt-get' = @(
        'apt-get update -q'
        'env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql postgresql-client'
    )
    'dnf'     = @('dnf install -y postgresql-server postgresql-contrib postgresql')
    'brew'    = @('brew install postgresql@17')
    'winget'  = @('winget install --exact --id PostgreSQL.PostgreSQL.17 --silent --accept-package-agreements --accept-source-agreements')
}

$missing = Get-Missing
if (-not $missing) { return 'PostgreSQL is installed: nothing to do.' }
"PostgreSQL is not installed: $($missing -join ', ') not found."

$manager = $managers.Keys | Where-Object { Get-Command $_ -CommandType Application -ErrorAction Ignore } | Select-Object -First 1
if (-not $manager) {
    $none = "None of $($managers.Keys -join ', ') is here to install it."
    throw "$none Install PostgreSQL's server and client programs, or name their folder in VIVIDSHIFT_PGBIN."
}
$asRoot = if ($manager -in 'apt-get', 'dnf' -and -not [Environment]::IsPrivilegedProcess) { 'sudo ' } else { '' }
$commands = $managers[$manager] | ForEach-Object { "$asRoot$_" }

$nobodyIsThere = $env:CI -or $env:TF_BUILD -or [Console]::IsInputRedirected -or [Environment]::GetCommandLineArgs() -match '^-noni'
if ($nobodyIsThere -and -not $PSBoundParameters.ContainsKey('Confirm')) { $ConfirmPreference = 'None' }
if (-not $PSCmdlet.ShouldProcess([Environment]::MachineName, $commands -join '; ')) { return }

foreach ($command in $commands) {
    "> $command"
    $program, $arguments = $command -split ' '
    & $program @arguments
}
$missing = Get-Missing
if ($missing) { throw "$manager ended well, and $($missing -join ', ') are still not found. Name their folder in VIVIDSHIFT_PGBIN." }
