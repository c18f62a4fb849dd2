# build.ps1 and what the README tells a newcomer to run.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
    $install = Join-Path $root 'tests/Install-PostgreSql.ps1'

    # A machine whose only package manager writes down what it is asked, and then "installs" these programs.
    function Initialize-Machine([string] $Manager, [string[]] $Brings) {
        $folder = Join-Path $TestDrive ([guid]::NewGuid().ToString('n'))
        $null = New-Item $folder/bin, $folder/postgresql -ItemType Directory
        if ($Manager) {
            $lines = @('#!/bin/sh', "echo `"$Manager `$*`" >> '$folder/asked.log'")
            $lines += $Brings.ForEach({ "/bin/cp /bin/true '$folder/postgresql/$_'" })
            Set-Content "$folder/bin/$Manager" $lines
            & /bin/chmod +x "$folder/bin/$Manager"
        }
        $null = New-Item "$folder/bin/env" -ItemType SymbolicLink -Value /usr/bin/env
        # As whoever runs this: sudo runs it, and nothing more.
        Set-Content "$folder/bin/sudo" '#!/bin/sh', 'exec "$@"'
        & /bin/chmod +x "$folder/bin/sudo"
        $folder
    }

    function Install-On([string] $Folder, [string[]] $More) {
        $path = $env:PATH
        try {
            $env:PATH = "$Folder/bin"
            $places = "'$Folder/nowhere', '$Folder/none*/bin', '$Folder/post*'"
            $output = Invoke-Pwsh -Command "& '$install' -Folder $places $More" 2>&1 | Out-String
        } finally {
            $env:PATH = $path
        }
        [pscustomobject]@{ ExitCode = $LASTEXITCODE; Output = $output; Asked = @(Get-Content "$Folder/asked.log" -ErrorAction Ignore) }
    }

    $script:programs = 'initdb', 'pg_ctl', 'postgres', 'psql', 'pg_dump', 'pg_restore'
}

Describe 'Bootstrap' {
    It 'installs server and client programs by <Manager> when they are missing, and says so' -ForEach @(
        @{ Manager = 'apt-get'; Asked = 'apt-get update -q', 'apt-get install -q -y --no-install-recommends postgresql postgresql-client' }
        @{ Manager = 'dnf'; Asked = , 'dnf install -y postgresql-server postgresql-contrib postgresql' }
        @{ Manager = 'brew'; Asked = , 'brew install postgresql@17' }
        @{ Manager = 'winget'; Asked = , 'winget install --exact --id PostgreSQL.PostgreSQL.17 --silent --accept-package-agreements --accept-source-agreements' }
    ) {
        $run = Install-On (Initialize-Machine $Manager $programs)
        $run.ExitCode | Should -Be 0 -Because $run.Output
        $run.Asked | Should -Be $Asked
        $run.Output | Should -BeLike '*PostgreSQL is not installed: initdb, pg_ctl, postgres, psql, pg_dump, pg_restore not found.*'
    }

    It 'leaves a machine alone that has them' {
        $machine = Initialize-Machine apt-get
        $programs.ForEach({ Copy-Item /bin/true "$machine/postgresql/$_" })
        $run = Install-On $machine
        $run.ExitCode | Should -Be 0 -Because $run.Output
        $run.Output.Trim() | Should -Be 'PostgreSQL is installed: nothing to do.'
        $run.Asked | Should -BeNullOrEmpty
    }

    It 'takes a program that does not run for a missing one' {
        $machine = Initialize-Machine apt-get $programs
        $programs.ForEach({ Copy-Item /bin/false "$machine/postgresql/$_" })
        $run = Install-On $machine
        $run.ExitCode | Should -Be 0 -Because $run.Output
        $run.Asked | Should -HaveCount 2
    }

    It 'installs nothing with -WhatIf' {
        $run = Install-On (Initialize-Machine apt-get $programs) '-WhatIf'
        [regex]::Matches($run.Output, 'What if:').Count | Should -Be 1
        $run.Output -replace '\s+', ' ' | Should -BeLike '*What if: *apt-get install*'
        $run.Asked | Should -BeNullOrEmpty
    }

    It 'fails when they are still missing afterwards' {
        $run = Install-On (Initialize-Machine apt-get initdb, pg_ctl, postgres)
        $run.ExitCode | Should -Be 1
        $run.Output -replace '\W+', ' ' | Should -BeLike '*psql pg_dump pg_restore are still not found*VIVIDSHIFT_PGBIN*'
    }

    It 'fails when no package manager is there, and says what to do' {
        $run = Install-On (Initialize-Machine)
        $run.ExitCode | Should -Be 1
        $run.Output -replace '\W+', ' ' | Should -BeLike '*Install PostgreSQL s server and client programs*VIVIDSHIFT_PGBIN*'
    }
}

