# What the commands of this host do, where pwsh's own do the same.
BeforeAll {
    $folder = Join-Path ([IO.Path]::GetTempPath()) "commands-$(New-Guid)"
    $null = New-Item -ItemType Directory $folder
    $people = [pscustomobject]@{ Name = 'Ada'; Age = 36 }, [pscustomobject]@{ Name = 'Bob'; Age = 25 }, [pscustomobject]@{ Name = 'Cy'; Age = 36 }
    # Pester runs on terminals and off them; the shape of the text is what counts.
    function Get-Text { ($input | Out-String -Width 80) -replace '\e\[[\d;]*m' -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ } }
}

AfterAll { Remove-Item $folder -Recurse -Force }

Describe 'Select-Object' {
    It 'takes the first and stops what is upstream' {
        $seen = @{ Count = 0 }
        $taken = 1..1000 | ForEach-Object { $seen.Count++; $_ } | Select-Object -First 2
        $taken | Should -Be 1, 2
        $seen.Count | Should -Be 2
    }
    It 'runs the clean-up of what it stops' {
        $state = @{}
        function Read-Endless { [CmdletBinding()] param () process { try { while ($true) { 1 } } finally { $state.Done = $true } } }
        Read-Endless | Select-Object -First 1 | Should -Be 1
        $state.Done | Should -BeTrue
    }
    It 'skips and takes the last' {
        1..5 | Select-Object -Skip 3 | Should -Be 4, 5
        1..5 | Select-Object -Last 2 | Should -Be 4, 5
        1..5 | Select-Object -Last 2 -Skip 1 | Should -Be 3, 4
        1..5 | Select-Object -SkipLast 3 | Should -Be 1, 2
        1..5 | Select-Object -Index 0, 4 | Should -Be 1, 5
        1..5 | Select-Object -First 0 | Should -BeNullOrEmpty
    }
    It 'shapes' {
        $shaped = $people[0] | Select-Object Name, @{ n = 'Twice'; e = { $_.Age * 2 } }, Nothing
        $shaped.psobject.Properties.Name | Should -Be 'Name', 'Twice', 'Nothing'
        $shaped.Twice | Should -Be 72
        ($people[0] | Select-Object * -ExcludeProperty Age).psobject.Properties.Name | Should -Be 'Name'
        ($people[0] | Select-Object N*).psobject.Properties.Name | Should -Be 'Name'
    }
    It 'expands' {
        $people | Select-Object -ExpandProperty Name | Should -Be 'Ada', 'Bob', 'Cy'
        { $people | Select-Object -ExpandProperty Nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ExpandPropertyNotFound*'
    }
    It 'drops repetitions' {
        1, 2, 1 | Select-Object -Unique | Should -Be 1, 2
        $people | Select-Object Age -Unique | Should -HaveCount 2
    }
}

Describe 'Sorting, grouping, measuring, comparing' {
    It 'sorts' {
        3, 1, 2 | Sort-Object | Should -Be 1, 2, 3
        3, 1, 3 | Sort-Object -Descending -Unique | Should -Be 3, 1
        ($people | Sort-Object Age, @{ e = 'Name'; Descending = $true }).Name | Should -Be 'Bob', 'Cy', 'Ada'
        ($people | Sort-Object { $_.Name.Length } -Stable).Name | Should -Be 'Cy', 'Ada', 'Bob'
    }
    It 'groups' {
        $groups = $people | Group-Object Age
        $groups.Name | Should -Be '25', '36'
        ($groups | ForEach-Object { $_.Count }) | Should -Be 1, 2
        ($people | Group-Object Age -AsHashTable)[36].Name | Should -Be 'Ada', 'Cy'
    }
    It 'measures' {
        $measured = 1..4 | Measure-Object -Sum -Average -Maximum -Minimum
        $measured.Count, $measured.Sum, $measured.Average, $measured.Maximum, $measured.Minimum | Should -Be 4, 10, 2.5, 4, 1
        ($people | Measure-Object Age -Sum).Sum | Should -Be 97
    }
    It 'compares' {
        $different = Compare-Object 1, 2, 3 2, 3, 4
        $different | Where-Object SideIndicator -EQ '=>' | ForEach-Object InputObject | Should -Be 4
        $different | Where-Object SideIndicator -EQ '<=' | ForEach-Object InputObject | Should -Be 1
    }
}

Describe 'Formatting' {
    It 'makes tables' { $people | Format-Table Name, Age | Get-Text | Should -Be 'Name Age', '---- ---', 'Ada   36', 'Bob   25', 'Cy    36' }
    It 'makes lists' { $people[0] | Format-List | Get-Text | Should -Be 'Name : Ada', 'Age  : 36' }
    It 'calculates columns' { $people[0] | Format-Table @{ n = 'Twice'; e = { $_.Age * 2 } } | Get-Text | Should -Be 'Twice', '-----', '   72' }
    It 'finds views by itself' {
        Set-Content "$folder/View.ps1xml" '<Configuration><ViewDefinitions><View><Name>v</Name><ViewSelectedBy><TypeName>Test.Viewed</TypeName></ViewSelectedBy>
            <TableControl><TableHeaders><TableColumnHeader><Label>Seen</Label></TableColumnHeader></TableHeaders><TableRowEntries><TableRowEntry>
            <TableColumnItems><TableColumnItem><PropertyName>Name</PropertyName></TableColumnItem></TableColumnItems></TableRowEntry></TableRowEntries></TableControl></View></ViewDefinitions></Configuration>'
        Update-FormatData -PrependPath "$folder/View.ps1xml"
        [pscustomobject]@{ PSTypeName = 'Test.Viewed'; Name = 'n'; Other = 1 } | Get-Text | Should -Be 'Seen', '----', 'n'
    }
    It 'streams lines' { 'a', 'b' | Out-String -Stream | Should -Be 'a', 'b' }
    It 'writes files' {
        'one' > "$folder/redirected.txt"
        'two' >> "$folder/redirected.txt"
        'three' | Out-File "$folder/redirected.txt" -Append
        Get-Content "$folder/redirected.txt" | Should -Be 'one', 'two', 'three'
    }
}

Describe 'JSON' {
    It 'goes there and back' {
        $there = [ordered]@{ a = 1; b = 'x"ä'; c = @(1, 2.5, $null, $true); d = @{ e = @{} }; f = [DayOfWeek]::Monday } | ConvertTo-Json -Depth 4 -Compress
        $there | Should -BeExactly '{"a":1,"b":"x\"ä","c":[1,2.5,null,true],"d":{"e":{}},"f":1}'
        $back = $there | ConvertFrom-Json
        $back.b | Should -BeExactly 'x"ä'
        $back.c | Should -Be 1, 2.5, $null, $true
        $back.a | Should -BeOfType [long]
        ($there | ConvertFrom-Json -AsHashtable).d.e.Count | Should -Be 0
    }
    It 'keeps a list a list' {
        1, 2 | ConvertTo-Json -Compress | Should -Be '[1,2]'
        ConvertTo-Json @(1) -Compress | Should -Be '[1]'
        '[1,2]' | ConvertFrom-Json | Should -Be 1, 2
    }
    It 'refuses what is none' { { '{"a":' | ConvertFrom-Json } | Should -Throw '*JSON*' }
    It 'reads times' { ('{"t":"2024-05-06T07:08:09Z"}' | ConvertFrom-Json).t | Should -Be ([datetime]::new(2024, 5, 6, 7, 8, 9, [DateTimeKind]::Utc)) }
}

Describe 'Items and paths' {
    It 'joins and splits' {
        Join-Path a b c | Should -Be ([IO.Path]::Combine('a', 'b', 'c'))
        Split-Path '/a/b.c' -Leaf | Should -Be 'b.c'
        Split-Path '/a/b.c' -LeafBase | Should -Be 'b'
        Split-Path '/a/b.c' -Extension | Should -Be '.c'
        Split-Path '/a/b.c' -Parent | Split-Path -Leaf | Should -Be 'a'
    }
    It 'tells what is there' {
        Test-Path $folder | Should -BeTrue
        Test-Path $folder -PathType Leaf | Should -BeFalse
        Test-Path "$folder/nothing" | Should -BeFalse
        Test-Path Env:PATH | Should -BeTrue
        Test-Path 'NoSuchDrive:/x' | Should -BeFalse
    }
    It 'makes, fills, copies, moves, lists and removes' {
        $null = New-Item -ItemType Directory "$folder/sub/deep" -Force
        Set-Content "$folder/sub/a.txt" 'one', 'two'
        Add-Content "$folder/sub/a.txt" 'three'
        Get-Content "$folder/sub/a.txt" | Should -Be 'one', 'two', 'three'
        Get-Content "$folder/sub/a.txt" -Tail 1 | Should -Be 'three'
        (Get-Content "$folder/sub/a.txt" -Raw).Length | Should -BeGreaterThan 12
        Copy-Item "$folder/sub" "$folder/copy" -Recurse
        Move-Item "$folder/copy/a.txt" "$folder/copy/b.txt"
        (Get-ChildItem "$folder/copy" -Recurse).Name | Sort-Object | Should -Be 'b.txt', 'deep'
        (Get-ChildItem "$folder/copy" -File).Name | Should -Be 'b.txt'
        (Get-ChildItem $folder -Filter *.txt -Recurse).Name | Should -Contain 'a.txt'
        Remove-Item "$folder/copy" -Recurse -WhatIf
        "$folder/copy" | Should -Exist
        Remove-Item "$folder/copy" -Recurse
        "$folder/copy" | Should -Not -Exist
        (Get-FileHash "$folder/sub/a.txt").Hash | Should -Match '^[0-9A-F]{64}$'
    }
    It 'reports what is not there and goes on' {
        $found = Get-Item "$folder/nothing", $folder -ErrorAction SilentlyContinue -ErrorVariable problems
        $found.FullName | Should -Be $folder
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }
    It 'stops when asked to' {
        $ErrorActionPreference = 'Stop'
        { Get-Content "$folder/nothing" } | Should -Throw -ErrorId 'PathNotFound,*'
    }
    It 'goes and comes back' {
        $before = (Get-Location).Path
        Push-Location $folder
        (Get-Location).Path | Should -Be $folder
        Pop-Location
        (Get-Location).Path | Should -Be $before
    }
    It 'reads data files' {
        Set-Content "$folder/data.psd1" "@{ A = 1; B = 'x', 'y' }"
        (Import-PowerShellDataFile "$folder/data.psd1").B | Should -Be 'x', 'y'
    }
}

Describe 'Streams' {
    It 'writes to each' {
        $all = & { Write-Output 'o'; Write-Warning 'w'; Write-Verbose 'v' -Verbose; Write-Information 'i'; Write-Host 'h'; Write-Error 'e' -ErrorAction Continue } *>&1
        $all.ForEach{ $_.GetType().Name } | Should -Be 'String', 'WarningRecord', 'VerboseRecord', 'InformationRecord', 'InformationRecord', 'ErrorRecord'
        "$($all[4])" | Should -Be 'h'
    }
    It 'keeps arrays whole on demand' { @(Write-Output 1, 2 -NoEnumerate).Count | Should -Be 1 }
    It 'describes errors' {
        $problem = { Write-Error -Message 'm' -ErrorId 'Id' -Category InvalidData -TargetObject 5 -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -BeLike 'Id*'
        $problem.CategoryInfo.Category | Should -Be 'InvalidData'
        $problem.TargetObject | Should -Be 5
    }
}

Describe 'Variables and the rest' {
    It 'sets and gets variables' {
        Set-Variable made 1
        $made | Should -Be 1
        Get-Variable made -ValueOnly | Should -Be 1
        Remove-Variable made
        Get-Variable made -ErrorAction Ignore | Should -BeNullOrEmpty
    }
    It 'runs text in this scope' {
        Invoke-Expression '$fromText = 2'
        $fromText | Should -Be 2
    }
    It 'makes objects' {
        (New-Object System.Text.StringBuilder 'abc').ToString() | Should -Be 'abc'
        (New-Object psobject -Property @{ A = 1 }).A | Should -Be 1
        ([pscustomobject]@{ A = 1 } | Add-Member B 2 -PassThru).B | Should -Be 2
        ([pscustomobject]@{ A = 1 } | Get-Member A).MemberType | Should -Be 'NoteProperty'
    }
    It 'tells time' {
        (New-TimeSpan -Minutes 2).TotalSeconds | Should -Be 120
        Get-Date '2024-05-06' -Format 'yyyy-MM' | Should -Be '2024-05'
        Measure-Command { $null } | Should -BeOfType [timespan]
    }
    It 'knows processes' {
        (Get-Process -Id $PID).Id | Should -Be $PID
        { Get-Process -Id 2147483647 -ErrorAction Stop } | Should -Throw -ErrorId 'NoProcessFoundForGivenId,*'
    }
    It 'draws at random' { Get-Random -Minimum 3 -Maximum 5 | Should -BeIn 3, 4 }
    It 'keeps what passes' {
        1, 2 | Tee-Object -Variable kept | Should -Be 1, 2
        $kept | Should -Be 1, 2
    }
    It 'works in parallel' { 1..3 | ForEach-Object -Parallel { Join-Path 'a' "$_" } | Sort-Object | Split-Path -Leaf | Should -Be '1', '2', '3' }
}
