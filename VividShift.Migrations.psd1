@{
    RootModule           = 'VividShift.Migrations.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '6f0c1f0e-3a3d-4f5d-9a55-9b8f1a6f7c21'
    Author               = 'VividShift contributors'
    CompanyName          = 'VividShift'
    Copyright            = '(c) VividShift contributors. MIT licence.'
    Description          = 'Write, see, apply and undo PostgreSQL schema migrations. Speaks sqlx: same files, same history table, same checksums, same lock.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @(
        'VividShift.Migrations.Format.ps1xml'
        'VividShift.Migrations.Activity.Format.ps1xml'
        'VividShift.Migrations.Backup.Format.ps1xml'
        'VividShift.Migrations.Health.Format.ps1xml'
        'VividShift.Migrations.Repair.Format.ps1xml'
        'VividShift.Migrations.Seeding.Format.ps1xml'
        'VividShift.Migrations.Restore.Format.ps1xml'
    )
    TypesToProcess       = @('VividShift.Migrations.Types.ps1xml')
    CmdletsToExport      = @(
        'Backup-VsDatabase'
        'ConvertTo-VsReport'
        'Get-VsBackup'
        'Get-VsConfiguration'
        'Get-VsDatabase'
        'Get-VsDatabaseActivity'
        'Get-VsMigrationPlan'
        'Get-VsMigrationStatus'
        'Get-VsSandbox'
        'Invoke-VsMigration'
        'Invoke-VsSeed'
        'New-VsMigration'
        'Register-VsMigration'
        'Remove-VsBackup'
        'Repair-VsMigration'
        'Restore-VsDatabase'
        'Start-VsSandbox'
        'Stop-VsDatabaseActivity'
        'Stop-VsSandbox'
        'Test-VsBackup'
        'Test-VsDatabase'
        'Test-VsMigration'
        'Undo-VsMigration'
        'Unregister-VsMigration'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('PostgreSQL', 'Migration', 'Database', 'DevOps', 'sqlx', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://github.com/vividshift/vividshift-migrations/blob/main/LICENSE'
            ProjectUri   = 'https://github.com/vividshift/vividshift-migrations'
            ReleaseNotes = 'See CHANGELOG.md'
        }
    }
}
