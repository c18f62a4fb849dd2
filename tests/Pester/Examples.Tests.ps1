# What the README and the help show must be what the module takes.

BeforeDiscovery {
    $readme = Get-Content "$PSScriptRoot/../../README.md" -Raw
    $shown = @([regex]::Matches($readme, '(?ms)^```powershell\n(.*?)^```').ForEach({ @{ Where = 'README.md'; Code = $_.Groups[1].Value } }))
    [xml] $help = Get-Content "$PSScriptRoot/../../module/en-US/VividShift.Migrations.PowerShell.dll-Help.xml" -Raw
    foreach ($command in $help.helpItems.command) {
        foreach ($example in $command.examples.example) { $shown += @{ Where = "Get-Help $($command.details.name)"; Code = [string] $example.code } }
    }
    if ($shown.Count -lt 40) { throw "Only $($shown.Count) examples found: the search for them is broken." }
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-BuiltModule
}

Describe 'An example of <Where>' -ForEach $shown {
    It 'parses and uses only parameters that exist: <Code>' {
        $problems = $null
        $tree = [Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $problems)
        $problems | Should -BeNullOrEmpty
        foreach ($call in $tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
            $command = Get-Command $call.GetCommandName() -Module VividShift.Migrations -ErrorAction Ignore
            if (-not $command) {
                $call.GetCommandName() | Should -Not -Match '-Vs'
                continue
            }
            foreach ($parameter in $call.CommandElements.Where({ $_ -is [Management.Automation.Language.CommandParameterAst] })) {
                { $command.ResolveParameter($parameter.ParameterName) } | Should -Not -Throw -Because "$command has -$($parameter.ParameterName)"
            }
        }
    }
}
