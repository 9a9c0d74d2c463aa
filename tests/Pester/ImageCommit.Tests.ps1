Describe 'Images made of containers' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Layers.ps1'))
        $daemon = Start-ContainerdDaemon
        $folder = New-TestFolder
        $rootfs = New-TestRootFileSystem
        $long = 'n' * 120
        $data = New-TextLayer ([ordered]@{
                'data/' = ''; 'data/gone' = 'gone'; 'data/stays' = 'stays'; 'data/tree/' = ''; 'data/tree/leaf' = 'leaf'; 'data/swap/' = ''; 'data/swap/in' = 'in'
            })
        $files = [Collections.Specialized.OrderedDictionary]::new()
        $config = @{ Cmd = @('sleep', '600'); Env = @('PATH=/bin', 'OLD=1', 'KEEP=2'); ExposedPorts = @{ '80/tcp' = @{} }; Labels = @{ from = 'base'; drop = 'x' } }
        Save-Layout "$folder/base.tar" $files @{
            'docker.io/test/base:1' = Add-LayoutImage $files @((Get-FolderTar $rootfs), $data) -Config $config -History @{ created = '2024-05-01T10:00:00Z'; created_by = 'COPY rootfs /' }
        }
        [void] (Import-ContainerImage "$folder/base.tar")
        $base = Get-ContainerImage test/base:1

        # What a container does to its files: every kind of change a layer can hold.
        $changes = @"
