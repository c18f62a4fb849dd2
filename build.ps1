#!/usr/bin/env pwsh
<#
.SYNOPSIS
Builds, tests, analyses and packs the module.
.DESCRIPTION
Only puts commands in order: `dotnet build` alone already lays out the finished module under artifacts/module.
.EXAMPLE
./build.ps1
Builds the module.
.EXAMPLE
./build.ps1 -Task Build, Test, Pester, Analyze, Pack
What a release runs.
#>
[CmdletBinding()]
param(
    # What to do, in this order.
    [ValidateSet('Clean', 'Build', 'Test', 'Pester', 'Analyze', 'Pack')]
    [string[]] $Task = 'Build',

    # Debug or Release.
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug'
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

$name = 'VividShift.Migrations'
$solution = Join-Path $PSScriptRoot 'VividShift.sln'
$artifacts = Join-Path $PSScriptRoot 'artifacts'
$module = "$artifacts/module/$name"
$common = '--nologo', '-c', $Configuration

function Clear-Output {
    dotnet clean $solution @common -v quiet
    if (Test-Path $artifacts) { Remove-Item $artifacts -Recurse -Force }
}

function Build-Module { dotnet build $solution @common -v minimal }

function Test-Solution { dotnet test $solution @common }

function Test-WithPester {
    Import-Module Pester -MinimumVersion 5.0
    $settings = New-PesterConfiguration
    $settings.Run.Path = "$PSScriptRoot/tests/Pester"
    $settings.Run.PassThru = $true
    $settings.Output.Verbosity = 'Detailed'
    $result = Invoke-Pester -Configuration $settings
    if ($result.FailedCount -gt 0 -or $result.FailedContainersCount -gt 0 -or $result.PassedCount -eq 0) {
        throw "Pester: $($result.PassedCount) passed, $($result.FailedCount) failed, $($result.FailedContainersCount) file(s) did not run."
    }
}

function Test-Script {
    Import-Module PSScriptAnalyzer
    $files = git -C $PSScriptRoot ls-files -- '*.ps1' '*.psd1' '*.psm1'
    $findings = foreach ($file in $files) {
        # The manifest names files that lie beside it only where the module is laid out.
        $path = Join-Path ($file -eq "$name.psd1" ? $module : $PSScriptRoot) $file
        Invoke-ScriptAnalyzer -Path $path -Settings (Join-Path $PSScriptRoot 'PSScriptAnalyzerSettings.psd1')
    }
    if ($findings) {
        $findings | ForEach-Object { Write-Output ("{0}:{1} {2} {3}" -f $_.ScriptName, $_.Line, $_.RuleName, $_.Message) }
        throw "PSScriptAnalyzer: $(@($findings).Count) finding(s)."
    }
    "PSScriptAnalyzer: nothing found in $(@($files).Count) file(s)."
}

function Compress-Module {
    $version = (Import-PowerShellDataFile (Join-Path $module "$name.psd1")).ModuleVersion
    $package = Join-Path $artifacts "$name.$version.zip"
    Compress-Archive -Path $module -DestinationPath $package -Force
    Get-Item $package
}

foreach ($step in 'Clean', 'Build', 'Test', 'Pester', 'Analyze', 'Pack') {
    if ($step -notin $Task) { continue }
    switch ($step) {
        'Clean' { Clear-Output }
        'Build' { Build-Module }
        'Test' { Test-Solution }
        'Pester' { Test-WithPester }
        'Analyze' { Test-Script }
        'Pack' { Compress-Module }
    }
}
