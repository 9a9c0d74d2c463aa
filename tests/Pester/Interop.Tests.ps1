# What we import, export and unpack, held against what ctr, skopeo and umoci make of the same image.

Describe 'Images among other tools' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Layers.ps1'))
        $daemon = Start-ContainerdDaemon
        $folder = New-TestFolder
        $architecture = Get-HostArchitecture
        $foreign = if ($architecture -eq 'arm64') { 'amd64' } else { 'arm64' }
        $long = 'n' * 120

        # What goes wrong most easily in the tar of a layer.
        function New-AwkwardLayer {
            $root = New-TestFolder
            & sh -ec @"
cd '$root'; umask 022
mkdir links odd hole opaque swap -p deep/$long/$long/$long
echo one > links/first; ln links/first links/second; ln links/first links/third; ln -s first links/soft; ln -s ../deep/$long/$long/$long/$long links/far
echo deep > deep/$long/$long/$long/$long; ln deep/$long/$long/$long/$long deep/$long/hard
truncate -s 3000000 hole/all; printf end | dd of=hole/some bs=1 seek=2000000 conv=notrunc 2>/dev/null; printf start | dd of=hole/some bs=1 conv=notrunc 2>/dev/null
mkfifo odd/pipe; mknod odd/null c 1 3; mknod odd/loop b 7 0; : > odd/empty; echo spaced > 'odd/ a name '; echo café > odd/café; printf x > odd/setuid; chown 4000000:12 odd/setuid; chmod 6711 odd/setuid; chmod 1777 odd
echo gone > opaque/gone; mkdir opaque/tree; echo leaf > opaque/tree/leaf; echo folder > swap/folder; mkdir swap/file; echo in > swap/file/in
find . -print0 | xargs -0 touch -h -d '2021-03-04 05:06:07 UTC'
"@
            if ($LASTEXITCODE -ne 0) { throw 'The files of the first layer could not be made.' }
            $tar = Get-FolderTar $root '--sparse', '--sort=name', '--numeric-owner'
            & rm -rf $root
            , $tar
        }

        # What the second layer takes away, replaces and marks: whiteouts, an opaque folder, attributes.
        function New-WhiteoutLayer {
            $memory = [IO.MemoryStream]::new()
            $writer = [Formats.Tar.TarWriter]::new($memory, [Formats.Tar.TarEntryFormat]::Pax, $true)
            foreach ($name in './', 'links/', 'links/.wh.second', 'opaque/', 'opaque/.wh..wh..opq', 'opaque/fresh', 'swap/', 'swap/folder/', 'swap/folder/in', 'swap/file', 'marked/', 'marked/noted', 'marked/able') {
                $attributes = [Collections.Generic.Dictionary[string, string]]::new()
                if ($name -eq 'marked/noted') { $attributes['SCHILY.xattr.user.note'] = 'a note' }
                if ($name -eq 'marked/able') { $attributes['SCHILY.xattr.security.capability'] = 'C' * 20 }
                $kind = if ($name.EndsWith('/')) { 'Directory' } else { 'RegularFile' }
                $entry = [Formats.Tar.PaxTarEntry]::new([Formats.Tar.TarEntryType]::$kind, $name, $attributes)
                $entry.ModificationTime = [DateTimeOffset]::UnixEpoch.AddYears(40)
                $entry.Mode = [IO.UnixFileMode] $(if ($kind -eq 'Directory') { 493 } else { 420 })
                if ($kind -eq 'RegularFile' -and -not $name.Contains('.wh.')) { $entry.DataStream = [IO.MemoryStream]::new((ConvertTo-Bytes $name)) }
                $writer.WriteEntry($entry)
            }

            $writer.Dispose()

            # cap_net_raw+ep is binary, which the writer of the platform cannot write.
            $bytes = $memory.ToArray()
            ([byte[]] (1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).CopyTo($bytes, [Text.Encoding]::Latin1.GetString($bytes).IndexOf('C' * 20))
            , $bytes
        }

        # Every path of a tree with all that a layer can say of it, and the digest of the whole. Not its root: the daemon
        # gives that the time at which it unpacks.
        function Get-Tree([string] $Root) {
            $tar = [IO.Path]::GetTempFileName()
            & sh -c "cd '$Root' && find . -mindepth 1 -maxdepth 1 -print0 | sort -z | tar --null --sort=name --format=posix --xattrs '--xattrs-include=*' --numeric-owner '--pax-option=exthdr.name=attributes,delete=atime,delete=ctime' -T - -cf '$tar'"
            if ($LASTEXITCODE -ne 0) { throw "The tree '$Root' could not be read." }
            (& tar --full-time --numeric-owner -tvf $tar) -join "`n"
            Get-Digest ([IO.File]::ReadAllBytes($tar))
            [IO.File]::Delete($tar)
        }

        # The tree as the module mounts it.
        function Get-MountedTree([string] $Image) {
            $point = Mount-ContainerImage $Image -ErrorAction Stop
            try { Get-Tree $point.Path } finally { Dismount-ContainerImage $point }
        }

        function Invoke-Tool([string] $Name) {
            $output = & $Name @args 2>&1
            if ($LASTEXITCODE -ne 0) { throw "$Name $args`: $output" }
            $output
        }

        function Invoke-Ctr { Invoke-Tool ctr --address $daemon.Address --namespace $daemon.Namespace @args }

        # Skips aloud where the other tool is not to be had.
        function Test-Tool([string] $Name) {
            if (Get-Command $Name -ErrorAction Ignore) { return $true }
            Set-ItResult -Skipped -Because "$Name is not installed"
            $false
        }

        function Expand-Export([string] $Archive) {
            $layout = "$folder/layout-$([Guid]::NewGuid().ToString('n'))"
            [void] [IO.Directory]::CreateDirectory($layout)
            [void] (Invoke-Tool tar -xf $Archive -C $layout)
            $layout
        }

        $files = [Collections.Specialized.OrderedDictionary]::new()
        $layers = (New-AwkwardLayer), (New-WhiteoutLayer)
        $here = Add-LayoutImage $files $layers -Config @{ Cmd = @('sh'); Env = @('PATH=/bin'); Labels = @{ team = 'web' } }
        $there = Add-LayoutImage $files @(, (New-TextLayer ([ordered]@{ 'foreign' = 'foreign' }))) -Architecture $foreign
        $index = Add-LayoutIndex $files @($there, $here)
        Save-Layout "$folder/images.tar" $files ([ordered]@{ 'docker.io/test/one:1' = $here; 'docker.io/test/many:1' = $index })
        [void] (Import-ContainerImage "$folder/images.tar" -ErrorAction Stop)
        [void] (Export-ContainerImage test/one:1 "$folder/one.tar" -ErrorAction Stop)
        [void] (Export-ContainerImage test/many:1 "$folder/many.tar" -ErrorAction Stop)
    }

    AfterEach {
        Get-ContainerImage | Where-Object Name -NotIn docker.io/test/one:1, docker.io/test/many:1 | Remove-ContainerImage
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        & rm -rf $folder
    }

    Context 'ctr' {
        It 'unpacks the same image to the same tree' {
            $ours, $digest = Get-MountedTree test/one:1
            $point = "$folder/mounted"
            [void] [IO.Directory]::CreateDirectory($point)

            # In a namespace of its own, so that nothing of ours is taken for theirs.
            [void] (Invoke-Tool ctr --address $daemon.Address --namespace theirs images import "$folder/images.tar")
            [void] (Invoke-Tool ctr --address $daemon.Address --namespace theirs images mount docker.io/test/one:1 $point)
            try { $theirs, $other = Get-Tree $point } finally { & umount $point }

            $ours | Should -Be $theirs
            $digest | Should -Be $other

            # All that was made is in it, and nothing of what was taken away.
            $ours | Should -Match 'links/third link to \./links/first'
            $ours | Should -Not -Match 'links/second|opaque/gone|opaque/tree|swap/file/in|\.wh\.'
            foreach ($one in "deep/$long/$long/$long/$long", '7,0.*odd/loop', '4000000/12 .*odd/setuid', 'opaque/fresh', 'swap/folder/in', '3000000 .*hole/all') { $ours | Should -Match $one }
        }

        It 'writes the same blobs under the same index entries' {
            [void] (Invoke-Ctr images export --all-platforms "$folder/theirs.tar" docker.io/test/one:1 docker.io/test/many:1)
            [void] (Export-ContainerImage test/one:1, test/many:1 "$folder/ours.tar")
            $blobs = foreach ($archive in 'ours', 'theirs') { (Invoke-Tool tar -tf "$folder/$archive.tar" | Where-Object { $_ -match '^blobs/.+/.' } | Sort-Object) -join ' ' }
            $blobs[0] | Should -Be $blobs[1]
            $entries = foreach ($archive in 'ours', 'theirs') {
                $read = Invoke-Tool tar -xOf "$folder/$archive.tar" index.json | ConvertFrom-Json
                ($read.manifests | ForEach-Object { "$($_.digest) $($_.mediaType) $($_.annotations.'io.containerd.image.name') $($_.annotations.'org.opencontainers.image.ref.name')" } | Sort-Object) -join "`n"
            }
            $entries[0] | Should -Be $entries[1]
        }
    }

    Context 'skopeo' {
        It 'reads an export as an OCI archive, with the same digests' {
            if (-not (Test-Tool skopeo)) { return }
            (Invoke-Tool skopeo inspect "oci-archive:$folder/one.tar:1" | Out-String | ConvertFrom-Json).Digest | Should -Be $here.digest
            [void] (Invoke-Tool skopeo copy --all "oci-archive:$folder/many.tar:1" "dir:$folder/dir")
            Get-Digest ([IO.File]::ReadAllBytes("$folder/dir/manifest.json")) | Should -Be $index.digest
        }

        It 'reads an export as docker load does' {
            if (-not (Test-Tool skopeo)) { return }
            $read = Invoke-Tool skopeo inspect --config "docker-archive:$folder/one.tar:test/one:1" | Out-String | ConvertFrom-Json
            $read.rootfs.diff_ids | Should -Be (Get-Digest $layers[0]), (Get-Digest $layers[1])
            $read.config.Labels.team | Should -Be 'web'

            # Of several platforms the one for here.
            (Invoke-Tool skopeo inspect --config "docker-archive:$folder/many.tar:test/many:1" | Out-String | ConvertFrom-Json).architecture | Should -Be $architecture
            [void] (Export-ContainerImage test/one:1, test/many:1 "$folder/both.tar.zst")
            (Invoke-Tool skopeo list-tags "docker-archive:$folder/both.tar.zst" | Out-String | ConvertFrom-Json).Tags | Sort-Object | Should -Be 'test/many:1', 'test/one:1'
        }

        It 'writes archives that are imported as the same image: <kind>' -ForEach @(
            @{ kind = 'oci-archive'; from = 'one'; suffix = ':docker.io/test/copy:2' }
            @{ kind = 'oci-archive'; from = 'many'; suffix = ':docker.io/test/copy:2' }
            @{ kind = 'docker-archive'; from = 'one'; suffix = ':test/copy:2' }
        ) {
            if (-not (Test-Tool skopeo)) { return }
            $tree = Get-MountedTree test/one:1
            [void] (Invoke-Tool skopeo copy --all "oci-archive:$folder/$from.tar:1" "${kind}:$folder/$kind-$from.tar$suffix")
            $image = Import-ContainerImage "$folder/$kind-$from.tar" -ErrorAction Stop
            $image.Name | Should -Be 'docker.io/test/copy:2'
            if ($kind -eq 'oci-archive') { $image.Digest | Should -Be (Get-ContainerImage "test/${from}:1").Digest }
            Get-MountedTree test/copy:2 | Should -Be $tree
            Test-ContainerImage test/copy:2 -Full -Unpacked | Should -BeTrue
        }
    }

    Context 'umoci' {
        It 'unpacks an export to the tree the daemon has' {
            if (-not (Test-Tool umoci)) { return }
            [void] (Invoke-Tool umoci unpack --image "$(Expand-Export "$folder/one.tar"):1" "$folder/bundle")
            $theirs, $other = Get-Tree "$folder/bundle/rootfs"
            $ours, $digest = Get-MountedTree test/one:1
            $ours | Should -Be $theirs
            $digest | Should -Be $other
        }

        It 'makes a layout that is imported as the same image with the same tree' {
            if (-not (Test-Tool umoci)) { return }
            $layout = Expand-Export "$folder/one.tar"
            [void] (Invoke-Tool umoci unpack --image "${layout}:1" "$folder/changed")
            [IO.File]::WriteAllText("$folder/changed/rootfs/added", 'added')
            & rm -r "$folder/changed/rootfs/links"
            [void] (Invoke-Tool umoci repack --image "${layout}:2" "$folder/changed")
            [void] (Invoke-Tool umoci config --image "${layout}:2" --config.cmd added)
            [void] (Invoke-Tool umoci unpack --image "${layout}:2" "$folder/again")
            # It keeps the annotation with our name of the image it started from, and gives a tag of its own.
            $digest = ([IO.File]::ReadAllText("$layout/index.json") | ConvertFrom-Json).manifests | Where-Object { $_.annotations.'org.opencontainers.image.ref.name' -eq '2' } | ForEach-Object digest
            $images = @(Import-ContainerImage $layout -ErrorAction Stop)
            ($images.Name | Sort-Object) -join ' ' | Should -Be 'docker.io/test/one:1 docker.io/test/one:2'
            (Get-ContainerImage test/one:2).Digest | Should -Be $digest
            (Get-ContainerImage test/one:1).Digest | Should -Be $here.digest
            Get-MountedTree test/one:2 | Should -Be (Get-Tree "$folder/again/rootfs")
        }
    }
}
