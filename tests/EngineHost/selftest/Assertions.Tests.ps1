# What every operator of Should takes and refuses. Each row holds in Pester too.
BeforeDiscovery {
    $rows = @(
        @{ Name = 'Be'; Good = { 1 | Should -Be 1 }; Bad = { 1 | Should -Be 2 } }
        @{ Name = 'Be, strings without case'; Good = { 'A' | Should -Be 'a' }; Bad = { 'a' | Should -Be 'b' } }
        @{ Name = 'Be, arrays'; Good = { 1, 2 | Should -Be 1, 2 }; Bad = { 1, 2 | Should -Be 2, 1 } }
        @{ Name = 'Be, array lengths'; Good = { @() | Should -Be @() }; Bad = { 1, 2 | Should -Be 1 } }
        @{ Name = 'Be, null'; Good = { $null | Should -Be $null }; Bad = { 0 | Should -Be $null } }
        @{ Name = 'Be, types converted'; Good = { 1 | Should -Be '1' }; Bad = { 'x' | Should -Be '1' } }
        @{ Name = 'Be, nested arrays'; Good = { , @(1, @(2, 3)) | Should -Be @(, @(1, @(2, 3))) }; Bad = { , @(1, @(2, 3)) | Should -Be @(, @(1, @(2, 4))) } }
        @{ Name = 'Not Be'; Good = { 1 | Should -Not -Be 2 }; Bad = { 1 | Should -Not -Be 1 } }
        @{ Name = 'BeExactly'; Good = { 'a' | Should -BeExactly 'a' }; Bad = { 'A' | Should -BeExactly 'a' } }
        @{ Name = 'BeNullOrEmpty, nothing'; Good = { @() | Should -BeNullOrEmpty }; Bad = { 1, 2 | Should -BeNullOrEmpty } }
        @{ Name = 'BeNullOrEmpty, text'; Good = { '' | Should -BeNullOrEmpty }; Bad = { ' ' | Should -BeNullOrEmpty } }
        @{ Name = 'BeNullOrEmpty, table'; Good = { @{} | Should -BeNullOrEmpty }; Bad = { @{ a = 1 } | Should -BeNullOrEmpty } }
        @{ Name = 'Not BeNullOrEmpty'; Good = { 0 | Should -Not -BeNullOrEmpty }; Bad = { $null | Should -Not -BeNullOrEmpty } }
        @{ Name = 'BeTrue'; Good = { 1 | Should -BeTrue }; Bad = { 0 | Should -BeTrue } }
        @{ Name = 'Not BeTrue'; Good = { $null | Should -Not -BeTrue }; Bad = { 'x' | Should -Not -BeTrue } }
        @{ Name = 'BeFalse'; Good = { $null | Should -BeFalse }; Bad = { 'x' | Should -BeFalse } }
        @{ Name = 'BeOfType, literal'; Good = { 1 | Should -BeOfType [int] }; Bad = { 1 | Should -BeOfType [string] } }
        @{ Name = 'BeOfType, name'; Good = { 'x' | Should -BeOfType String }; Bad = { 'x' | Should -BeOfType int } }
        @{ Name = 'BeOfType, expression'; Good = { [Exception]::new() | Should -BeOfType ([object]) }; Bad = { $null | Should -BeOfType ([object]) } }
        @{ Name = 'BeOfType, each object'; Good = { 1, 2 | Should -BeOfType [int] }; Bad = { 1, 'x' | Should -BeOfType [int] } }
        @{ Name = 'BeOfType, unknown type'; Good = { 1 | Should -Not -BeOfType [string] }; Bad = { 1 | Should -BeOfType 'No.Such.Type' } }
        @{ Name = 'BeLike'; Good = { 'Hello' | Should -BeLike 'h*' }; Bad = { 'Hello' | Should -BeLike 'x*' } }
        @{ Name = 'BeLikeExactly'; Good = { 'Hello' | Should -BeLikeExactly 'H*' }; Bad = { 'Hello' | Should -BeLikeExactly 'h*' } }
        @{ Name = 'Match'; Good = { 'Hello' | Should -Match '^h.l' }; Bad = { 'Hello' | Should -Match '^x' } }
        @{ Name = 'Not Match'; Good = { 'Hello' | Should -Not -Match '^x' }; Bad = { 'Hello' | Should -Not -Match '^h' } }
        @{ Name = 'MatchExactly'; Good = { 'Hello' | Should -MatchExactly '^H' }; Bad = { 'Hello' | Should -MatchExactly '^h' } }
        @{ Name = 'BeGreaterThan'; Good = { 2 | Should -BeGreaterThan 1 }; Bad = { 2 | Should -BeGreaterThan 2 } }
        @{ Name = 'BeLessThan'; Good = { 1 | Should -BeLessThan 2 }; Bad = { 2 | Should -BeLessThan 2 } }
        @{ Name = 'BeGreaterOrEqual'; Good = { 2 | Should -BeGreaterOrEqual 2 }; Bad = { 1 | Should -BeGreaterOrEqual 2 } }
        @{ Name = 'BeLessOrEqual'; Good = { 2 | Should -BeLessOrEqual 2 }; Bad = { 3 | Should -BeLessOrEqual 2 } }
        @{ Name = 'BeIn'; Good = { 1 | Should -BeIn 1, 2 }; Bad = { 3 | Should -BeIn 1, 2 } }
        @{ Name = 'Not BeIn'; Good = { 3 | Should -Not -BeIn 1, 2 }; Bad = { 1 | Should -Not -BeIn 1, 2 } }
        @{ Name = 'Contain'; Good = { 'a', 'B' | Should -Contain 'b' }; Bad = { 'a', 'b' | Should -Contain 'c' } }
        @{ Name = 'Not Contain'; Good = { 'a', 'b' | Should -Not -Contain 'c' }; Bad = { 'a', 'b' | Should -Not -Contain 'a' } }
        @{ Name = 'HaveCount'; Good = { 1, 2 | Should -HaveCount 2 }; Bad = { 1, 2 | Should -HaveCount 3 } }
        @{ Name = 'HaveCount, none'; Good = { @() | Should -HaveCount 0 }; Bad = { 1 | Should -HaveCount 0 } }
        @{ Name = 'HaveCount, negative'; Good = { 1 | Should -Not -HaveCount 2 }; Bad = { @() | Should -HaveCount -1 } }
        @{ Name = 'Exist'; Good = { $PSScriptRoot | Should -Exist }; Bad = { "$PSScriptRoot/nothing" | Should -Exist } }
        @{ Name = 'Not Exist'; Good = { "$PSScriptRoot/nothing" | Should -Not -Exist }; Bad = { $PSScriptRoot | Should -Not -Exist } }
        @{ Name = 'Throw'; Good = { { throw 'x' } | Should -Throw }; Bad = { { 1 } | Should -Throw } }
        @{ Name = 'Throw, message'; Good = { { throw 'a b' } | Should -Throw 'A*' }; Bad = { { throw 'a b' } | Should -Throw 'b' } }
        @{ Name = 'Throw, named message'; Good = { { throw 'a' } | Should -Throw -ExpectedMessage 'a' }; Bad = { { throw 'a' } | Should -Throw -ExpectedMessage 'b' } }
        @{ Name = 'Throw, id'; Good = { { Get-Item /no/where -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound*' }; Bad = { { throw 'a' } | Should -Throw -ErrorId 'b' } }
        @{ Name = 'Throw, type'; Good = { { throw [ArgumentException]::new('a') } | Should -Throw -ExceptionType ([ArgumentException]) }; Bad = { { throw 'a' } | Should -Throw -ExceptionType ([ArgumentException]) } }
        @{ Name = 'Throw, a statement''s error'; Good = { { [int]::Parse('x') } | Should -Throw }; Bad = { { Write-Error 'x' -ErrorAction SilentlyContinue } | Should -Throw } }
        @{ Name = 'Not Throw'; Good = { { 1 } | Should -Not -Throw }; Bad = { { throw 'x' } | Should -Not -Throw } }
        @{ Name = 'Throw, no block'; Good = { {} | Should -Not -Throw }; Bad = { 1 | Should -Throw } }
        @{ Name = 'named actual value'; Good = { Should -Be 2 -ActualValue 2 }; Bad = { Should -Be 3 -ActualValue 2 } }
        @{ Name = 'named expected value'; Good = { 2 | Should -Be -ExpectedValue 2 }; Bad = { 2 | Should -Be -ExpectedValue 3 } }
        @{ Name = 'unknown operator'; Good = { 1 | Should -Be 1 }; Bad = { 1 | Should -BeSomething 1 } }
        @{ Name = 'another operator''s parameter'; Good = { 1 | Should -Be 1 }; Bad = { 1 | Should -Be 1 -ErrorId 'x' } }
        @{ Name = 'two operators'; Good = { 1 | Should -Be 1 }; Bad = { 1 | Should -Be 1 -BeTrue } }
    )
}

Describe 'Should <Name>' -ForEach $rows {
    It 'passes' { & $Good }
    It 'fails' {
        $failed = $false
        try { & $Bad } catch { $failed = $true }
        if (-not $failed) { throw "This should have failed: $Bad" }
    }
}

Describe 'A failed Should' {
    It 'has an id' { { 1 | Should -Be 2 } | Should -Throw -ErrorId 'PesterAssertionFailed*' }
    It 'tells the values' { { 'left' | Should -Be 'right' } | Should -Throw '*right*left*' }
    It 'tells the reason' { { 1 | Should -BeExactly 2 -Because 'it was promised' } | Should -Throw '*because it was promised,*' }
    It 'tells the reason of Throw' { { { 1 } | Should -Throw -Because 'it is bad' } | Should -Throw '*because it is bad,*' }
    It 'gives the error on demand' {
        $caught = { throw [ArgumentException]::new('inner') } | Should -Throw -PassThru
        $caught.Exception.Message | Should -Be 'inner'
        $caught.Exception | Should -BeOfType ([ArgumentException])
    }
    It 'gives nothing unasked' { ({ throw 'x' } | Should -Throw) | Should -BeNullOrEmpty }
}
