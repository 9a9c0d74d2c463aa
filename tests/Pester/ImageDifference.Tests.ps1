Describe 'Compare-ContainerImage' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Layers.ps1'))
        $daemon = Start-ContainerdDaemon
        $folder = New-TestFolder
        $files = [Collections.Specialized.OrderedDictionary]::new()
        $base = New-TextLayer ([ordered]@{ 'data/' = ''; 'data/gone' = 'gone'; 'data/stays' = 'stays' })
        $old = New-TextLayer ([ordered]@{ 'data/old' = 'old' })
        $top = New-TextLayer ([ordered]@{ 'data/.wh.gone' = ''; 'data/new' = 'brand new'; 'data/stays' = 'stays no more' })
        $config = @{ Cmd = @('sh'); Env = @('PATH=/bin', 'OLD=1'); User = 'web'; Labels = @{ team = 'a'; kept = 'x' }; ExposedPorts = @{ '80/tcp' = @{} } }
        $newConfig = @{ Cmd = @('sh', '-l'); Env = @('PATH=/usr/bin:/bin', 'NEW=2=3'); Labels = @{ team = 'b'; kept = 'x' }; ExposedPorts = @{ '80/tcp' = @{}; '443/tcp' = @{} }; Volumes = $null; StopSignal = ''; 'x-unknown' = 'here' }
        $first = Add-LayoutImage $files @($base, $old) -Config $config
        $second = Add-LayoutImage $files @($base, $top) -Config $newConfig
        $foreign = Add-LayoutImage $files @($base, $top) -Architecture s390x -Config $newConfig
        Save-Layout "$folder/images.tar" $files ([ordered]@{
                'docker.io/test/web:1' = $first
                'docker.io/test/web:2' = $second
                'docker.io/test/web:many' = Add-LayoutIndex $files @($second, $foreign)
                'docker.io/test/web:none' = Add-LayoutImage $files @()
            })
        [void] (Import-ContainerImage "$folder/images.tar" -ErrorAction Stop)
        $before = Get-Kept $daemon
        function Get-Row { Compare-ContainerImage @args -ErrorAction Stop }
    }

    AfterEach {
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($folder, $true)
    }

    It 'tells the fields of the configuration apart, and nothing that is the same' {
        $rows = Get-Row test/web:2 test/web:1 -Part Config
        ($rows | ForEach-Object { "$_" }) -join ', ' | Should -Be (@(
                'Changed Config Cmd', 'Added Config Env.NEW', 'Removed Config Env.OLD', 'Changed Config Env.PATH', 'Added Config ExposedPorts.443/tcp'
                'Changed Config Labels.team', 'Removed Config User', 'Added Config x-unknown') -join ', ')
        $cmd = $rows | Where-Object Name -eq Cmd
        $cmd.ReferenceValue | Should -Be '["sh"]'
        $cmd.Value | Should -Be '["sh","-l"]'
        ($rows | Where-Object Name -eq Env.NEW).Value | Should -Be '2=3'
        ($rows | Where-Object Name -eq User).ReferenceValue | Should -Be 'web'
        ($rows | Where-Object Name -eq User).Value | Should -BeNullOrEmpty
    }

    It 'tells each step of the history by itself, in order, and as it is read' {
        $history = New-TestFolder
        try {
            $files = [Collections.Specialized.OrderedDictionary]::new()
            $steps = @(1..11 | ForEach-Object { @{ created_by = "RUN step-$_ && echo '<+>' ä"; empty_layer = $true } })
            $more = @($steps[0..9]) + @(@{ created_by = 'RUN another'; empty_layer = $true }, @{ created_by = 'RUN more'; empty_layer = $true })
            Save-Layout "$history/images.tar" $files ([ordered]@{
                    'docker.io/test/steps:1' = Add-LayoutImage $files @($base) -History $steps
                    'docker.io/test/steps:2' = Add-LayoutImage $files @($base) -History $more
                })
            [void] (Import-ContainerImage "$history/images.tar" -NoUnpack -ErrorAction Stop)
        }
        finally { [IO.Directory]::Delete($history, $true) }

        (Get-Row test/steps:2 test/steps:1 -Part Config | ForEach-Object { "$_" }) -join ', ' | Should -Be 'Changed Config history.11, Added Config history.12'
        $rows = @(Get-Row test/steps:2 test/steps:1 -Part Config -IncludeSame | Where-Object Name -like history.*)
        $rows.Name -join ' ' | Should -Be ((1..12 | ForEach-Object { "history.$_" }) -join ' ')
        $rows[10].ReferenceValue | Should -BeLike "*RUN step-11 && echo '<+>' ä*"
        ($rows[10].Value | ConvertFrom-Json).created_by | Should -Be 'RUN another'
        Get-ContainerImage test/steps:* | Remove-ContainerImage
    }

    It 'tells the annotations of indexes, of what they list, and of manifests' {
        $noted = [Collections.Specialized.OrderedDictionary]::new()
        $one = Add-LayoutImage $noted @($base)
        $other = Add-LayoutImage $noted @($base) -Architecture s390x
        $images = [ordered]@{}
        foreach ($tag in 1, 2) {
            $document = @{} + ([Text.Encoding]::UTF8.GetString($noted[(Get-BlobPath $one.digest)]) | ConvertFrom-Json -AsHashtable)
            $document.annotations = @{ same = 'x'; built = "$tag" }
            $manifest = ConvertTo-JsonBytes $document
            $noted[(Get-BlobPath (Get-Digest $manifest))] = $manifest
            $first = @{} + $one + @{ annotations = @{ note = "a & $tag" } }
            $first.digest = Get-Digest $manifest
            $first.size = $manifest.Length
            $index = ConvertTo-JsonBytes @{
                schemaVersion = 2; mediaType = 'application/vnd.oci.image.index.v1+json'
                manifests = @($first, ($other + @{ annotations = @{ note = "b $tag" } }), ($other + @{ annotations = @{ twin = "c $tag" } }))
                annotations = @{ same = 'y' } + $(if ($tag -eq 2) { @{ new = 'z' } } else { @{} })
            }
            $noted[(Get-BlobPath (Get-Digest $index))] = $index
            $images["docker.io/test/noted:$tag"] = @{ mediaType = 'application/vnd.oci.image.index.v1+json'; digest = (Get-Digest $index); size = $index.Length }
        }
        Save-Layout "$folder/noted.tar" $noted $images
        [void] (Import-ContainerImage "$folder/noted.tar" -NoUnpack -ErrorAction Stop)
        $here = (Get-Row test/noted:2 test/noted:1 -Part Platform -IncludeSame).Name | Where-Object { $_ -ne 'linux/s390x' }
        (Get-Row test/noted:2 test/noted:1 -Part Annotation | ForEach-Object { "$($_.Change) $($_.Name) $($_.ReferenceValue)-$($_.Value)" }) -join ', ' | Should -Be (@(
                'Added index:new -z', "Changed manifest-descriptor[$here]:note a & 1-a & 2", 'Changed manifest-descriptor[linux/s390x, 2]:twin c 1-c 2'
                'Changed manifest-descriptor[linux/s390x]:note b 1-b 2', 'Changed manifest:built 1-2') -join ', ')
        @(Get-Row test/noted:2 test/noted:1 -Part Annotation -IncludeSame | Where-Object Change -eq Same).Name -join ' ' | Should -Be 'index:same manifest:same'
        Get-ContainerImage test/noted:* | Remove-ContainerImage
    }

    It 'tells which layers are shared, added and removed' {
        $rows = Get-Row test/web:2 test/web:1 -Part Layer -IncludeSame
        ($rows | ForEach-Object { "$($_.Change)" }) -join ' ' | Should -Be 'Same Removed Added'
        $rows[0].Name | Should -Be (Get-Digest $base)
        $rows[0].Value | Should -Be (Get-Digest (Compress-Bytes $base))
        $rows[1].ReferenceValue | Should -Be (Get-Digest (Compress-Bytes $old))
        $rows[2].Size | Should -Be (Compress-Bytes $top).Length
        (Get-Row test/web:2 test/web:1 -Part Layer).Count | Should -Be 2
    }

    It 'tells platforms, sizes and the digest' {
        $rows = Get-Row test/web:many test/web:2
        ($rows | ForEach-Object { "$_" }) -join ', ' | Should -Be 'Added Platform linux/s390x'
        $sizes = Get-Row test/web:2 test/web:1 -Part Size, Image
        ($sizes | ForEach-Object Name) -join ' ' | Should -Be 'Digest Content Unpacked'
        ($sizes | Where-Object Name -eq Content).Value | Should -BeOfType long
        ($sizes | Where-Object Name -eq Digest).Value | Should -Be $second.digest
    }

    It 'gives nothing for what is the same, and takes images without layers' {
        Compare-ContainerImage test/web:1 test/web:1 | Should -BeNullOrEmpty
        (Get-Row test/web:none test/web:1 -Part Layer | ForEach-Object { "$($_.Change)" }) -join ' ' | Should -Be 'Removed Removed'
        (Get-Row test/web:1 test/web:none -File -Change Added).Path -join ' ' | Should -Be '/data /data/gone /data/old /data/stays'
    }

    It 'tells a layer that is only compressed in another way from one that is another' {
        $again = [Collections.Specialized.OrderedDictionary]::new()
        $descriptor = Add-LayoutImage $again @($base, $old) -Config $config
        Save-Layout "$folder/web.tar" $again ([ordered]@{ 'docker.io/test/web:1' = $descriptor })
        & ctr --address $daemon.Address --namespace $daemon.Namespace images export "$folder/exported.tar" docker.io/test/web:1 | Out-Null
        $plain = [Collections.Specialized.OrderedDictionary]::new()
        $plain[(Get-BlobPath (Get-Digest $base))] = $base
        $document = ConvertTo-JsonBytes @{ architecture = (Get-HostArchitecture); os = 'linux'; config = @{ Cmd = @('sh') }; rootfs = @{ type = 'layers'; diff_ids = @(Get-Digest $base) } }
        $plain[(Get-BlobPath (Get-Digest $document))] = $document
        $manifest = ConvertTo-JsonBytes @{
            schemaVersion = 2; mediaType = 'application/vnd.oci.image.manifest.v1+json'
            config = @{ mediaType = 'application/vnd.oci.image.config.v1+json'; digest = (Get-Digest $document); size = $document.Length }
            layers = @(@{ mediaType = 'application/vnd.oci.image.layer.v1.tar'; digest = (Get-Digest $base); size = $base.Length })
        }
        $plain[(Get-BlobPath (Get-Digest $manifest))] = $manifest
        Save-Layout "$folder/plain.tar" $plain @{ 'docker.io/test/plain:1' = @{ mediaType = 'application/vnd.oci.image.manifest.v1+json'; digest = (Get-Digest $manifest); size = $manifest.Length } }
        [void] (Import-ContainerImage "$folder/plain.tar" -ErrorAction Stop)
        (Get-Row test/plain:1 test/web:1 -Part Layer | ForEach-Object { "$($_.Change)" }) -join ' ' | Should -Be 'Changed Removed'
        Remove-ContainerImage test/plain:1
    }

    It 'compares files where that is asked for, unpacked on the way' {
        Get-ContainerSnapshot | Where-Object Parent -eq $null | Remove-ContainerSnapshot -Recurse -Force
        $rows = Get-Row test/web:2 test/web:1 -File | Where-Object Path -ne '/data'
        ($rows | ForEach-Object { "$_" }) -join ', ' | Should -Be 'Removed /data/gone, Added /data/new, Removed /data/old, Changed /data/stays'
        $stays = $rows | Where-Object Path -eq /data/stays
        "$($stays.SizeBefore) $($stays.Size)" | Should -Be '5 13'
        $stays.Reference | Should -Be 'docker.io/test/web:1'
        (Get-Row test/web:2 test/web:1 -File -Path /data/n*).Path | Should -Be '/data/new'
        Get-Row test/web:many test/web:2 -File | Should -BeNullOrEmpty
    }

    It 'compares with an image of another namespace by its documents' {
        [void] (Import-ContainerImage "$folder/images.tar" -NoUnpack -Namespace other -ErrorAction Stop)
        $theirs = Get-ContainerImage test/web:1 -Namespace other
        (Get-ContainerImage test/web:2 | Compare-ContainerImage -Reference $theirs -Part Layer | ForEach-Object { "$($_.Change)" }) -join ' ' | Should -Be 'Removed Added'
        { Compare-ContainerImage test/web:2 $theirs -File -ErrorAction Stop } | Should -Throw -ErrorId 'OtherNamespace,*'
        Get-ContainerImage -Namespace other | Remove-ContainerImage
    }

    It 'shows a view' {
        $text = Compare-ContainerImage test/web:2 test/web:1 | Out-String -Width 110
        $text | Should -Match 'Image: test/web:2 against test/web:1'
        $text | Should -Match 'Changed +Config +Env\.PATH +/bin +/usr/bin:/bin'
        $text | Should -Match 'Added +Layer +sha256:[0-9a-f]{12} +sha256:[0-9a-f]{12} \d+ B'
        Compare-ContainerImage test/web:2 test/web:1 -File | Out-String -Width 100 | Should -Match 'Files: image test/web:2 against test/web:1'
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'an unknown image'; script = { Compare-ContainerImage nosuch test/web:1 -ErrorAction Stop }; id = 'ImageNotFound' }
        @{ what = 'an unknown reference'; script = { Compare-ContainerImage test/web:1 nosuch -ErrorAction Stop }; id = 'ImageNotFound' }
        @{ what = 'a platform one is not for'; script = { Compare-ContainerImage test/web:many test/web:1 -Platform linux/s390x -ErrorAction Stop }; id = 'PlatformNotFound' }
        @{ what = 'a snapshotter that is not there, for files'; script = { Compare-ContainerImage test/web:2 test/web:1 -File -Snapshotter nosuch -ErrorAction Stop }; id = 'SnapshotterNotFound' }
    ) {
        $script | Should -Throw -ErrorId "$id,*"
    }
}