echo new > /data/new; echo changed > /data/stays; busybox rm /data/gone; busybox rm -r /data/tree
busybox rm -r /data/swap; busybox mkdir /data/swap; echo other > /data/swap/other
busybox mkdir -p /data/$long/$long/$long; echo deep > /data/$long/$long/$long/$long
echo linked > /data/hard1; busybox ln /data/hard1 /data/hard2; busybox ln -s stays /data/soft
busybox mkfifo /data/pipe; busybox dd if=/dev/zero of=/data/sparse bs=1 count=1 seek=5000000 2>/dev/null
busybox chmod 4755 /data/new; busybox chown 12:34 /data/hard1; busybox touch -d '2020-01-02 03:04:05' /data/new
"@

        function Get-Ctr([string[]] $Argument) { & ctr --address $daemon.Address --namespace $daemon.Namespace @Argument }
        function Get-ImageDocument($Image) {
            $manifest = Get-Ctr content, get, $Image.Digest | ConvertFrom-Json
            [pscustomobject]@{ Manifest = $manifest; Config = Get-Ctr content, get, $manifest.config.digest | ConvertFrom-Json }
        }

        # A tree as a container sees it: kind, mode, owner, size, time and what it holds, of every path.
        $listing = 'busybox find /data /bin /etc -type d -exec busybox stat -c "%n %F %a %u:%g %Y" {} \; | busybox sort; ' +
            'busybox find /data /bin /etc ! -type d -exec busybox stat -c "%N %F %a %u:%g %h %s %Y" {} \; | busybox sort; busybox find /data -type f -exec busybox md5sum {} \; | busybox sort'

        # The same of a folder of this machine.
        function Get-Tree([string] $Root) {
            & sh -c "cd '$Root' && find data bin etc -type d -exec stat -c '%n %F %a %u:%g %Y' {} + | sort; cd '$Root' && find data bin etc ! -type d -exec stat -c '%N %F %a %u:%g %h %s %Y' {} + | sort; cd '$Root' && find data -type f -exec md5sum {} + | sort"
        }

        # Gives a running container a file with a capability (cap_net_raw+ep), with a tar that holds one.
        function Add-Capability([string] $Container) {
            $memory = [IO.MemoryStream]::new()
            $writer = [Formats.Tar.TarWriter]::new($memory, [Formats.Tar.TarEntryFormat]::Pax, $true)
            $attributes = [Collections.Generic.Dictionary[string, string]]::new()
            $attributes['SCHILY.xattr.security.capability'] = 'C' * 20
            $attributes['SCHILY.xattr.user.note'] = 'a note'
            $entry = [Formats.Tar.PaxTarEntry]::new([Formats.Tar.TarEntryType]::RegularFile, 'able', $attributes)
            $entry.DataStream = [IO.MemoryStream]::new((ConvertTo-Bytes 'able'))
            $writer.WriteEntry($entry)
            $writer.Dispose()

            # The attribute is binary, which the writer of the platform cannot write.
            $bytes = $memory.ToArray()
            $at = [Text.Encoding]::Latin1.GetString($bytes).IndexOf('C' * 20)
            ([byte[]] (1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).CopyTo($bytes, $at)
            [IO.File]::WriteAllBytes("$folder/able.tar", $bytes)
            & tar --xattrs '--xattrs-include=*' -xf "$folder/able.tar" -C "/proc/$((Get-ContainerTask $Container).ProcessId)/root/data"
        }
    }

    AfterEach {
        Get-Container | Remove-Container -Force
        Get-ContainerImage | Where-Object Name -NE $base.Name | Remove-ContainerImage
        Get-Leftover $daemon | Should -BeNullOrEmpty
        @(Get-Ctr content, ls, -q).Count | Should -Be 4
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    It 'have the tree of the container, with links, holes, long names and all that was removed' {
        [void] (New-Container web -Image test/base:1)
        Start-ContainerTask web
        Invoke-ContainerCommand web sh, -c, $changes
        $expected = @(Invoke-ContainerCommand web sh, -c, $listing)
        $image = ConvertTo-ContainerImage web test/committed:1 -Author 'a tester' -Message 'for a test'
        $image.Name | Should -Be 'docker.io/test/committed:1'
        $image.Snapshotters | Should -Be 'overlayfs'
        (Get-ContainerTask web).Status | Should -Be 'Running'
        $expected.Count | Should -BeGreaterThan 20
        $actual = @(Invoke-Container -Image test/committed:1 -Command sh, -c, $listing)
        ($actual -join "`n") | Should -Be ($expected -join "`n")
        $actual -match '/data/(gone|tree|swap/in)' | Should -BeNullOrEmpty
        Test-ContainerImage test/committed:1 -Full -Unpacked | Should -BeTrue

        $document = Get-ImageDocument $image
        $document.Manifest.layers.Count | Should -Be 3
        $document.Config.rootfs.diff_ids.Count | Should -Be 3
        $document.Config.author | Should -Be 'a tester'
        $document.Config.config.Cmd -join ' ' | Should -Be 'sleep 600'
        $steps = @(Get-ContainerImageHistory test/committed:1)
        $steps.Count | Should -Be 3
        $steps[0].Comment | Should -Be 'for a test'
        $steps[0].CreatedBy | Should -Be 'sleep 600'
        $steps[0].Author | Should -Be 'a tester'
        $steps[2].CreatedBy | Should -Be 'COPY rootfs /'
        ($image.BuiltAt - [DateTimeOffset]::Now).Duration() | Should -BeLessThan ([timespan]::FromMinutes(5))
    }

    It 'have the layer ctr makes of the same snapshot' {
        [void] (New-Container web -Image test/base:1)
        Start-ContainerTask web
        Invoke-ContainerCommand web sh, -c, $changes
        Suspend-ContainerTask web
        $layer = @(ConvertTo-ContainerImage web test/committed:1 | Get-ContainerImageHistory)[0]
        (Get-ContainerTask web).Status | Should -Be 'Paused'
        Get-Ctr snapshots, diff, --media-type, application/vnd.oci.image.layer.v1.tar, --ref, theirs, --keep, web | Out-Null
        $theirs = ((Get-Ctr content, ls | Where-Object { $_ -match 'gc.root=' }) -split '\s')[0]
        & sh -c "ctr -a $($daemon.Address) -n $($daemon.Namespace) content get $theirs > $folder/theirs.tar; ctr -a $($daemon.Address) -n $($daemon.Namespace) content get $($layer.Digest) | gunzip > $folder/ours.tar"
        Get-Ctr content, rm, $theirs | Out-Null
        "sha256:$((& sha256sum "$folder/ours.tar").Substring(0, 64))" | Should -Be $layer.DiffId

        # The daemon gives the marks of deleted files the time at which it writes them.
        $entries = foreach ($tar in 'theirs', 'ours') { (& tar --full-time --numeric-owner -tvf "$folder/$tar.tar") -replace '\S+ \S+ (\S*\.wh\.)', '$1' -join "`n" }
        $entries[1] | Should -Be $entries[0]
        $entries[0] | Should -Match 'data/\.wh\.gone'
        $contents = foreach ($tar in 'theirs', 'ours') { & sh -c "tar -xOf $folder/$tar.tar | md5sum" }
        $contents[1] | Should -Be $contents[0]
        Resume-ContainerTask web
    }

    It 'unpack with umoci to the tree of the container, file capabilities and all' {
        if (-not (Get-Command umoci -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'umoci is not installed'
            return
        }

        [void] (New-Container web -Image test/base:1)
        Start-ContainerTask web
        Invoke-ContainerCommand web sh, -c, $changes
        Add-Capability web
        [void] (ConvertTo-ContainerImage web test/committed:1)
        [void] (Export-ContainerImage test/committed:1 "$folder/committed.tar")
        [void] [IO.Directory]::CreateDirectory("$folder/layout")
        & tar -xf "$folder/committed.tar" -C "$folder/layout"
        & umoci unpack --image "$folder/layout:1" "$folder/bundle"
        $LASTEXITCODE | Should -Be 0
        (Get-Tree "$folder/bundle/rootfs") -join "`n" | Should -Be ((Get-Tree "/proc/$((Get-ContainerTask web).ProcessId)/root") -join "`n")
        $text = [Text.Encoding]::Latin1.GetString((Get-FolderTar "$folder/bundle/rootfs/data"))
        $text.Contains("SCHILY.xattr.security.capability=`u{1}`0`0`u{2}`0 `0`0") | Should -BeTrue

        # The daemon writes no other attributes into a layer; when one does, the help is to be changed.
        $text.Contains('user.note') | Should -BeFalse
        $inode = & stat -c %i "$folder/bundle/rootfs/data/hard1"
        & stat -c %i "$folder/bundle/rootfs/data/hard2" | Should -Be $inode
    }

    It 'survive the removal of the image they were built on, and of the container' {
        [void] (Import-ContainerImage "$folder/base.tar" -Namespace short)
        [void] (New-Container web -Image test/base:1 -Namespace short)
        [void] (ConvertTo-ContainerImage web test/committed:1 -Namespace short)
        Remove-Container web -Namespace short
        Remove-ContainerImage test/base:1 -Namespace short
        Test-ContainerImage test/committed:1 -Namespace short -Full -Unpacked | Should -BeTrue
        Invoke-Container -Image test/committed:1 -Namespace short -Command cat, /data/stays | Should -Be 'stays'
        Get-ContainerImage -Namespace short | Remove-ContainerImage
        & ctr --address $daemon.Address --namespace short content ls -q | Should -BeNullOrEmpty
    }

    It 'take changes of the configuration' {
        [void] (New-Container web -Image test/base:1)
        $image = ConvertTo-ContainerImage web ':2' -Entrypoint /bin/sh -Environment @{ NEW = 'a=b'; OLD = $null; KEEP = '3' } -Label @{ team = 'web'; drop = $null } `
            -User 101:102 -WorkingDirectory /data -StopSignal SIGQUIT -ExposedPort 53/udp, 8000-8010 -Volume /data/volume
        $image.Name | Should -Be 'docker.io/test/base:2'
        $image.Labels['team'] | Should -Be 'web'
        $config = (Get-ImageDocument $image).Config.config
        $config.Entrypoint -join ' ' | Should -Be '/bin/sh'
        $config.Cmd | Should -BeNullOrEmpty
        $config.Env -join ' ' | Should -Be 'PATH=/bin KEEP=3 NEW=a=b'
        $config.Labels.from | Should -Be 'base'
        $config.Labels.team | Should -Be 'web'
        $config.Labels.drop | Should -BeNullOrEmpty
        $config.User | Should -Be '101:102'
        $config.WorkingDir | Should -Be '/data'
        $config.StopSignal | Should -Be 'SIGQUIT'
        @($config.ExposedPorts | Get-Member -MemberType NoteProperty).Name -join ' ' | Should -Be '53/udp 80/tcp 8000-8010/tcp'
        @($config.Volumes | Get-Member -MemberType NoteProperty).Name | Should -Be '/data/volume'
        Invoke-Container -Image test/base:2 -Command '-c', 'pwd; id -u; echo $NEW $KEEP $OLD' | Should -Be @('/data', '101', 'a=b 3')
        $config = (Get-ImageDocument (ConvertTo-ContainerImage web ':3' -Command @())).Config.config
        $config.Cmd | Should -BeNullOrEmpty
    }

    It 'take each piped container under a name of its own' {
        'web', 'db' | New-Container -Image test/base:1 | Out-Null
        $images = @(Get-Container web, db | ConvertTo-ContainerImage -Name { "backup/$($_.Id)" } -NoUnpack)
        $images.Name -join ' ' | Should -Be 'docker.io/backup/db:latest docker.io/backup/web:latest'
    }

    It 'have no layer where nothing was changed' {
        [void] (New-Container web -Image test/base:1)
        $image = ConvertTo-ContainerImage web test/same -Author me
        (Get-ImageDocument $image).Manifest.layers.Count | Should -Be 2
        $step = @(Get-ContainerImageHistory test/same)[0]
        $step.IsEmptyLayer | Should -BeTrue
        $step.Author | Should -Be 'me'
        Invoke-Container -Image test/same -Command cat, /data/stays | Should -Be 'stays'
    }

    It 'are of Docker''s kind where their base is' {
        $docker = New-DockerArchive 'docker.io/test/dock:1'
        [IO.File]::WriteAllBytes("$folder/docker.tar", (ConvertTo-Tar $docker.Files))
        [void] (Import-ContainerImage "$folder/docker.tar")
        [void] (New-Container web -Image test/dock:1 -Command x)
        $mine = (Get-ImageDocument (ConvertTo-ContainerImage web test/dock:2)).Manifest
        $theirs = (Get-ImageDocument (Get-ContainerImage test/dock:1)).Manifest
        $mine.mediaType | Should -Be $theirs.mediaType
        $mine.config.mediaType | Should -Be $theirs.config.mediaType
    }

    It 'take a name that is another image''s only when forced' {
        [void] (New-Container web -Image test/base:1)
        $e = { ConvertTo-ContainerImage web test/base:1 -ErrorAction Stop } | Should -Throw -ErrorId 'ImageAlreadyExists,*' -PassThru
        $e.CategoryInfo.Category | Should -Be 'ResourceExists'
        [void] (Add-ContainerImageTag test/base:1 other)
        (ConvertTo-ContainerImage web other -Author me -Force).Digest | Should -Not -Be $base.Digest
        ConvertTo-ContainerImage web x -WhatIf
        { Get-ContainerImage x -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
    }

    It 'are not made of <what>' -ForEach @(
        @{ what = 'an unknown container'; script = { ConvertTo-ContainerImage nosuch x -ErrorAction Stop }; id = 'ContainerNotFound' }
        @{ what = 'a name that is none'; script = { ConvertTo-ContainerImage web 'Bad Name' -ErrorAction Stop }; id = 'InvalidImageName' }
        @{ what = 'a port that is none'; script = { ConvertTo-ContainerImage web x -ExposedPort 70000 -ErrorAction Stop }; id = 'InvalidImageConfig' }
        @{ what = 'a volume that is no folder'; script = { ConvertTo-ContainerImage web x -Volume data -ErrorAction Stop }; id = 'InvalidImageConfig' }
        @{ what = 'a relative working directory'; script = { ConvertTo-ContainerImage web x -WorkingDirectory data -ErrorAction Stop }; id = 'InvalidImageConfig' }
        @{ what = 'a user that is none'; script = { ConvertTo-ContainerImage web x -User a:b:c -ErrorAction Stop }; id = 'InvalidUser' }
        @{ what = 'a signal that is none'; script = { ConvertTo-ContainerImage web x -StopSignal SIGFOO -ErrorAction Stop }; id = 'InvalidSignal' }
        @{ what = 'a label too long'; script = { ConvertTo-ContainerImage web x -Label @{ a = 'x' * 5000 } -ErrorAction Stop }; id = 'LabelTooLong' }
        @{ what = 'a container without an image'; script = { ConvertTo-ContainerImage bare x -ErrorAction Stop }; id = 'ContainerWithoutImage' }
    ) {
        [void] (New-Container web -Image test/base:1)
        [void] (New-Container bare -Spec (Get-ContainerSpec web))
        $script | Should -Throw -ErrorId "$id,*"
        @(Get-ContainerImage).Count | Should -Be 1
    }

    It 'are not made when the image''s name is another image''s meanwhile, or a layer of it is gone' {
        [void] (Import-ContainerImage "$folder/base.tar" -Namespace short)
        [void] (New-Container web -Image test/base:1 -Namespace short)
        $layer = @(Get-ContainerImageHistory test/base:1)[0].Digest
        & ctr --address $daemon.Address --namespace short content rm $layer | Out-Null
        $e = { ConvertTo-ContainerImage web x -Namespace short -ErrorAction Stop } | Should -Throw -ErrorId 'LayerMissing,*' -PassThru
        $e.Exception.Message | Should -BeLike "*$layer*test/base:1*"
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name other -Namespace short)
        Set-ContainerImage test/base:1 -Target other -Namespace short
        $e = { ConvertTo-ContainerImage web x -Namespace short -ErrorAction Stop } | Should -Throw -ErrorId 'ImageChanged,*' -PassThru
        $e.CategoryInfo.Category | Should -Be 'InvalidOperation'
        & ctr --address $daemon.Address --namespace short leases ls -q | Should -BeNullOrEmpty
        Remove-Container web -Namespace short
        Get-ContainerImage -Namespace short | Remove-ContainerImage
    }

    It 'leave nothing, and a task that runs on, when making them is stopped' {
        [void] (New-Container web -Image test/base:1)
        Start-ContainerTask web
        Invoke-ContainerCommand web sh, -c, 'busybox dd if=/dev/urandom of=/data/big bs=1048576 count=150 2>/dev/null'
        $before = Get-Kept $daemon
        Stop-Midway 'ConvertTo-ContainerImage web test/stopped' { (Get-ContainerTask web).Status -eq 'Paused' }
        (Get-ContainerTask web).Status | Should -Be 'Running'
        $limit = [datetime]::Now.AddSeconds(20)
        while ((Get-Kept $daemon) -ne $before -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(100) }
        Get-Kept $daemon | Should -Be $before
    }

    It 'are made without a pause when told so' {
        [void] (New-Container web -Image test/base:1)
        Start-ContainerTask web
        Invoke-ContainerCommand web sh, -c, 'echo x > /data/new'
        [void] (ConvertTo-ContainerImage web test/running -NoPause)
        Invoke-Container -Image test/running -Command cat, /data/new | Should -Be 'x'
        (Get-ContainerTask web).Status | Should -Be 'Running'
    }
}
