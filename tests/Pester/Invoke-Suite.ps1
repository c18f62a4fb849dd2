<#
.SYNOPSIS
Runs the tests of this folder and writes down what came of them. build.ps1 calls it in a process of its own, which it stops when it
hangs.
.PARAMETER Pester
The manifest of the Pester that runs them.
.PARAMETER Result
The file that gets the counts.
.PARAMETER Path
The test files. Default: all of this folder.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Pester,
    [Parameter(Mandatory)] [string] $Result,
    [string[]] $Path = $PSScriptRoot
)

$ErrorActionPreference = 'Stop'
if ([Console]::IsOutputRedirected) { $PSStyle.OutputRendering = 'PlainText' }
Import-Module $Pester
$settings = New-PesterConfiguration
$settings.Run.Path = $Path
$settings.Run.PassThru = $true
$settings.Output.Verbosity = 'Detailed'
$settings.Output.StackTraceVerbosity = 'Filtered'
$run = Invoke-Pester -Configuration $settings
# A file or a block that could not begin has no failed test, and is a failure all the same.
$failed = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
[ordered]@{ Passed = $run.PassedCount; Failed = $failed; Skipped = $run.SkippedCount + $run.InconclusiveCount } |
    ConvertTo-Json | Set-Content $Result
exit [int] ($failed -gt 0 -or -not $run.PassedCount)
