# Phases, scopes, data and order of the blocks.
BeforeDiscovery {
    $discovered = 'one', 'two'
    $never = $false
}

BeforeAll {
    $fromFile = 'file'
    $order = [System.Collections.Generic.List[string]]::new()
    function Get-Helper { 'helper of ' + $args[0] }
}

AfterAll { $fromFile | Should -Be 'file' }

Describe 'Phases' {
    It 'keeps what discovery set out of the run' { $discovered | Should -BeNullOrEmpty }
    It 'knows where it is' {
        $PSScriptRoot | Split-Path -Leaf | Should -Be 'selftest'
        $PSCommandPath | Split-Path -Leaf | Should -Be 'Blocks.Tests.ps1'
    }
    It 'makes a test of <_>' -ForEach $discovered { $_ | Should -BeIn 'one', 'two' }
    It 'makes no test of nothing' -Skip:(-not $never) { throw 'skipped tests do not run' }
}

Describe 'Scopes' {
    BeforeAll {
        $fromBlock = 1
        $shared = @{ Count = 0 }
    }
    BeforeEach { $fromEach = 'each'; $shared.Count++ }

    It 'sees every outer BeforeAll' {
        $fromFile | Should -Be 'file'
        $fromBlock | Should -Be 1
        Get-Helper 'x' | Should -Be 'helper of x'
    }
    It 'sees BeforeEach' { $fromEach | Should -Be 'each' }
    It 'sets variables of its own' {
        $fromBlock = 2
        $leak = 'leak'
        $fromBlock | Should -Be 2
        $leak | Should -Be 'leak'
    }
    It 'does not see those of another test' {
        $fromBlock | Should -Be 1
        $leak | Should -BeNullOrEmpty
    }
    It 'shares objects' { $shared.Count | Should -Be 5 }

    Context 'inside' {
        BeforeAll { $fromBlock = 'inner' }
        It 'may hide an outer variable' { $fromBlock | Should -Be 'inner' }
    }
    Context 'beside' {
        It 'does not see the neighbour' { $fromBlock | Should -Be 1 }
    }
}

Describe 'Order' {
    BeforeAll { $order.Clear(); $order.Add('all') }
    BeforeEach { $order.Add('each') }
    AfterEach { $order.Add('after') }
    It 'first' { $order.Add('test') }
    Context 'nested' {
        BeforeAll { $order.Add('all2') }
        BeforeEach { $order.Add('each2') }
        AfterEach { $order.Add('after2') }
        AfterAll { $order.Add('end2') }
        It 'second' { $order.Add('test2') }
    }
    It 'is that of the file' {
        $order -join ' ' | Should -Be 'all each test after all2 each each2 test2 after2 after end2 each'
    }
}

Describe 'Data' {
    It 'adds <A> to <B.Length>' -ForEach @(
        @{ A = 1; B = 'xx'; Sum = 3 }
        @{ A = 2; B = 'xxx'; Sum = 5 }
    ) {
        $A + $B.Length | Should -Be $Sum
        $_.A | Should -Be $A
    }
    It 'takes parameters' -TestCases @{ Value = 7 } {
        param ($Value)
        $Value | Should -Be 7
    }
    It 'takes the item <_>' -ForEach 1, 2 { $_ | Should -BeGreaterThan 0 }
    It 'makes nothing of an empty list' -ForEach @() { throw 'there is no item' }

    Context 'block <Key>' -ForEach @{ Key = 'a'; Items = 1, 2 }, @{ Key = 'b'; Items = 3, 4 } {
        BeforeAll { $fromData = "set from $Key" }
        It 'sees the data of the block' { $fromData | Should -Be "set from $Key" }
        It 'has its own item <_>' -ForEach $Items { $_ | Should -BeIn 1, 2, 3, 4 }
    }
    Context 'plain <_>' -ForEach 'p', 'q' {
        It 'sees the item' { $_ | Should -BeIn 'p', 'q' }
    }
}

Describe 'Skipping' {
    It 'is declared' -Skip { throw 'not run' }
    It 'is decided' -Skip:$true { throw 'not run' }
    It 'is not decided' -Skip:$false { 1 | Should -Be 1 }
    It 'is found out' { Set-ItResult -Skipped -Because 'there is no moon'; throw 'not reached' }
    Context 'of a block' -Skip {
        BeforeAll { throw 'not run' }
        It 'takes its tests along' { throw 'not run' }
    }
}

Describe 'Errors that do not end a test' {
    It 'are let pass' {
        Write-Error 'this is written by a test' -ErrorAction SilentlyContinue
        1 | Should -Be 1
    }
    It 'need no Should' { $null = 1 }
    It 'may return early' {
        return
        throw 'not reached'
    }
}
