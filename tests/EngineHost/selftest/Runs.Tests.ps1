# Runs of whole files in a process of their own, by whichever runner runs this file, and what they come to.
BeforeAll {
    function Invoke-Run {
        param ([string] $File, [string[]] $Tag = @(), [string[]] $ExcludeTag = @(), [string] $Filter)
        $path = Join-Path $PSScriptRoot "fixtures/$File.ps1"
        if ($Host.Name -eq 'EngineHost') {
            $words = @('-Test', '-Path', $path)
            if ($Tag) { $words += '-Tag', ($Tag -join ',') }
            if ($ExcludeTag) { $words += '-ExcludeTag', ($ExcludeTag -join ',') }
            if ($Filter) { $words += '-Filter', $Filter }
            $text = dotnet (Join-Path $PSHOME 'EngineHost.dll') @words 2>&1 | Out-String
        }
        else {
            $list = { param ($Values) '@(' + (($Values | ForEach-Object { "'$_'" }) -join ',') + ')' }
            $command = @"
`$PSStyle.OutputRendering = 'PlainText'
`$options = New-PesterConfiguration
`$options.Run.Path = '$path'
`$options.Run.PassThru = `$true
`$options.Output.Verbosity = 'Detailed'
`$options.Output.RenderMode = 'Plaintext'
`$options.Filter.Tag = $(& $list $Tag)
`$options.Filter.ExcludeTag = $(& $list $ExcludeTag)
`$options.Filter.FullName = '$(if ($Filter) { "*$Filter*" })'
`$result = Invoke-Pester -Configuration `$options
"`$(`$result.PassedCount) passed, `$(`$result.FailedCount) failed, `$(`$result.SkippedCount) skipped"
exit [int](`$result.Result -ne 'Passed' -or `$result.PassedCount + `$result.FailedCount + `$result.SkippedCount -eq 0)
"@
            $text = & (Join-Path $PSHOME 'pwsh') -NoProfile -Command $command 2>&1 | Out-String
        }
        [pscustomobject]@{
            ExitCode = $LASTEXITCODE
            Text     = $text
            Counts   = ($text -split '\r?\n' | Where-Object { $_ -match '^\d+ passed, \d+ failed, \d+ skipped$' }) -join '|'
        }
    }
}

Describe 'A run with failures' {
    BeforeAll { $run = Invoke-Run 'Mixed' }
    It 'counts' { $run.Counts | Should -Be '2 passed, 9 failed, 2 skipped' }
    It 'says so to its caller' { $run.ExitCode | Should -Be 1 }
    It 'tells "<_>"' -ForEach @(
        'of the test', 'thrown by the test', 'not in a correct format', 'operator that is not there', 'thrown by BeforeAll'
        'thrown by BeforeEach', 'thrown by AfterEach', 'of the weather', 'Mixed.ps1:4', 'Mixed.ps1:5'
    ) {
        $run.Text | Should -BeLike "*$_*"
    }
    It 'marks passes, failures and skips' {
        $run.Text | Should -BeLike '*`[+`] passes *ms*'
        $run.Text | Should -BeLike '*`[-`] *fails *'
        $run.Text | Should -BeLike '*`[!`] is skipped*'
    }
}

Describe 'A run without failures' {
    BeforeAll { $run = Invoke-Run 'Passing' }
    It 'counts' { $run.Counts | Should -Be '3 passed, 0 failed, 0 skipped' }
    It 'says so to its caller' { $run.ExitCode | Should -Be 0 }
    It 'fills in titles' { $run.Text | Should -BeLike '*`[+`] passes 2*' }
}

Describe 'Choosing' {
    It '<Name>' -ForEach @(
        @{ Name = 'by tag'; With = @{ Tag = 'good' }; Counts = '2 passed, 0 failed, 0 skipped' }
        @{ Name = 'by several tags'; With = @{ Tag = 'last', 'other' }; Counts = '1 passed, 0 failed, 0 skipped' }
        @{ Name = 'by the tag of a block'; With = @{ Tag = 'outer'; ExcludeTag = 'last' }; Counts = '1 passed, 9 failed, 2 skipped' }
        @{ Name = 'by excluding all'; With = @{ ExcludeTag = 'outer' }; Counts = '0 passed, 0 failed, 0 skipped' }
        @{ Name = 'by name'; With = @{ Filter = 'passes at' }; Counts = '1 passed, 0 failed, 0 skipped' }
        @{ Name = 'by full name'; With = @{ Filter = 'Mixed.BeforeAll fails.deeper' }; Counts = '0 passed, 1 failed, 0 skipped' }
    ) {
        $run = Invoke-Run 'Mixed' @With
        $run.Counts | Should -Be $Counts
        $run.ExitCode | Should -Be ([int]($Counts -notlike '[1-9]*, 0 failed*'))
    }
}

Describe 'What fails outside of a test' {
    It 'fails the run: <File>' -ForEach @(
        @{ File = 'Broken'; Text = 'thrown by discovery' }
        @{ File = 'Teardown'; Text = 'thrown by AfterAll' }
        @{ File = 'Empty'; Text = '0 passed' }
    ) {
        $run = Invoke-Run $File
        $run.ExitCode | Should -Be 1
        $run.Text | Should -BeLike "*$Text*"
    }
}
