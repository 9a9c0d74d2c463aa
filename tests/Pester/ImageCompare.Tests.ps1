Describe 'Compare-Container' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Layers.ps1'))
        $daemon = Start-ContainerdDaemon
        $folder = New-TestFolder
        $rootfs = New-TestRootFileSystem
        foreach ($name in 'proc', 'sys', 'dev', 'run') { [void] [IO.Directory]::CreateDirectory("$rootfs/$name") }
        $data = New-TextLayer ([ordered]@{
                'data/' = ''; 'data/gone' = 'gone'; 'data/stays' = 'stays'; 'data/same' = 'same'; 'data/tree/' = ''; 'data/tree/leaf' = 'leaf'
                'data/swap/' = ''; 'data/swap/in' = 'in'; 'data/flip' = 'flip'; 'data/sub/' = ''; 'data/sub/file' = 'file'; 'data/linked' = 'linked'
            })
        $files = [Collections.Specialized.OrderedDictionary]::new()
        Save-Layout "$folder/base.tar" $files @{
            'docker.io/test/base:1' = Add-LayoutImage $files @((Get-FolderTar $rootfs), $data) -Config @{ Cmd = @('sleep', '600'); Env = @('PATH=/bin') }
        }
        [void] (Import-ContainerImage "$folder/base.tar")
        $changes = @'
echo new > /data/new; echo changed > /data/stays; busybox rm /data/gone; busybox rm -r /data/tree
busybox rm -r /data/swap; echo file > /data/swap; busybox rm /data/flip; busybox mkdir /data/flip; echo in > /data/flip/in
busybox mkdir -p "/data/more/with blank"; echo x > "/data/more/with blank/deep"; busybox ln -s stays /data/soft; busybox ln /data/linked /data/second
busybox mkfifo /data/pipe; busybox chmod 600 /data/sub/file; busybox touch -d '2020-01-02 03:04:05' /data/new
'@
        [void] (New-Container web -Image test/base:1)
        Start-ContainerTask web
        Invoke-ContainerCommand web sh, -c, $changes
        [void] (New-Container idle -Image test/base:1)
        $before = Get-Kept $daemon
    }

    AfterEach {
        Get-Kept $daemon | Should -Be $before
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    It 'tells what was added, changed and removed, and nothing else' {
        $found = Compare-Container web -Path /data* | ForEach-Object { "$_" }
        $found -join "`n" | Should -Be (@(
                'Changed /data', 'Changed /data/flip', 'Added /data/flip/in', 'Removed /data/gone', 'Added /data/more', 'Added /data/more/with blank'
                'Added /data/more/with blank/deep', 'Added /data/new', 'Added /data/pipe', 'Added /data/second', 'Added /data/soft', 'Changed /data/stays'
                'Changed /data/sub/file', 'Changed /data/swap', 'Removed /data/swap/in', 'Removed /data/tree', 'Removed /data/tree/leaf'
            ) -join "`n")
        (Get-ContainerTask web).Status | Should -Be 'Running'
    }

    It 'describes each path' {
        $new = Compare-Container web -Path /data/new
        $new.Container | Should -Be 'web'
        $new.Change | Should -Be 'Added'
        $new.Kind | Should -Be 'File'
        $new.Size | Should -Be 4
        $new.Mode | Should -Be '0644'
        $new.ModifiedAt.ToUniversalTime().ToString('s') | Should -Be '2020-01-02T03:04:05'
        $soft = Compare-Container web -Path /data/soft
        $soft.Kind | Should -Be 'SymbolicLink'
        $soft.LinkTarget | Should -Be 'stays'
        (Compare-Container web -Path /data/pipe).Kind | Should -Be 'Fifo'
        (Compare-Container web -Path /data/swap).Kind | Should -Be 'File'
        (Compare-Container web -Path /data/flip).Kind | Should -Be 'Directory'
        (Compare-Container web -Path /data/sub/file).Mode | Should -Be '0600'
        (Compare-Container web -Path /data/gone).Size | Should -Be 4
    }

    It 'gives only the changes asked for, of several containers in their order' {
        (Compare-Container web -Change Removed).Path -join ' ' | Should -Be '/data/gone /data/swap/in /data/tree /data/tree/leaf'
        Compare-Container idle | Should -BeNullOrEmpty
        @(Get-Container | Compare-Container -Change Removed, Changed -Path /data/s*).Container | Select-Object -Unique | Should -Be 'web'
    }

    It 'shows a view' {
        $text = Compare-Container web | Out-String -Width 80
        $text | Should -Match 'Files: container web against its image'
        $text | Should -Match 'Added +File +0644 +4 B /data/new'
    }

    It 'also compares where the image has another name, or none, by now' {
        [void] (New-Container left -Image test/base:1)
        Add-ContainerImageTag test/base:1 kept
        Remove-ContainerImage test/base:1 -Force
        @(Compare-Container web -Change Removed).Count | Should -Be 4
        Add-ContainerImageTag kept test/base:1
        Remove-ContainerImage kept
        Remove-Container left
    }

    It 'compares with the native snapshotter too' {
        [void] (New-Container native -Image test/base:1 -Snapshotter native)
        Start-ContainerTask native
        Invoke-ContainerCommand native sh, -c, 'echo x > /data/new; busybox rm /data/gone'
        (Compare-Container native -Path /data/* | ForEach-Object { "$_" }) -join ' ' | Should -Be 'Removed /data/gone Added /data/new'
        Remove-Container native -Force

        # What was unpacked for it stays with the image; it is taken away so that the next test finds what it expects.
        & ctr --address $daemon.Address --namespace $daemon.Namespace content ls | Where-Object { $_ -match 'gc\.ref\.snapshot\.native' } | ForEach-Object {
            & ctr --address $daemon.Address --namespace $daemon.Namespace content label ("$_" -split '\s')[0] 'containerd.io/gc.ref.snapshot.native=' | Out-Null
        }
        Remove-ContainerImage -Unreferenced
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'an unknown container'; script = { Compare-Container nosuch -ErrorAction Stop }; id = 'ContainerNotFound' }
        @{ what = 'a name that is none'; script = { Compare-Container 'we*' -ErrorAction Stop }; id = 'InvalidId' }
    ) {
        $script | Should -Throw -ErrorId "$id,*"
    }

    It 'refuses a container without a root filesystem of its own' {
        [void] (New-Container bare -Spec (Get-ContainerSpec idle))
        { Compare-Container bare -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerWithoutSnapshot,*'
        Remove-Container bare
    }

    It 'leaves nothing when it is stopped' {
        Invoke-ContainerCommand web sh, -c, 'busybox dd if=/dev/urandom of=/tmp/big bs=1048576 count=200 2>/dev/null'
        Stop-Midway 'Compare-Container web' { @(& ctr --address $daemon.Address --namespace $daemon.Namespace content active | Select-Object -Skip 1).Count -gt 0 }
        $limit = [datetime]::Now.AddSeconds(20)
        while ((Get-Kept $daemon) -ne $before -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(100) }
    }
}
