Describe 'Comparing and filling snapshots' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Layers.ps1'))
        $daemon = Start-ContainerdDaemon
        $folder = New-TestFolder

        function Save-Layer([string] $Name, [Collections.IDictionary] $Content, [switch] $Gzip) {
            $tar = New-TextLayer $Content
            [IO.File]::WriteAllBytes("$folder/$Name", $(if ($Gzip) { Compress-Bytes $tar } else { $tar }))
            (Import-ContainerdContent "$folder/$Name" -ErrorAction Stop).Digest
        }

        $first = Save-Layer first.tar ([ordered]@{ 'data/' = ''; 'data/gone' = 'gone'; 'data/stays' = 'stays'; 'data/tree/' = ''; 'data/tree/leaf' = 'leaf'; 'data/hidden/' = ''; 'data/hidden/old' = 'old' })
        $second = Save-Layer second.tar.gz ([ordered]@{ 'data/.wh.gone' = ''; 'data/.wh.tree' = ''; 'data/new' = 'brand new'; 'data/hidden/' = ''; 'data/hidden/.wh..wh..opq' = ''; 'data/hidden/young' = 'young' }) -Gzip

        function Read-Tree([string] $Key, [string] $Snapshotter = 'overlayfs') {
            $point = Mount-ContainerSnapshot $Key -ReadOnly -Snapshotter $Snapshotter -ErrorAction Stop
            try { ([IO.Directory]::GetFiles($point.Path, '*', 'AllDirectories') | ForEach-Object { $_.Substring($point.Path.Length) + '=' + [IO.File]::ReadAllText($_) } | Sort-Object) -join ' ' }
            finally { $point | Dismount-ContainerSnapshot }
        }

        function Remove-All {
            foreach ($snapshotter in 'overlayfs', 'native') {
                Get-ContainerSnapshot -Snapshotter $snapshotter | Where-Object Parent -eq $null | Remove-ContainerSnapshot -Recurse -Force
            }
        }
    }

    AfterEach {
        Get-Container | Remove-Container -Force
        Remove-All
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($folder, $true)
    }

    Context 'Expand-ContainerSnapshot' {
        It 'unpacks layers one on the other in the snapshotter <_>, and what they delete goes' -ForEach 'overlayfs', 'native' {
            [void] (New-ContainerSnapshot work -Snapshotter $_)
            $result = Expand-ContainerSnapshot work $first, $second -Snapshotter $_ -PassThru -ErrorAction Stop
            $result.Key | Should -Be 'work'
            $result.Kind | Should -Be 'Active'
            Read-Tree work $_ | Should -Be '/data/hidden/young=young /data/new=brand new /data/stays=stays'
        }

        It 'unpacks onto what lies on a parent, as the daemon unpacks an image' {
            [void] (New-ContainerSnapshot a)
            Expand-ContainerSnapshot a $first -ErrorAction Stop | Should -BeNullOrEmpty
            [void] (Complete-ContainerSnapshot a base)
            [void] (New-ContainerSnapshot ours base)
            Get-ContainerSnapshot ours | Expand-ContainerSnapshot -Layer (Get-ContainerdContent $second) -ErrorAction Stop
            Read-Tree ours | Should -Be '/data/hidden/young=young /data/new=brand new /data/stays=stays'
            Read-Tree base | Should -Be '/data/gone=gone /data/hidden/old=old /data/stays=stays /data/tree/leaf=leaf'
        }

        It 'deletes what an earlier layer brought, on a parent too' {
            [void] (New-ContainerSnapshot a)
            [void] (Complete-ContainerSnapshot a base)
            [void] (New-ContainerSnapshot both base)
            Expand-ContainerSnapshot both $first, $second -ErrorAction Stop
            Read-Tree both | Should -Be '/data/hidden/young=young /data/new=brand new /data/stays=stays'
        }

        It 'takes the beginning of a digest' {
            [void] (New-ContainerSnapshot work)
            Expand-ContainerSnapshot work $first.Substring(7, 12) -ErrorAction Stop
            Read-Tree work | Should -BeLike '*/data/stays=stays*'
        }

        It 'changes nothing with -WhatIf' {
            [void] (New-ContainerSnapshot work)
            Expand-ContainerSnapshot work $first -WhatIf
            Read-Tree work | Should -BeNullOrEmpty
        }

        It 'refuses what cannot be written to, and what is no layer, before it writes' {
            [void] (New-ContainerSnapshot a)
            [void] (Complete-ContainerSnapshot a base)
            [void] (New-ContainerSnapshot look base -View)
            $e = { Expand-ContainerSnapshot base $first -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotActive,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'base' is committed*New-ContainerSnapshot*"
            { Expand-ContainerSnapshot look $first -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotActive,*'
            { Expand-ContainerSnapshot nosuch $first -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*'
            [void] (New-ContainerSnapshot work base)
            { Expand-ContainerSnapshot work $first, ('f' * 64) -ErrorAction Stop } | Should -Throw -ErrorId 'BlobNotFound,*'
            { Expand-ContainerSnapshot work 'no digest' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidDigest,*'
            Read-Tree work | Should -BeNullOrEmpty
        }

        It 'refuses <what> for a layer, before the daemon is asked' -ForEach @(
            @{ what = 'a configuration'; bytes = { ConvertTo-Bytes '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}' }; why = 'no tar archive' }
            @{ what = 'compressed text'; bytes = { Compress-Bytes (ConvertTo-Bytes 'text') }; why = 'no tar archive' }
            @{ what = 'random bytes'; bytes = { $noise = [byte[]]::new(5000); [Random]::new(1).NextBytes($noise); , $noise }; why = 'no tar archive' }
            @{ what = 'what only looks compressed'; bytes = { , [byte[]] (0x1f, 0x8b, 8, 0, 1, 2, 3) }; why = 'no tar archive' }
            @{ what = 'what is compressed with bzip2'; bytes = { ConvertTo-Bytes 'BZh91AY&SY' }; why = 'bzip2' }
        ) {
            [IO.File]::WriteAllBytes("$folder/blob", (& $bytes))
            $digest = (Import-ContainerdContent "$folder/blob").Digest
            [void] (New-ContainerSnapshot work)
            $e = { Expand-ContainerSnapshot work $first, $digest -ErrorAction Stop } | Should -Throw -ErrorId 'NotALayer,*' -PassThru
            $e.Exception.Message | Should -BeLike "*$digest is no layer*$why*"
            $e.CategoryInfo.Category | Should -Be 'InvalidArgument'
            Read-Tree work | Should -BeNullOrEmpty
            Remove-ContainerdContent $digest
        }

        It 'refuses a manifest by its media type' {
            $rootfs = [IO.Directory]::CreateDirectory("$folder/rootfs").FullName
            $image = Import-ContainerImage -RootFileSystem $rootfs -Name empty -NoUnpack
            [void] (New-ContainerSnapshot work)
            $e = { Get-ContainerSnapshot work | Expand-ContainerSnapshot -Layer ($image | Get-ContainerdContent | Select-Object -First 1) -ErrorAction Stop } | Should -Throw -ErrorId 'NotALayer,*' -PassThru
            $e.Exception.Message | Should -BeLike "*of the type 'application/vnd.oci.image*"
            Remove-ContainerImage empty
        }

        It 'says which layer is damaged, and that a part of it may be there' {
            $noise = [byte[]]::new(300000)
            [Random]::new(1).NextBytes($noise)
            $whole = Compress-Bytes (ConvertTo-Tar ([ordered]@{ noise = $noise; last = (ConvertTo-Bytes 'x') }))
            [IO.File]::WriteAllBytes("$folder/half.tar.gz", [byte[]] $whole[0..([int] ($whole.Length / 2))])
            $half = (Import-ContainerdContent "$folder/half.tar.gz").Digest
            [void] (New-ContainerSnapshot work)
            $e = { Expand-ContainerSnapshot work $half -ErrorAction Stop } | Should -Throw -ErrorId 'LayerUnpackFailed,*' -PassThru
            $e.Exception.Message | Should -BeLike "*$half*damaged*'work' may hold a part*"
            Remove-ContainerdContent $half
        }

        It 'refuses what a task or a mount writes to, unless forced' {
            [void] (New-ContainerSnapshot work)
            $point = Mount-ContainerSnapshot work
            $e = { Expand-ContainerSnapshot work $first -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*' -PassThru
            $e.Exception.Message | Should -BeLike "*$($point.Path)*Dismount*"
            $point | Dismount-ContainerSnapshot
            $rootfs = New-TestRootFileSystem
            [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sleep, 60)
            [IO.Directory]::Delete($rootfs, $true)
            [void] (New-Container c1 -Image busybox)
            Start-ContainerTask c1
            $e = { Get-Container c1 | Expand-ContainerSnapshot -Layer $first -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotInUse,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'c1'*-Force*"
            Stop-ContainerTask c1
            Remove-ContainerTask c1
            Get-Container c1 | Expand-ContainerSnapshot -Layer $first -ErrorAction Stop
            Start-ContainerTask c1
            Invoke-ContainerCommand c1 cat, /data/stays | Should -Be 'stays'
            Remove-Container c1 -Force
            Remove-ContainerImage busybox
        }
    }

    Context 'Compare-ContainerSnapshot' {
        BeforeEach {
            [void] (New-ContainerSnapshot a)
            Expand-ContainerSnapshot a $first -ErrorAction Stop
            [void] (Complete-ContainerSnapshot a base)
            [void] (New-ContainerSnapshot b base)
            Expand-ContainerSnapshot b $second -ErrorAction Stop
            [void] (Complete-ContainerSnapshot b next)
            $changes = 'Removed /data/gone Changed /data/hidden Removed /data/hidden/old Added /data/hidden/young Added /data/new Removed /data/tree Removed /data/tree/leaf'
            # The time of the folder is that of the last change on overlayfs, or of the layer.
            function Get-Change { (@(Compare-ContainerSnapshot @args -ErrorAction Stop | Where-Object Path -notin '/data', '/') | ForEach-Object { "$_" }) -join ' ' }
        }

        It 'compares a committed one with its parent' {
            (Get-Change next) -replace 'Changed /data/hidden ', '' | Should -Be ($changes -replace 'Changed /data/hidden ', '')
            $new = Compare-ContainerSnapshot next -Path /data/new
            $new.Size | Should -Be 9
            $new.SizeBefore | Should -BeNullOrEmpty
            $new.Kind | Should -Be 'File'
            $new.Key | Should -Be 'next'
            $new.Reference | Should -Be 'base'
            $new.Snapshotter | Should -Be 'overlayfs'
            (Compare-ContainerSnapshot next -Path /data/gone).SizeBefore | Should -Be 4
        }

        It 'compares an active one, with everything that is not below anything' {
            [void] (New-ContainerSnapshot alone)
            Compare-ContainerSnapshot alone | Should -BeNullOrEmpty
            Expand-ContainerSnapshot alone $first
            (Compare-ContainerSnapshot alone -Change Added).Path -join ' ' | Should -Be '/data /data/gone /data/hidden /data/hidden/old /data/stays /data/tree /data/tree/leaf'
            (Compare-ContainerSnapshot alone -Path /data/gone).Reference | Should -BeNullOrEmpty
        }

        It 'compares any two, both ways' {
            [void] (New-ContainerSnapshot work next)
            $point = Mount-ContainerSnapshot work
            [IO.File]::WriteAllText("$point/data/stays", 'stays no more')
            [IO.File]::Delete("$point/data/new")
            $point | Dismount-ContainerSnapshot
            $stays = Compare-ContainerSnapshot work base -Path /data/stays
            "$stays" | Should -Be 'Changed /data/stays'
            $stays.Size | Should -Be 13
            $stays.SizeBefore | Should -Be 5
            (Compare-ContainerSnapshot work base -Change Added).Path | Should -Be '/data/hidden/young'
            (Compare-ContainerSnapshot base -Reference (Get-ContainerSnapshot work) -Change Added).Path -join ' ' | Should -Be '/data/gone /data/hidden/old /data/tree /data/tree/leaf'
            Compare-ContainerSnapshot base base | Should -BeNullOrEmpty
            (Get-ContainerSnapshot work, next | Compare-ContainerSnapshot -Change Removed -Path /data/new, /data/gone | ForEach-Object { "$($_.Key) $($_.Path)" } | Sort-Object) -join ', ' | Should -Be 'next /data/gone, work /data/new'
        }

        It 'compares across snapshotters' {
            [void] (New-ContainerSnapshot copy -Snapshotter native)
            Expand-ContainerSnapshot copy $first -Snapshotter native
            $copy = Get-ContainerSnapshot copy -Snapshotter native
            (Compare-ContainerSnapshot next -Reference $copy -Change Added).Path -join ' ' | Should -Be '/data/hidden/young /data/new'
        }

        It 'shows a view' {
            $text = Compare-ContainerSnapshot next | Out-String -Width 90
            $text | Should -Match 'Files: snapshot next against base'
            $text | Should -Match 'Removed +File +\d{4} +4 B /data/gone'
        }

        It 'says what is not there, and what cannot be compared' {
            { Compare-ContainerSnapshot nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*'
            $e = { Compare-ContainerSnapshot next nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'nosuch'*"
            [void] (New-ContainerSnapshot theirs -Namespace other)
            $theirs = Get-ContainerSnapshot theirs -Namespace other
            $e = { Compare-ContainerSnapshot next $theirs -ErrorAction Stop } | Should -Throw -ErrorId 'OtherNamespace,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'other'*"
            Remove-ContainerSnapshot theirs -Namespace other
        }

        It 'leaves nothing when it is stopped' {
            [void] (New-ContainerSnapshot big)
            $point = Mount-ContainerSnapshot big
            & dd if=/dev/urandom "of=$point/big" bs=1M count=200 status=none
            $point | Dismount-ContainerSnapshot
            Stop-Midway 'Compare-ContainerSnapshot big' { @(& ctr --address $daemon.Address --namespace $daemon.Namespace content active | Select-Object -Skip 1).Count -gt 0 }
            $limit = [datetime]::Now.AddSeconds(20)
            while (@(Get-Leftover $daemon | Where-Object { $_ -notmatch '^big\s' }).Count -gt 0 -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(100) }
            Get-Leftover $daemon | Where-Object { $_ -notmatch '^big\s' } | Should -BeNullOrEmpty
        }
    }
}
