#!/usr/bin/env pwsh

<#
.SYNOPSIS
Builds, tests, shows, analyzes and packs the module.
.DESCRIPTION
Needs the .NET SDK alone: `dotnet tool restore` brings PowerShell, and `dotnet pwsh ./build.ps1` runs this in it. An installed pwsh
will do, too.
Only puts commands in order: `dotnet build` alone already lays out the finished module under artifacts/module.

Clean      removes what was built
Bootstrap  installs PostgreSQL where it is missing; asks first
Build      builds everything
Analyze    runs PSScriptAnalyzer, where it is installed
XUnit      builds, and runs the tests in C#
Pester     builds, and runs the tests in PowerShell
Test       XUnit and Pester; the last line counts both
Try        builds, and does the main job on a private server
Pack       builds, and packs the module as a zip file
.EXAMPLE
dotnet pwsh ./build.ps1
Builds the module.
.EXAMPLE
dotnet pwsh ./build.ps1 -Task Bootstrap, Test
What a newcomer and CI run.
.EXAMPLE
dotnet pwsh ./build.ps1 -Task Analyze, Test, Pack -Configuration Release
What a release runs.
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    # What to do; always done in the order of the description.
    [ArgumentCompletions('Clean', 'Bootstrap', 'Build', 'Analyze', 'XUnit', 'Pester', 'Test', 'Try', 'Pack')]
    [Parameter(Position = 0)]
    [string[]] $Task = 'Build',

    # Debug or Release.
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug',

    # Further tasks: `pwsh ./build.ps1 -Task Bootstrap, Test` hands the list over word by word, comma included.
    [Parameter(ValueFromRemainingArguments, DontShow)]
    [string[]] $More = @()
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

$name = 'VividShift.Migrations'
$solution = Join-Path $PSScriptRoot 'VividShift.sln'
$tests = Join-Path $PSScriptRoot 'tests'
$artifacts = Join-Path $PSScriptRoot 'artifacts'
$module = Join-Path $artifacts "module/$name"
$results = Join-Path $artifacts 'test-results'
$common = '--nologo', '-c', $Configuration
$counts = [ordered]@{ passed = 0; failed = 0; skipped = 0 }
$built = $false

function Clear-Output {
    dotnet clean $solution @common -v quiet
    if (Test-Path $artifacts) { Remove-Item $artifacts -Recurse -Force }
}

function Build-Module {
    if ($script:built) { return }
    dotnet build $solution @common -v minimal
    $script:built = $true
}

function Test-Script {
    if (-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
        Write-Warning 'PSScriptAnalyzer is not installed, so the scripts WERE NOT ANALYZED. Install-PSResource PSScriptAnalyzer brings it.'
        return
    }
    Build-Module
    $files = git -C $PSScriptRoot ls-files -- '*.ps1' '*.psd1' '*.psm1'
    $findings = foreach ($file in $files) {
        # The manifest names files that lie beside it only where the module is laid out.
        $path = Join-Path ($file -eq "$name.psd1" ? $module : $PSScriptRoot) $file
        Invoke-ScriptAnalyzer -Path $path -Settings (Join-Path $PSScriptRoot 'PSScriptAnalyzerSettings.psd1')
    }
    if ($findings) {
        $findings | ForEach-Object { Write-Output ('{0}:{1} {2} {3}' -f $_.ScriptName, $_.Line, $_.RuleName, $_.Message) }
        throw "PSScriptAnalyzer: $(@($findings).Count) finding(s)."
    }
    "PSScriptAnalyzer: nothing found in $(@($files).Count) file(s)."
}

# Runs a program with a time limit, so that a test that hangs ends red; its children end with it. Emits its exit code.
function Invoke-Limited([int] $Minutes, [string[]] $Command) {
    $process = [Diagnostics.Process]::Start($Command[0], [string[]] @($Command | Select-Object -Skip 1))
    try {
        $end = [datetime]::UtcNow.AddMinutes($Minutes)
        while (-not $process.WaitForExit(200)) {
            if ([datetime]::UtcNow -gt $end) {
                Write-Warning "Not finished within $Minutes minutes, so it was stopped: $Command"
                return 124
            }
        }
        $process.ExitCode
    } finally {
        if (-not $process.HasExited) { $process.Kill($true) }
        $process.Dispose()
    }
}

# This PowerShell, started again with a script. Not `pwsh`: as a .NET tool that is a shim, and its child would outlive a time limit.
function Invoke-Script([int] $Minutes, [string[]] $Command) {
    $program = [Environment]::ProcessPath
    $shell = (Split-Path $program -LeafBase) -eq 'dotnet' ? ($program, (Join-Path $PSHOME 'pwsh.dll')) : @($program)
    Invoke-Limited $Minutes ($shell + '-NoProfile' + '-NonInteractive' + '-File' + $Command)
}

