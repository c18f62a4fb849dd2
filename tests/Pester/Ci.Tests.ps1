# .ci/run and the counting of build.ps1: what must not be taken for green ends red, and says why.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path

    # Runs .ci/run where dotnet is a script: what each of its commands does is told by its first words.
    function Invoke-Ci([string] $Dotnet, [string] $Readme = (Get-Content "$root/README.md" -Raw)) {
        $folder = Join-Path $TestDrive ([guid]::NewGuid().ToString('n'))
        $null = New-Item "$folder/.ci", "$folder/bin" -ItemType Directory
        Copy-Item "$root/.ci/run" "$folder/.ci/run"
        Set-Content "$folder/README.md" $Readme
        Set-Content "$folder/bin/dotnet" "#!/bin/sh`necho `"dotnet `$*`"`ncase `"`$*`" in`n$Dotnet`nesac"
        & /bin/chmod +x "$folder/bin/dotnet"
        $PSNativeCommandUseErrorActionPreference = $false
        $lines = @(& /usr/bin/env "PATH=$folder/bin:$env:PATH" bash "$folder/.ci/run" 2>&1 | ForEach-Object { "$_" })
        [pscustomobject]@{ ExitCode = $LASTEXITCODE; Lines = $lines; Last = $lines[-1] }
    }

    # The functions of build.ps1, as strict as there, without what it does.
    Set-StrictMode -Version 3
    $tree = [Management.Automation.Language.Parser]::ParseFile("$root/build.ps1", [ref] $null, [ref] $null)
    foreach ($function in $tree.FindAll({ $args[0] -is [Management.Automation.Language.FunctionDefinitionAst] }, $false)) {
        . ([scriptblock]::Create($function.Extent.Text))
    }
}

Describe '.ci/run' {
    It 'builds, checks, tests and tries what the README says, and ends with the count' {
        $run = Invoke-Ci '*Bootstrap*) echo; echo "2312 passed, 0 failed";;'
        $run.ExitCode | Should -Be 0 -Because ($run.Lines -join "`n")
        $run.Last | Should -Be '2312 passed, 0 failed'
        $run.Lines -like 'dotnet *' | Should -Be @(
            'dotnet build VividShift.sln --nologo -v minimal'
            'dotnet format VividShift.sln --verify-no-changes --no-restore'
            'dotnet tool restore'
            'dotnet pwsh -NoProfile -NonInteractive ./build.ps1 -Task Analyze'
            'dotnet tool restore && dotnet pwsh ./build.ps1 -Task Bootstrap, Test'
            'dotnet tool restore'
            'dotnet pwsh ./build.ps1 -Task Bootstrap, Test'
            'dotnet tool restore && dotnet pwsh ./build.ps1 -Task Try'
            'dotnet tool restore'
            'dotnet pwsh ./build.ps1 -Task Try'
        )
    }

    It 'shows skipped tests and fails by failed ones' {
        $run = Invoke-Ci '*Bootstrap*) echo "7 passed, 2 failed, 1 skipped"; exit 1;;'
        $run.ExitCode | Should -Be 1
        $run.Last | Should -Be '7 passed, 2 failed, 1 skipped'
    }

    It 'is red and says so when the tests end without a count: <Dotnet>' -ForEach @(
        @{ Dotnet = '*Bootstrap*) exit 0;;' }
        @{ Dotnet = '*Bootstrap*) exit 139;;' }
    ) {
        $run = Invoke-Ci $Dotnet
        $run.ExitCode | Should -Be 1
        $run.Lines | Should -Contain 'The tests ended without a line that counts them.'
        $run.Last | Should -Be '0 passed, 1 failed'
    }

    It 'is red and says so when the README has no block to run' {
        $run = Invoke-Ci '*) ;;' "# Read me`n`n## Try it`n"
        $run.ExitCode | Should -Be 1
        $run.Lines | Should -Contain 'README.md has no sh block under "## Run the tests".'
        $run.Lines | Should -Contain 'README.md has no sh block under "## Try it".'
    }

    It 'is red when <Command> fails' -ForEach @(
        @{ Command = 'build*' }
        @{ Command = 'format*' }
        @{ Command = 'tool*' }
        @{ Command = '*Analyze' }
        @{ Command = '*Try' }
    ) {
        (Invoke-Ci "*Bootstrap*) echo '1 passed, 0 failed';; $Command) exit 1;;").ExitCode | Should -Be 1
    }
}

Describe 'build.ps1 -Task Test' {
    BeforeEach {
        $script:counts = [ordered]@{ passed = 0; failed = 0; skipped = 0 }
    }

    It 'adds up both suites' {
        Add-Count xUnit -Passed 2000
        Add-Count Pester -Passed 150 -Failed 2
        (Write-Count).Trim() | Should -Be '2150 passed, 2 failed'
    }

    It 'shows skipped tests' {
        Add-Count xUnit -Passed 10 -Skipped 3
        (Write-Count).Trim() | Should -Be '10 passed, 0 failed, 3 skipped'
    }

    It 'counts a suite that ended badly without a failed test as a failure: <Problem>' -ForEach @(
        @{ Passed = 0; Problem = '' }
        @{ Passed = 2000; Problem = '2 of 3 test projects ran.' }
    ) {
        Add-Count xUnit -Passed $Passed -Problem $Problem 3>$null
        (Write-Count).Trim() | Should -Be "$Passed passed, 1 failed"
    }

    It 'gives the exit code of what ends' {
        Invoke-Limited 1 '/bin/sh', '-c', 'exit 7' | Should -Be 7
        Invoke-Limited 1 '/bin/false' | Should -Be 1
    }

    It 'stops what does not end, with all its children, and says so' {
        $pidFile = Join-Path $TestDrive 'pid'
        $code = Invoke-Limited 0 '/bin/sh', '-c', "sleep 600 & echo `$! > '$pidFile'; wait" 3>&1
        $code[0] | Should -BeLike 'Not finished within 0 minutes, so it was stopped: /bin/sh*'
        $code[1] | Should -Be 124
        # Killed, though perhaps not yet taken note of by whoever has to.
        $PSNativeCommandUseErrorActionPreference = $false
        & /bin/ps -o stat= -p (Get-Content $pidFile) | Should -Not -Match '^[^Z]'
    }
}
