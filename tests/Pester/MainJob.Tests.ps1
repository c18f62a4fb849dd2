# The main job, as a user types it: see, try, apply, undo, apply again.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $script:project = Enter-SandboxProject
}

AfterAll {
    Exit-SandboxProject $project
}

Describe 'The main job on the sandbox' {
    It 'sees everything as pending at first' {
        $status = Get-VsMigrationStatus -Sandbox
        $status.Count | Should -Be @(Get-ChildItem migrations/*.sql -Exclude *.down.sql).Count
        $status.State | Should -Be (@('Pending') * $status.Count)
    }

    It 'tries without a trace' {
        Get-VsMigrationStatus -Sandbox | Where-Object Pending | Invoke-VsMigration -Sandbox -WhatIf
        (Get-VsMigrationStatus -Sandbox).Pending | Should -Not -Contain $false
        Get-SchemaDump $project | Should -Not -Match '_sqlx_migrations'
    }

    It 'applies what is pending, down the pipeline' {
        $results = Get-VsMigrationStatus -Sandbox | Where-Object Pending | Invoke-VsMigration -Sandbox
        $results.Outcome | Should -Be (@('Applied') * $results.Count)
        (Get-VsMigrationStatus -Sandbox).State | Should -Not -Contain 'Pending'
    }

    It 'has nothing to do when asked again' {
        Invoke-VsMigration -Sandbox | Should -BeNullOrEmpty
    }

    It 'undoes everything and applies it again to the same schema' {
        $first = Get-SchemaDump $project
        $undone = Undo-VsMigration -Sandbox -All -Confirm:$false
        $undone.Outcome | Should -Be (@('Reverted') * $undone.Count)
        $undone.Version | Should -Be ($undone.Version | Sort-Object -Descending)
        $null = Invoke-VsMigration -Sandbox
        Get-SchemaDump $project | Should -Be $first
    }

    It 'goes back to a version, which stays' {
        $versions = (Get-VsMigrationStatus -Sandbox).Version
        $undone = Undo-VsMigration -Sandbox -Target $versions[0] -Confirm:$false
        $undone.Count | Should -Be ($versions.Count - 1)
        (Get-VsMigrationStatus -Sandbox | Where-Object Applied).Version | Should -Be $versions[0]
        $null = Invoke-VsMigration -Sandbox
    }

    It 'gives the plan as objects and as SQL' {
        $plan = Get-VsMigrationPlan -Undo -Count 1 -Sandbox
        $plan.Direction | Should -Be 'Down'
        Get-VsMigrationPlan -Undo -Count 1 -Sandbox -AsSql | Should -BeLike '*DELETE FROM*_sqlx_migrations*'
    }

    It 'finds nothing wrong with its own migrations' {
        Test-VsMigration -Sandbox -Rollback | Should -BeNullOrEmpty
        Test-VsMigration -Sandbox -Quiet | Should -BeTrue
    }

    It 'writes, applies and undoes a new migration' {
        $files = New-VsMigration 'add teams' -Template table -Property @{ table = 'teams' }
        $files.Count | Should -Be 2
        (Invoke-VsMigration -Sandbox).Description | Should -Be 'add teams'
        (Undo-VsMigration -Sandbox -Confirm:$false).Description | Should -Be 'add teams'
        $files | Remove-Item
    }
}

Describe 'Errors' {
    It 'stops at an edited file with a stable id, and says what is to be done' {
        Add-Content migrations/20250926152953_initial_schema.sql '-- edited'
        try {
            $e = { Invoke-VsMigration -Sandbox -ErrorAction Stop } | Should -Throw -PassThru
            $e.FullyQualifiedErrorId | Should -BeLike 'ChecksumMismatch,*'
            $e.CategoryInfo.Category | Should -Be 'InvalidData'
            $e.Exception.Message | Should -BeLike '*Nothing was changed.*'
            $e.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        } finally {
            Copy-Item "$PSScriptRoot/../../migrations/20250926152953_initial_schema.sql" migrations -Force
        }
    }

    It 'can be caught by type' {
        $caught = $null
        try { Invoke-VsMigration -ConnectionString 'postgresql://nobody@127.0.0.1:1/none' -ErrorAction Stop } catch [VividShift.Migrations.MigrationException] { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -BeLike 'ConnectionFailed,*'
    }

    It 'never shows a password, however much is asked for' {
        $secret = 'S3cr3t-' + [guid]::NewGuid()
        $port = (Get-VsSandbox).Port
        $all = try {
            Invoke-VsMigration -ConnectionString "postgresql://vividshift:$secret@127.0.0.1:$port/vividshift" -Verbose -Debug -ErrorAction Stop *>&1
        } catch { $_; $_.Exception; $_.Exception.InnerException }
        ($all | Out-String) + ($all | Format-List * -Force | Out-String) | Should -Not -Match $secret
        ($all | Out-String) | Should -Match '127.0.0.1'
    }
}