# A suite that ends badly without a failed test counts as one: nobody may take it for green.
function Add-Count([string] $Suite, [int] $Passed, [int] $Failed, [int] $Skipped, [string] $Problem) {
    if ($Passed -eq 0 -and -not $Problem) { $Problem = 'no test ran.' }
    if ($Problem) { Write-Warning "${Suite}: $Problem" }
    $counts.passed += $Passed
    $counts.failed += $Problem -and $Failed -eq 0 ? 1 : $Failed
    $counts.skipped += $Skipped
}

function Clear-ResultFolder([string] $Suite) {
    $folder = Join-Path $results $Suite
    if (Test-Path $folder) { Remove-Item $folder -Recurse }
    (New-Item $folder -ItemType Directory).FullName
}

function Test-WithXUnit {
    Build-Module
    $folder = Clear-ResultFolder xunit
    # A test that hangs is named after five minutes without any other; the limit is for what that does not see.
    $hang = '--blame-hang-timeout', '5min', '--blame-hang-dump-type', 'none'
    $write = '--logger', 'trx', '--results-directory', $folder
    $code = Invoke-Limited 20 (@('dotnet', 'test', $solution, '--no-build') + $common + $hang + $write)
    if ($code -ne 0) {
        # A suite is a program of its own, which outlives a test host that was ended.
        Get-Process *.Tests -ErrorAction Ignore | Where-Object { "$($_.Path)".StartsWith($tests) } | Stop-Process -Force
    }
    $runs = @(Get-ChildItem $folder -Filter *.trx | ForEach-Object { ([xml] (Get-Content $_ -Raw)).TestRun.ResultSummary.Counters })
    $expected = @(Get-ChildItem $tests -Directory -Filter *.Tests).Count
    $problem = if ($runs.Count -ne $expected) { "$($runs.Count) of $expected test projects ran." }
    elseif ($code -ne 0) { "dotnet test ended with exit code $code." }
    $passed, $failed, $total = foreach ($counter in 'passed', 'failed', 'total') {
        ($runs | ForEach-Object { [int] $_.$counter } | Measure-Object -Sum).Sum
    }
    Add-Count xUnit -Passed $passed -Failed $failed -Skipped ($total - $passed - $failed) -Problem $problem
}

function Test-WithPester {
    Build-Module
    $folder = Clear-ResultFolder pester
    dotnet msbuild (Join-Path $tests 'Pester/Pester.csproj') --nologo -v:quiet -restore -t:LayOut
    $suite = Join-Path $tests 'Pester/Invoke-Suite.ps1'
    $code = Invoke-Script 15 $suite, '-Pester', "$artifacts/Pester/Pester.psd1", '-Result', "$folder/counts.json"
    $problem = if ($code -ne 0) { "ended with exit code $code." }
    $run = (Test-Path "$folder/counts.json") ? (Get-Content "$folder/counts.json" -Raw | ConvertFrom-Json -AsHashtable) : @{}
    Add-Count Pester @run -Problem $problem
}

function Write-Count {
    "`n$($counts.passed) passed, $($counts.failed) failed$(if ($counts.skipped) { ", $($counts.skipped) skipped" })"
}

function Show-MainJob {
    Build-Module
    $code = Invoke-Script 10 (Join-Path $PSScriptRoot 'scripts/Show-MainJob.ps1'), '-Module', $module
    if ($code -ne 0) { exit $code }
}

function Compress-Module {
    Build-Module
    $version = (Import-PowerShellDataFile (Join-Path $module "$name.psd1")).ModuleVersion
    $package = Join-Path $artifacts "$name.$version.zip"
    Compress-Archive -Path $module -DestinationPath $package -Force
    Get-Item $package
}

$order = 'Clean', 'Bootstrap', 'Build', 'Analyze', 'XUnit', 'Pester', 'Try', 'Pack'
$asked = @($Task + $More | ForEach-Object { $_ -split ',' } | ForEach-Object Trim | Where-Object { $_ })
$unknown = @($asked | Where-Object { $_ -notin $order -and $_ -ne 'Test' })
if ($unknown) { throw "There is no task '$($unknown -join "', '")'. There are $($order -join ', '), and Test for XUnit and Pester." }
if ('Test' -in $asked) { $asked += 'XUnit', 'Pester' }
switch ($order | Where-Object { $_ -in $asked }) {
    'Clean' { Clear-Output }
    'Bootstrap' { & (Join-Path $tests 'Install-PostgreSql.ps1') }
    'Build' { Build-Module }
    'Analyze' { Test-Script }
    'XUnit' { Test-WithXUnit }
    'Pester' { Test-WithPester }
    'Try' { Show-MainJob }
    'Pack' { Compress-Module }
}
if ('XUnit' -in $asked -or 'Pester' -in $asked) {
    Write-Count
    if ($counts.failed) { exit 1 }
}
