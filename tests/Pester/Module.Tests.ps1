# What a user meets before any database: import, help, completion, views.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    Import-BuiltModule
    $project = New-TestProject
    Push-Location $project
    '{}' | Set-Content vividshift.json
    '{}' | Set-Content vividshift.staging.json

    function Complete {
        param([string] $Line)
        (TabExpansion2 $Line $Line.Length).CompletionMatches
    }
}

AfterAll {
    Pop-Location
    Remove-Item $project -Recurse -Force
}

Describe 'The module' {
    It 'has a manifest that PowerShell accepts' {
        (Test-ModuleManifest (Get-Module VividShift.Migrations).Path.Replace('.PowerShell.dll', '.psd1')).Name | Should -Be 'VividShift.Migrations'
    }

    It 'loads neither Npgsql nor the engine at import' {
        $seen = Invoke-Pwsh -Command "
            Import-Module '$((Get-Module VividShift.Migrations).ModuleBase)/VividShift.Migrations.psd1'
            [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match '^(Npgsql|VividShift)' | Sort-Object"
        $seen | Should -Be 'VividShift.Migrations.Core', 'VividShift.Migrations.PowerShell'
    }

    It 'exports <_> with an approved verb, help, three examples and a described output' -ForEach (Import-PowerShellDataFile "$PSScriptRoot/../../VividShift.Migrations.psd1").CmdletsToExport {
        $command = Get-Command $_ -Module VividShift.Migrations
        $command.Verb | Should -BeIn (Get-Verb).Verb
        $command.OutputType | Should -Not -BeNullOrEmpty
        $help = Get-Help $_ -Full
        $help.Synopsis | Should -Not -Match "^\s*$_ "
        @($help.examples.example).Count | Should -BeGreaterOrEqual 3
        $common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters
        foreach ($parameter in $command.Parameters.Keys | Where-Object { $_ -notin $common }) {
            $described = Get-Help $command.Name -Parameter $parameter
            ($described.description | Out-String).Trim() | Should -Not -BeNullOrEmpty -Because "-$parameter is described"
        }
    }
}

Describe 'Completion' {
    It 'offers the versions of the folder for -Target, with their names' {
        $found = Complete 'Invoke-VsMigration -Target '
        $found.CompletionText | Should -Contain '20250926152953'
        $found.ToolTip -join "`n" | Should -Match 'initial schema'
    }

    It 'offers templates' {
        (Complete 'New-VsMigration -Name x -Template ').CompletionText | Should -Contain 'table'
    }

    It 'offers the environments that have a file' {
        (Complete 'Get-VsMigrationStatus -Environment st').CompletionText | Should -Be 'staging'
    }

    It 'offers how transactions are drawn' {
        (Complete 'Invoke-VsMigration -Transaction ').CompletionText | Should -Be 'All', 'PerMigration'
    }
}

Describe 'about_VividShift_Migrations' {
    It 'is found' {
        Get-Help about_VividShift_Migrations | Out-String | Should -Match 'sqlx'
    }
}
