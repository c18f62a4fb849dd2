# What the test files share: the built module, and a project folder of their own with a private server.

$ErrorActionPreference = 'Stop'

function Import-BuiltModule {
    $manifest = "$PSScriptRoot/../../artifacts/module/VividShift.Migrations/VividShift.Migrations.psd1"
    if (-not (Test-Path $manifest)) { throw "The module is not built: $manifest is missing. Run dotnet build VividShift.sln first." }
    Import-Module $manifest -Force
}

# This PowerShell once more, as a process of its own. Not by the name pwsh: as a .NET tool that may be a shim, and it may be none at
# all where .NET is not where its installer puts it.
function Invoke-Pwsh {
    $program = [Environment]::ProcessPath
    [string[]] $first = if ((Split-Path $program -LeafBase) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' }
    # The exit code is what the tests look at; it is no error of theirs.
    $PSNativeCommandUseErrorActionPreference = $false
    & $program @first -NoProfile -NonInteractive @args
}

function New-TestProject {
    [CmdletBinding(SupportsShouldProcess)]
    param([switch] $Empty)
    $folder = Join-Path ([IO.Path]::GetTempPath()) "vs-pester-$([guid]::NewGuid().ToString('n').Substring(0, 8))"
    if ($PSCmdlet.ShouldProcess($folder, 'Create')) {
        New-Item -ItemType Directory (Join-Path $folder 'migrations') | Out-Null
        if (-not $Empty) {
            Copy-Item "$PSScriptRoot/../../migrations/*.sql" (Join-Path $folder 'migrations')
        }
    }
    $folder
}

function Enter-SandboxProject {
    # A project folder with its server, and the location in it.
    Import-BuiltModule
    $project = New-TestProject
    Push-Location $project
    $null = Start-VsSandbox
    $project
}

function Exit-SandboxProject {
    param([string] $Project)
    Stop-VsSandbox -Remove -Confirm:$false
    Pop-Location
    Remove-Item $Project -Recurse -Force
}

function Get-SchemaDump {
    param([string] $Folder)
    # pg_dump's own session marks (\restrict) are random.
    $server = Get-VsSandbox -ProjectFolder $Folder
    $state = Get-Content (Join-Path (Split-Path $server.DataFolder) 'sandbox.json') -Raw | ConvertFrom-Json
    $env:PGPASSWORD = $state.password
    try {
        & (Join-Path $server.BinaryFolder 'pg_dump') -h 127.0.0.1 -p $server.Port -U $server.UserName -d $server.Database --schema-only |
            Where-Object { $_ -notmatch '^\\(un)?restrict ' }
    } finally {
        Remove-Item Env:PGPASSWORD
    }
}
