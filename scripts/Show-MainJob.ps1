#Requires -Version 7.4

<#
.SYNOPSIS
Shows the main job: see what is pending, try it, apply it, undo some of it, on a private PostgreSQL that is gone at the end.

.DESCRIPTION
Works on a copy of this project's migrations in a temporary folder, with a private server of its own: nothing else on the machine is
touched. Server and folder are removed at the end, also after a failure; the exit code is then 1.

.PARAMETER Module
The module, as built. Default: the one in artifacts/module.

.PARAMETER Migrations
The migrations to show it with. Default: those of this project.

.EXAMPLE
dotnet pwsh ./build.ps1 -Task Try
Builds the module first.

.EXAMPLE
./scripts/Show-MainJob.ps1 -Migrations ~/shop/migrations
With other migrations. They have to be reversible: two are undone.
#>
[CmdletBinding()]
param(
    [string] $Module = (Join-Path $PSScriptRoot '../artifacts/module/VividShift.Migrations'),
    [string] $Migrations = (Join-Path $PSScriptRoot '../migrations')
)

$ErrorActionPreference = 'Stop'
if ([Console]::IsOutputRedirected) { $PSStyle.OutputRendering = 'PlainText' }
$commands = @(
    { Start-VsSandbox }
    { Get-VsMigrationStatus -Sandbox }
    { Get-VsMigrationStatus -Sandbox | Where-Object Pending | Invoke-VsMigration -Sandbox -WhatIf }
    { Get-VsMigrationStatus -Sandbox | Where-Object Pending | Invoke-VsMigration -Sandbox }
    { Undo-VsMigration -Sandbox -Count 2 -Confirm:$false }
    { Get-VsMigrationPlan -Sandbox }
    { Get-VsMigrationStatus -Sandbox }
)
Import-Module $Module
$project = Join-Path ([IO.Path]::GetTempPath()) "vividshift-$([guid]::NewGuid().ToString('n').Substring(0, 8))"
$null = New-Item $project -ItemType Directory
Copy-Item $Migrations (Join-Path $project 'migrations') -Recurse
Push-Location $project
try {
    foreach ($command in $commands) {
        # Each on its own, as at a prompt: one table never lends its columns to the next.
        "$($PSStyle.Dim)PS>$($PSStyle.Reset) $("$command".Trim())"
        & $command | Out-Host
    }
} finally {
    Stop-VsSandbox -Remove -Confirm:$false
    Pop-Location
    Remove-Item $project -Recurse -Force
}
