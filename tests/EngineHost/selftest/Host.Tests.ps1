# The command line and the exit codes: a shell of the kind that runs this, as a process.
BeforeAll {
    $script = Join-Path $PSScriptRoot 'fixtures/Script.ps1'
    function Invoke-Shell {
        $shell = @(if ($Host.Name -eq 'EngineHost') { 'dotnet', (Join-Path $PSHOME 'EngineHost.dll') } else { Join-Path $PSHOME 'pwsh' })
        $first = $shell[0]
        $rest = @($shell | Select-Object -Skip 1)
        $lines = @($input | & $first @rest -NoProfile @args 2>&1)
        [pscustomobject]@{
            ExitCode = $LASTEXITCODE
            Out      = ($lines | Where-Object { $_ -isnot [System.Management.Automation.ErrorRecord] }) -replace '\e\[[\d;]*m' -join "`n"
            Error    = ($lines | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }) -replace '\e\[[\d;]*m' -join "`n"
        }
    }
}

Describe 'A shell' {
    It 'binds the words of -File' {
        $run = Invoke-Shell -File $script -Name ada -Big -Number:3 x y
        $run.Out | Should -Be 'name=ada big=True number=3 rest=x+y root=fixtures'
        $run.ExitCode | Should -Be 3
    }
    It 'binds a switch with a value' { (Invoke-Shell -File $script '-Big:$false' -Name b).Out | Should -BeLike 'name=b big=False number=0*' }
    It 'runs text' {
        $run = Invoke-Shell -Command '1 + 1; $IsLinux -or $IsMacOS -or $IsWindows'
        $run.Out | Should -Be "2`nTrue"
        $run.ExitCode | Should -Be 0
    }
    It 'exits with <Code> after: <Text>' -ForEach @(
        @{ Text = 'exit 7'; Code = 7 }
        @{ Text = 'throw "uncaught"'; Code = 1 }
        @{ Text = 'Get-Item /no/where'; Code = 1 }
        @{ Text = 'dotnet no-such-command-of-dotnet | Out-Null; $null = 1'; Code = 0 }
    ) {
        (Invoke-Shell -NonInteractive -Command $Text).ExitCode | Should -Be $Code
    }
    It 'tells errors on its own stream' {
        $run = Invoke-Shell -Command 'Write-Output out; throw "uncaught"'
        $run.Out | Should -Be 'out'
        $run.Error | Should -BeLike '*uncaught*'
    }
    It 'writes to the host' { (Invoke-Shell -Command 'Write-Host a -NoNewline; Write-Host b -ForegroundColor Red').Out | Should -Be 'ab' }
    It 'confirms by what it reads' {
        $text = 'function t { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = "High")] param () if ($PSCmdlet.ShouldProcess("it")) { "did" } }; t'
        ('y' | Invoke-Shell -Command $text).Out | Should -BeLike '*did'
        ('n' | Invoke-Shell -Command $text).Out | Should -Not -BeLike '*did'
    }
    It 'does not ask when told not to' {
        $run = Invoke-Shell -NonInteractive -Command 'Remove-Item /no/where/* -Confirm; $Host.UI.ReadLine()'
        $run.ExitCode | Should -Be 1
    }
    It 'misses a file aloud' { (Invoke-Shell -File /no/where.ps1).ExitCode | Should -Be 64 }
}