Describe 'Try' {
    BeforeAll {
        # Everything it may leave lies here. Its server does not run as root, so everybody may enter.
        function Show-MainJob([string[]] $More) {
            $script:place = Join-Path ([IO.Path]::GetTempPath()) "vs-pester-$([guid]::NewGuid().ToString('n').Substring(0, 8))"
            $null = New-Item $place/home, $place/temp -ItemType Directory
            $before = $env:TMPDIR, $env:TEMP, $env:VIVIDSHIFT_SANDBOX_HOME
            try {
                $env:TMPDIR = $env:TEMP = "$place/temp"
                $env:VIVIDSHIFT_SANDBOX_HOME = "$place/home"
                $output = Invoke-Pwsh -File (Join-Path $root 'scripts/Show-MainJob.ps1') @More 2>&1 | Out-String
            } finally {
                $env:TMPDIR, $env:TEMP, $env:VIVIDSHIFT_SANDBOX_HOME = $before
            }
            [pscustomobject]@{ ExitCode = $LASTEXITCODE; Output = $output }
        }
    }

    AfterEach {
        Get-ChildItem $place/temp -Directory -Filter 'vividshift-*' | Should -BeNullOrEmpty
        Get-ChildItem $place/home -Recurse -Filter PG_VERSION | Should -BeNullOrEmpty
        Remove-Item $place -Recurse -Force
    }

    It 'does the main job, shows it as tables, and leaves nothing' {
        $run = Show-MainJob
        $run.ExitCode | Should -Be 0 -Because $run.Output
        $run.Output | Should -Match 'Version +Description +Outcome +Statements +Duration'
        [regex]::Matches($run.Output, '\+ Applied').Count | Should -Be 4
        [regex]::Matches($run.Output, '- Reverted').Count | Should -Be 2
        $run.Output | Should -Not -Match ([char] 27) -Because 'output that goes to no terminal is not coloured'
    }

    It 'cleans up after a migration that fails, too, and fails' {
        $folder = New-Item (Join-Path $TestDrive 'broken') -ItemType Directory
        Set-Content "$folder/1_broken.sql" 'SELECT nonsense;'
        $run = Show-MainJob '-Migrations', $folder
        $run.ExitCode | Should -Be 1
        $run.Output | Should -Match 'nonsense'
    }
}

Describe 'build.ps1' {
    It 'takes its tasks as a list and as words, and names a task that does not exist' -ForEach @(
        @{ Words = , 'Clean,Nothing' }
        @{ Words = 'Clean,', 'Nothing' }
    ) {
        $output = Invoke-Pwsh -File (Join-Path $root 'build.ps1') -Task @Words 2>&1 | Out-String
        $LASTEXITCODE | Should -Be 1
        $output | Should -Match "There is no task 'Nothing'"
    }

    It 'has help for each parameter but the one that catches words' {
        $help = Get-Help (Join-Path $root 'build.ps1') -Full
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.parameters.parameter.description.Text | Should -Not -BeNullOrEmpty
    }
}
