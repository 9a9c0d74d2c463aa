Describe 'Archives that lie' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Layers.ps1'))
        $daemon = Start-ContainerdDaemon
        $folder = New-TestFolder
        $name = 'docker.io/library/lie:1'

        # Imports what must be refused and gives its one error, after a look at what it left.
        function Get-Refusal([byte[]] $Bytes, [string] $Name) {
            $path = "$folder/$Name.tar"
            [IO.File]::WriteAllBytes($path, $Bytes)
            $before = Get-Kept $daemon
            $result = @(Import-ContainerImage $path -ErrorAction SilentlyContinue -ErrorVariable failures)
            $result.Count | Should -Be 0
            Get-Kept $daemon | Should -Be $before
            @($failures).Count | Should -Be 1
            $failures[0].TargetObject | Should -Be $path
            $failures[0].Exception.Message | Should -BeLike "*'$path'*"
            $failures[0]
        }
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($folder, $true)
    }

    It 'are told from honest ones' {
        [IO.File]::WriteAllBytes("$folder/honest.tar", (ConvertTo-Tar (New-Layout $name).Files))
        [IO.File]::WriteAllBytes("$folder/docker.tar", (ConvertTo-Tar (New-DockerArchive $name).Files))
        foreach ($file in 'honest.tar', 'docker.tar') {
            $empty = Get-Kept $daemon
            (Import-ContainerImage "$folder/$file" -ErrorAction Stop).Name | Should -Be $name
            Get-Kept $daemon | Should -Not -Be $empty
            Remove-ContainerImage $name
            Get-Kept $daemon | Should -Be $empty
        }
    }

    It 'with a blob of another content' {
        $layout = New-Layout $name
        $layout.Files[$layout.Layer][50000] = $layout.Files[$layout.Layer][50000] -bxor 1
        $e = Get-Refusal (ConvertTo-Tar $layout.Files) digest
        $e.FullyQualifiedErrorId | Should -BeLike 'DamagedArchive,*'
        $e.CategoryInfo.Category | Should -Be 'InvalidData'
        $e.Exception.Message | Should -BeLike "*$($layout.Layer)*has the digest*"
    }

    It 'without the <part>' -ForEach @(@{ part = 'Layer' }, @{ part = 'Config' }, @{ part = 'Manifest' }) {
        $layout = New-Layout $name
        $layout.Files.Remove($layout.$part)
        $e = Get-Refusal (ConvertTo-Tar $layout.Files) missing
        $e.FullyQualifiedErrorId | Should -BeLike 'DamagedArchive,*'
        $e.CategoryInfo.Category | Should -Be 'InvalidData'
        $e.Exception.Message | Should -BeLike "*$($layout.$part.Substring('blobs/sha256/'.Length))*"
    }

    It 'with the entry <entry>, outside the root' -ForEach @(@{ entry = '../x' }, @{ entry = 'a/../../x' }, @{ entry = '/etc/containerdps-x' }) {
        $layout = New-Layout $name
        $layout.Files[$entry] = ConvertTo-Bytes 'out'
        $e = Get-Refusal (ConvertTo-Tar $layout.Files) outside
        $e.FullyQualifiedErrorId | Should -BeLike 'InvalidArchive,*'
        $e.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $e.Exception.Message | Should -BeLike "*'$entry'*outside the root*"
        [IO.File]::Exists("$folder/../x") | Should -BeFalse
        [IO.File]::Exists('/etc/containerdps-x') | Should -BeFalse
    }

    It 'that claim a huge size, compressed or not' {
        $layout = New-Layout $name
        $tar = ConvertTo-Tar $layout.Files
        Set-TarSize $tar $layout.Layer 8589934591
        $e = Get-Refusal $tar huge
        $e.FullyQualifiedErrorId | Should -BeLike 'DamagedArchive,*'
        $e.CategoryInfo.Category | Should -Be 'InvalidData'
        $e.Exception.Message | Should -BeLike "*$($layout.Layer)*8589934591*"
        $e = Get-Refusal (Compress-Bytes $tar) huge-gz
        $e.FullyQualifiedErrorId | Should -BeLike 'DamagedArchive,*'
        $e.Exception.Message | Should -BeLike "*$($layout.Layer)*"
    }

    It 'whose layer is cut off, though digest and size fit' {
        $layout = New-Layout $name -Truncate
        $e = Get-Refusal (ConvertTo-Tar $layout.Files) cut-layer
        $e.FullyQualifiedErrorId | Should -BeLike 'LayerUnpackFailed,*'
        $e.CategoryInfo.Category | Should -Be 'InvalidData'
        $e.Exception.Message | Should -BeLike "*$($layout.Layer.Substring('blobs/sha256/'.Length))*EOF*"
    }

    It 'that are cut off themselves' {
        $tar = ConvertTo-Tar (New-Layout $name).Files
        $gzip = Compress-Bytes $tar
        $e = Get-Refusal ([byte[]] $tar[0..60000]) cut
        $e.FullyQualifiedErrorId | Should -BeLike 'DamagedArchive,*'
        $e = Get-Refusal ([byte[]] $gzip[0..60000]) cut-gz
        $e.FullyQualifiedErrorId | Should -BeLike 'DamagedArchive,*'
        $e.CategoryInfo.Category | Should -Be 'InvalidData'
    }

    It 'whose layer unpacks to something else' {
        $layout = New-Layout $name -DiffId ('sha256:' + '0' * 64)
        $e = Get-Refusal (ConvertTo-Tar $layout.Files) diff-id
        $e.FullyQualifiedErrorId | Should -BeLike 'WrongDigest,*'
        $e.CategoryInfo.Category | Should -Be 'InvalidData'
        $e.Exception.Message | Should -BeLike "*$($layout.Layer.Substring('blobs/sha256/'.Length))*$('0' * 64)*"
    }

    It 'with a damaged layer above one that is unpacked by then' {
        $layout = New-Layout $name
        $above = [byte[]]::new(20MB)
        [Random]::new(2).NextBytes($above)
        $digest = Add-LayoutLayer $layout $above
        $above[-1] = $above[-1] -bxor 1
        $e = Get-Refusal (ConvertTo-Tar $layout.Files) damaged-above
        $e.FullyQualifiedErrorId | Should -BeLike 'DamagedArchive,*'
        $e.Exception.Message | Should -BeLike "*$($digest.Substring(7))*has the digest*"
    }

    It 'whose manifest is <what>' -ForEach @(
        @{ what = 'no JSON'; json = 'this is not JSON' }
        @{ what = 'a list'; json = '[1, 2]' }
        @{ what = 'with layers that are a text'; json = '{"schemaVersion":2,"layers":"nope"}' }
        @{ what = 'cut off'; json = '{"schemaVersion":2,"config":{' }
        @{ what = 'without a configuration'; json = '{"schemaVersion":2,"layers":[]}' }
        @{ what = 'with a digest that leads out'; json = '{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:../../../etc/passwd","size":3},"layers":[]}' }
        @{ what = 'with a negative size'; json = "{`"schemaVersion`":2,`"config`":{`"mediaType`":`"application/vnd.oci.image.config.v1+json`",`"digest`":`"sha256:$('a' * 64)`",`"size`":-3},`"layers`":[]}" }
    ) {
        $layout = New-Layout $name
        Set-LayoutManifest $layout (ConvertTo-Bytes $json)
        $e = Get-Refusal (ConvertTo-Tar $layout.Files) manifest
        $e.FullyQualifiedErrorId | Should -BeLike 'InvalidArchive,*'
        $e.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $e.Exception.Message | Should -BeLike "*$($layout.Manifest.Substring('blobs/sha256/'.Length))*"
        $e.Exception.Message | Should -Not -MatchExactly 'ContainerdPS\.|System\.' -Because 'our types are nobody''s business'
    }

    It 'whose index is no JSON' {
        $layout = New-Layout $name
        $layout.Files['index.json'] = ConvertTo-Bytes 'this is not JSON'
        $e = Get-Refusal (ConvertTo-Tar $layout.Files) index
        $e.FullyQualifiedErrorId | Should -BeLike 'InvalidArchive,*'
        $e.Exception.Message | Should -BeLike '*index.json*'
    }

    It 'of Docker''s kind, without the <part>' -ForEach @(@{ part = 'Layer' }, @{ part = 'Config' }) {
        $archive = New-DockerArchive $name
        $archive.Files.Remove($archive.$part)
        $e = Get-Refusal (ConvertTo-Tar $archive.Files) docker-missing
        $e.FullyQualifiedErrorId | Should -BeLike 'DamagedArchive,*'
        $e.CategoryInfo.Category | Should -Be 'InvalidData'
        $e.Exception.Message | Should -BeLike "*'$($archive.$part)'*"
    }

    It 'of Docker''s kind, with another layer than the configuration says' {
        $archive = New-DockerArchive $name
        $archive.Files[$archive.Layer][50000] = $archive.Files[$archive.Layer][50000] -bxor 1
        $e = Get-Refusal (ConvertTo-Tar $archive.Files) docker-layer
        $e.FullyQualifiedErrorId | Should -BeLike 'DamagedArchive,*'
        $e.Exception.Message | Should -BeLike "*'$($archive.Layer)'*"
    }

    It 'have a layer of an unknown type that is none, which is told before it is unpacked' {
        $layout = New-Layout $name
        $text = ConvertTo-Bytes '{"no":"layer"}'
        $layout.Files[(Get-BlobPath (Get-Digest $text))] = $text
        $manifest = [Text.Encoding]::UTF8.GetString($layout.Files[$layout.Manifest]) | ConvertFrom-Json
        $manifest.layers = @(@{ mediaType = 'application/x-text'; digest = (Get-Digest $text); size = $text.Length })
        Set-LayoutManifest $layout (ConvertTo-JsonBytes $manifest)
        [IO.File]::WriteAllBytes("$folder/text.tar", (ConvertTo-Tar $layout.Files))
        [void] (Import-ContainerImage "$folder/text.tar" -NoUnpack -ErrorAction Stop)
        $e = { Expand-ContainerImage $name -ErrorAction Stop } | Should -Throw -ErrorId 'NotALayer,*' -PassThru
        $e.Exception.Message | Should -BeLike "*$(Get-Digest $text) of the image '$name' is no layer*'application/x-text'*no tar archive*"
        Get-ContainerSnapshot | Should -BeNullOrEmpty
        Remove-ContainerImage $name
    }

    It 'give two images one name, are told and the last has it' {
        $files = [Collections.Specialized.OrderedDictionary]::new()
        $images = @('one', 'two', 'two' | ForEach-Object { Add-LayoutImage $files @(, (New-TextLayer ([ordered]@{ $_ = $_ }))) })
        $manifests = foreach ($i in 0..2) { $images[$i] + @{ annotations = @{ 'io.containerd.image.name' = 'docker.io/library/twin:1' } } }
        $files['index.json'] = ConvertTo-JsonBytes @{ schemaVersion = 2; manifests = @($manifests) }
        $files['oci-layout'] = ConvertTo-Bytes '{"imageLayoutVersion":"1.0.0"}'
        [IO.File]::WriteAllBytes("$folder/twins.tar", (ConvertTo-Tar $files))
        $imported = @(Import-ContainerImage "$folder/twins.tar" -WarningAction SilentlyContinue -WarningVariable warnings -ErrorAction Stop)
        $imported.Name | Should -Be 'docker.io/library/twin:1'
        $imported.Digest | Should -Be $images[1].digest
        @($warnings).Count | Should -Be 1
        "$warnings" | Should -BeLike "*twins.tar*2 images*docker.io/library/twin:1*$($images[0].digest), $($images[1].digest)*the last*$($images[1].digest)*"
        (Get-ContainerImage twin:1).Digest | Should -Be $images[1].digest
        @(Get-ContainerdContent).Digest | Should -Not -Contain $images[0].digest
        Remove-ContainerImage twin:1
        @($warnings = $null; Import-ContainerImage "$folder/honest.tar" -WarningVariable warnings).Count | Should -Be 1
        $warnings | Should -BeNullOrEmpty
        Remove-ContainerImage $name
    }

    It 'leave the honest one beside them alone' {
        $layout = New-Layout $name
        $honest = ConvertTo-Tar $layout.Files
        $layout.Files[$layout.Layer][50000] = $layout.Files[$layout.Layer][50000] -bxor 1
        [IO.File]::WriteAllBytes("$folder/first.tar", (ConvertTo-Tar $layout.Files))
        [IO.File]::WriteAllBytes("$folder/second.tar", $honest)
        $images = @("$folder/first.tar", "$folder/second.tar" | Import-ContainerImage -ErrorAction SilentlyContinue -ErrorVariable failures)
        @($failures).Count | Should -Be 1
        $failures[0].TargetObject | Should -Be "$folder/first.tar"
        $images.Count | Should -Be 1
        Remove-ContainerImage $name
    }

    It 'are not there or cannot be read' {
        $e = { Import-ContainerImage "$folder/none.tar" -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotFound,*' -PassThru
        $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $e.TargetObject | Should -Be "$folder/none.tar"
        { Import-ContainerImage -RootFileSystem "$folder/none.tar" -Name x -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotFound,*'
        { Import-ContainerImage "$folder/none*.tar" -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotFound,*'
    }
}
