# The engine binds the command line before it looks at the pipeline: what stands first is for the objects' names, unless they are piped.

Describe 'The argument after images and containers' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $folder = New-TestFolder
        [void] [IO.Directory]::CreateDirectory("$folder/root/data")
        foreach ($name in 'box', 'other') {
            [IO.File]::WriteAllText("$folder/root/data/file", $name)
            [void] (Import-ContainerImage -RootFileSystem "$folder/root" -Name $name -Command sh)
        }
        [void] (New-Container web -Image box)
        [void] (Copy-ContainerItem "$folder/root/data/file" web:/data/new)
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($folder, $true)
    }

    It 'is the first where objects, names, or objects with names are piped: <text>' -ForEach @(
        @{ text = 'Get-ContainerImage box | Add-ContainerImageTag :1 -PassThru'; made = 'box:1' }
        @{ text = '"box", "other" | Add-ContainerImageTag :2 -PassThru'; made = 'box:2 other:2' }
        @{ text = 'Get-ContainerImage box | Add-ContainerImageTag :3, a/b:3 -PassThru'; made = 'box:3 a/b:3' }
        @{ text = '"box" | Add-ContainerImageTag -Tag :4 -PassThru'; made = 'box:4' }
        @{ text = '[pscustomobject] @{ Name = "box" } | Add-ContainerImageTag -Tag :5 -PassThru'; made = 'box:5' }
        @{ text = 'Add-ContainerImageTag box :6 -PassThru'; made = 'box:6' }
        @{ text = 'Add-ContainerImageTag -Tag :7 box -PassThru'; made = 'box:7' }
        @{ text = 'Add-ContainerImageTag :8 -InputObject box -PassThru'; made = 'box:8' }
        @{ text = 'Add-ContainerImageTag -Tag :9 -InputObject (Get-ContainerImage box) -PassThru'; made = 'box:9' }
        @{ text = 'Get-Container web | Add-ContainerImageTag :10 -PassThru'; made = 'box:10' }
        @{ text = 'Get-Container web | ConvertTo-ContainerImage :11'; made = 'box:11' }
        @{ text = '"web" | ConvertTo-ContainerImage c/d:12'; made = 'c/d:12' }
        @{ text = 'Get-Container web | ConvertTo-ContainerImage -Name { "$($_.Id):13" }'; made = 'web:13' }
        @{ text = 'ConvertTo-ContainerImage web :14'; made = 'box:14' }
        @{ text = '[pscustomobject] @{ Id = "web"; Name = "e:15" } | ConvertTo-ContainerImage'; made = 'e:15' }
    ) {
        @(& ([scriptblock]::Create($text)) | ForEach-Object { [ContainerdPS.Formatting]::Image($_.Name) }) -join ' ' | Should -Be $made
    }

    It 'may be an image from elsewhere to compare with' {
        $digests = (Get-ContainerImage other).Digest, (Get-ContainerImage box).Digest
        foreach ($row in @(
                Get-ContainerImage box | Compare-ContainerImage other -Part Image
                'box' | Compare-ContainerImage (Get-ContainerImage other) -Part Image
                Get-ContainerImage box | Compare-ContainerImage -Reference other -Part Image
                Compare-ContainerImage box other -Part Image)) {
            "$($row.Name) $($row.ReferenceValue) $($row.Value)" | Should -Be "Digest $digests"
        }
        foreach ($row in @(
                Get-ContainerImage box | Compare-ContainerImage other -File -Path /data/*
                'box' | Compare-ContainerImage -Reference other -File -Path /data/*
                Compare-ContainerImage box other -File -Path /data/*)) {
            "$($row.Change) $($row.Path)" | Should -Be 'Changed /data/file'
        }
    }

    It 'may be a path' {
        (Get-ContainerImage box, other | Export-ContainerImage "$folder/all.tar").Name | Should -Be 'all.tar'
        @(Import-ContainerImage "$folder/all.tar" -NoUnpack).Count | Should -Be 2
        ('box' | Export-ContainerImage -Path "$folder/one.tar").Name | Should -Be 'one.tar'
        @() | Export-ContainerImage "$folder/none.tar"
        [IO.File]::Exists("$folder/none.tar") | Should -BeFalse
        $point = Get-ContainerImage box | Mount-ContainerImage "$folder/mount"
        $point.Path | Should -Be "$folder/mount"
        [IO.File]::ReadAllText("$folder/mount/data/file") | Should -Be 'box'
        $point | Dismount-ContainerImage
        (Get-Container web | Compare-Container /data/*).Path | Should -Be '/data/new'
        (Get-Container web | Compare-Container /no/*) | Should -BeNullOrEmpty
        (Get-Container web | Compare-Container).Path | Should -Contain '/data/new'
    }

    It 'is missed, and objects that are given twice are refused: <text>' -ForEach @(
        @{ text = 'Add-ContainerImageTag -InputObject box'; id = 'TagRequired' }
        @{ text = 'Get-ContainerImage box | Add-ContainerImageTag other :1'; id = 'InputGivenTwice' }
        @{ text = 'Get-ContainerImage box | Add-ContainerImageTag -Image other -Tag :1'; id = 'InputGivenTwice' }
        @{ text = 'Get-ContainerImage box | Compare-ContainerImage other, box'; id = 'TooManyArguments' }
        @{ text = 'Get-ContainerImage box | Compare-ContainerImage other -Part Config -File'; id = 'AmbiguousParameterSet' }
        @{ text = 'Get-ContainerImage box | Export-ContainerImage a.tar b.tar'; id = 'InputGivenTwice' }
        @{ text = '"web" | ConvertTo-ContainerImage'; id = 'NameRequired' }
        @{ text = 'Get-Container web | Compare-Container other /etc'; id = 'InputGivenTwice' }
    ) {
        { & ([scriptblock]::Create($text)) } | Should -Throw -ErrorId "$id,*"
    }
}
