# The engine binds the command line before it looks at the pipeline: what stands first is for the objects' names, unless they are piped.

Describe 'The argument after snapshots, blobs and tasks' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        $folder = New-TestFolder
        $image = Import-ContainerImage -RootFileSystem $rootfs -Name box -Command sleep, 60 -ErrorAction Stop
        [void] [IO.Directory]::CreateDirectory("$folder/layer/data")
        [IO.File]::WriteAllText("$folder/layer/data/file", 'one')
        & tar -C "$folder/layer" -cf "$folder/layer.tar" data
        $layer = Import-ContainerdContent "$folder/layer.tar"
        [void] (New-ContainerSnapshot work)
        [void] (New-ContainerSnapshot other)
        [void] (New-Container web -Image box)

        function Invoke-Line([string] $Line) { & ([scriptblock]::Create($Line)) }
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    It 'may be a folder to mount at: <line>' -ForEach @(
        @{ line = 'Get-ContainerSnapshot work | Mount-ContainerSnapshot "$folder/mount"' }
        @{ line = '"work" | Mount-ContainerSnapshot "$folder/mount" -ReadOnly' }
        @{ line = 'Get-ContainerSnapshot work | Mount-ContainerSnapshot -Path "$folder/mount"' }
        @{ line = '[pscustomobject] @{ Key = "work" } | Mount-ContainerSnapshot -Path "$folder/mount"' }
        @{ line = 'Mount-ContainerSnapshot work "$folder/mount"' }
        @{ line = 'Mount-ContainerSnapshot "$folder/mount" -InputObject work' }
        @{ line = 'Mount-ContainerSnapshot -Path "$folder/mount" -InputObject (Get-ContainerSnapshot work)' }
        @{ line = '[void] [IO.Directory]::CreateDirectory("$folder/mount"); Get-ContainerSnapshot work | Mount-ContainerSnapshot (Get-Item "$folder/mount")' }
    ) {
        $point = Invoke-Line $line
        try {
            "$($point.Key) $($point.Path)" | Should -Be "work $folder/mount"
        }
        finally {
            $point | Dismount-ContainerSnapshot
        }
    }

    It 'may be left out where it is not needed' {
        $point = Get-ContainerSnapshot work | Mount-ContainerSnapshot
        $point.Key | Should -Be 'work'
        $point | Dismount-ContainerSnapshot
        (Get-ContainerSnapshot work | Compare-ContainerSnapshot) | Should -BeNullOrEmpty
    }

    It 'may be layers to unpack, by digest or as objects: <line>' -ForEach @(
        @{ line = 'Get-ContainerSnapshot work | Expand-ContainerSnapshot $layer -PassThru' }
        @{ line = '"work" | Expand-ContainerSnapshot $layer.Digest, $layer -PassThru' }
        @{ line = 'Get-ContainerSnapshot work | Expand-ContainerSnapshot -Layer $layer -PassThru' }
        @{ line = 'Expand-ContainerSnapshot work $layer -PassThru' }
    ) {
        (Invoke-Line $line).Key | Should -Be 'work'
    }

    It 'may be a snapshot to compare with' {
        foreach ($line in 'Get-ContainerSnapshot work | Compare-ContainerSnapshot other -Path /data/*', 'Get-ContainerSnapshot work | Compare-ContainerSnapshot (Get-ContainerSnapshot other) -Path /data/*', 'Compare-ContainerSnapshot work other /data/*') {
            (Invoke-Line $line | ForEach-Object { "$($_.Change) $($_.Path) $($_.Reference)" }) -join ' ' | Should -Be 'Added /data/file other'
        }
    }

    It 'may be a name to commit under' {
        'one', 'two', 'three' | ForEach-Object { [void] (New-ContainerSnapshot $_) }
        (Get-ContainerSnapshot one | Complete-ContainerSnapshot first).Key | Should -Be 'first'
        ('two' | Complete-ContainerSnapshot -Name second).Key | Should -Be 'second'
        (Complete-ContainerSnapshot three third).Key | Should -Be 'third'
        (Get-ContainerSnapshot one, two, three -ErrorAction Ignore) | Should -BeNullOrEmpty
    }

    It 'may be labels: <line>' -ForEach @(
        @{ line = 'Get-ContainerSnapshot work | Set-ContainerSnapshot @{ a = 1 } -PassThru'; labels = 'a=1' }
        @{ line = '"work" | Set-ContainerSnapshot a=2, b=x=y -PassThru'; labels = 'a=2 b=x=y' }
        @{ line = 'Get-ContainerSnapshot work | Set-ContainerSnapshot @{ a = ""; b = "" } -PassThru'; labels = '' }
        @{ line = 'Get-ContainerSnapshot work | Set-ContainerSnapshot -Label a=4 -PassThru'; labels = 'a=4' }
        @{ line = 'Set-ContainerSnapshot work @{ a = 5 } -PassThru'; labels = 'a=5' }
        @{ line = 'Get-ContainerdContent $layer.Digest | Set-ContainerdContent @{ a = 1; b = 2 } -PassThru'; labels = 'a=1 b=2' }
        @{ line = '$layer.Digest | Set-ContainerdContent a=2, b= -PassThru'; labels = 'a=2' }
        @{ line = '$layer | Set-ContainerdContent -Label a=3 -PassThru'; labels = 'a=3' }
        @{ line = 'Set-ContainerdContent $layer a=4 -PassThru'; labels = 'a=4' }
        @{ line = 'Get-Container web | Set-ContainerLabel @{ a = 1; b = 2 } -PassThru'; labels = 'a=1 b=2' }
        @{ line = '"web" | Set-ContainerLabel a=2, b= -PassThru'; labels = 'a=2' }
        @{ line = 'Get-ContainerLabel web a | Set-ContainerLabel a=3 -PassThru'; labels = 'a=3' }
        @{ line = 'Get-Container web | Set-ContainerLabel -Label a=4 -PassThru'; labels = 'a=4' }
        @{ line = 'Set-ContainerLabel web @{ a = 5 } -PassThru'; labels = 'a=5' }
    ) {
        $set = (Invoke-Line $line).Labels
        ($set.Keys | Where-Object { $_ -in 'a', 'b' } | Sort-Object | ForEach-Object { "$_=$($set[$_])" }) -join ' ' | Should -Be $labels
    }

    It 'may be a file to write: <line>' -ForEach @(
        @{ line = 'Get-ContainerdContent $layer.Digest | Export-ContainerdContent "$folder/blob" -Force' }
        @{ line = '$layer.Digest | Export-ContainerdContent -Path "$folder/blob" -Force' }
        @{ line = 'Export-ContainerdContent $layer "$folder/blob" -Force' }
    ) {
        (Invoke-Line $line).FullName | Should -Be "$folder/blob"
    }

    It 'may be a file that is called as a blob, or a folder for many' {
        $hex = $layer.Digest.Substring(7)
        Push-Location -LiteralPath $folder
        try {
            ($layer | Export-ContainerdContent $hex).Name | Should -Be $hex
        }
        finally {
            Pop-Location
        }
        $blobs = Get-ContainerImage box | Get-ContainerdContent
        (($blobs | Export-ContainerdContent (New-Item -ItemType Directory "$folder/blobs")).Name -join ' ') | Should -Be (($blobs.Digest -replace '^sha256:') -join ' ')
    }

    It 'may be a signal, by name or number: <line>' -ForEach @(
        @{ line = 'Get-Container web | Send-ContainerSignal KILL' }
        @{ line = '"web" | Send-ContainerSignal 9' }
        @{ line = 'Get-ContainerTask web | Send-ContainerSignal SIGKILL' }
        @{ line = 'Get-Container web | Send-ContainerSignal -Signal kill' }
        @{ line = 'Send-ContainerSignal web 9' }
        @{ line = 'Start-ContainerProcess web -Command sleep, 60 | Send-ContainerSignal KILL; Send-ContainerSignal web KILL' }
    ) {
        Start-ContainerTask web
        try {
            Invoke-Line $line
            (Wait-ContainerTask web).ExitCode | Should -Be 137
        }
        finally {
            Remove-ContainerTask web -Force
        }
    }

    It 'may be the name of a checkpoint: <line>' -ForEach @(
        @{ line = 'Get-Container web | Checkpoint-Container cp:1 -Image -ReadWriteLayer'; name = 'cp:1' }
        @{ line = '"web" | Checkpoint-Container cp:2 -Image'; name = 'cp:2' }
        @{ line = 'Get-Container web | Checkpoint-Container -Name { "$($_.Id):3" } -Image'; name = 'web:3' }
        @{ line = '[pscustomobject] @{ Id = "web"; Name = "cp:4" } | Checkpoint-Container -Image'; name = 'cp:4' }
        @{ line = 'Get-Container web | Checkpoint-Container -Name cp:5 -Image'; name = 'cp:5' }
        @{ line = 'Checkpoint-Container web cp:6 -Image'; name = 'cp:6' }
    ) {
        [ContainerdPS.Formatting]::Image((Invoke-Line $line).Name) | Should -Be $name
    }

    It 'is missed, and what does not fit is refused: <line>' -ForEach @(
        @{ line = 'Complete-ContainerSnapshot -InputObject work'; id = 'NameRequired' }
        @{ line = 'Expand-ContainerSnapshot -InputObject work'; id = 'LayerRequired' }
        @{ line = 'Set-ContainerdContent -InputObject $layer'; id = 'LabelRequired' }
        @{ line = 'Export-ContainerdContent -InputObject $layer'; id = 'PathRequired' }
        @{ line = 'Send-ContainerSignal -InputObject web'; id = 'SignalRequired' }
        @{ line = 'Set-ContainerLabel -InputObject web'; id = 'LabelRequired' }
        @{ line = 'Checkpoint-Container -InputObject web'; id = 'NameRequired' }
        @{ line = 'Get-ContainerSnapshot work | Mount-ContainerSnapshot other /mnt'; id = 'InputGivenTwice' }
        @{ line = 'Get-ContainerSnapshot work | Mount-ContainerSnapshot /mnt, /tmp'; id = 'TooManyArguments' }
        @{ line = 'Get-ContainerSnapshot work | Compare-ContainerSnapshot other /etc'; id = 'InputGivenTwice' }
        @{ line = 'Get-ContainerSnapshot work | Set-ContainerSnapshot a'; id = 'InvalidLabel' }
        @{ line = 'Get-ContainerSnapshot work | Set-ContainerSnapshot @{ a = $null }'; id = 'InvalidLabel' }
        @{ line = 'Get-ContainerSnapshot work | Set-ContainerSnapshot @{ "a=b" = "c" }'; id = 'ParameterArgumentTransformationError' }
        @{ line = 'Get-Container web | Send-ContainerSignal NOSUCH'; id = 'InvalidSignal' }
        @{ line = 'Get-Container web | Checkpoint-Container cp:7 cp:8'; id = 'InputGivenTwice' }
    ) {
        { Invoke-Line $line } | Should -Throw -ErrorId "$id,*"
    }
}
