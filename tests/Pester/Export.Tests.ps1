Describe 'Export-ContainerImage' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        $folder = New-TestFolder
        $box = Import-ContainerImage -RootFileSystem $rootfs -Name mine/box:1 -Command sh -ErrorAction Stop
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name mine/echo:1 -Command echo, exported -ErrorAction Stop)
        $architecture = if ([Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'Arm64') { 'arm64' } else { 'amd64' }

        function Get-Entry([string] $Archive) { & tar -tf $Archive }
        function Get-Text([string] $Archive, [string] $Name) { & tar -xOf $Archive $Name }

        # Every blob of an archive, held against its own name by somebody else.
        function Assert-Blobs([string] $Archive) {
            $unpacked = New-TestFolder
            & tar -xf $Archive -C $unpacked
            $blobs = @([IO.Directory]::GetFiles("$unpacked/blobs/sha256"))
            $blobs.Count | Should -BeGreaterThan 2
            foreach ($blob in $blobs) { (& sha256sum $blob).Substring(0, 64) | Should -Be ([IO.Path]::GetFileName($blob)) }
            [IO.Directory]::Delete($unpacked, $true)
        }

        # A further daemon, while the first stays the one that is meant where none is named.
        function Start-Second {
            Start-ContainerdDaemon
            Use-ContainerdSession $daemon
        }

        # An image for three platforms: this machine's and riscv64 are whole, of s390x there is nothing.
        function New-ThreePlatforms([string] $Name) {
            $layout = New-Layout $Name
            $mine = $layout.Files[$layout.Manifest]
            $config = ConvertTo-Bytes ([Text.Encoding]::UTF8.GetString($layout.Files[$layout.Config]).Replace($architecture, 'riscv64'))
            $other = ConvertTo-Bytes ([Text.Encoding]::UTF8.GetString($mine).Replace($layout.Config.Substring('blobs/sha256/'.Length), (Get-Digest $config).Substring(7)).Replace("`"size`":$($layout.Files[$layout.Config].Length)", "`"size`":$($config.Length)"))
            $layout.Files[(Get-BlobPath (Get-Digest $config))] = $config
            $layout.Files[(Get-BlobPath (Get-Digest $other))] = $other
            $manifests = foreach ($one in @(@{ d = Get-Digest $other; s = $other.Length; a = 'riscv64' }, @{ d = 'sha256:' + '7' * 64; s = 500; a = 's390x' }, @{ d = Get-Digest $mine; s = $mine.Length; a = $architecture })) {
                "{`"mediaType`":`"application/vnd.oci.image.manifest.v1+json`",`"digest`":`"$($one.d)`",`"size`":$($one.s),`"platform`":{`"os`":`"linux`",`"architecture`":`"$($one.a)`"}}"
            }
            $index = ConvertTo-Bytes "{`"schemaVersion`":2,`"mediaType`":`"application/vnd.oci.image.index.v1+json`",`"manifests`":[$($manifests -join ',')]}"
            $layout.Files[(Get-BlobPath (Get-Digest $index))] = $index
            $layout.Files['index.json'] = ConvertTo-Bytes "{`"schemaVersion`":2,`"manifests`":[{`"mediaType`":`"application/vnd.oci.image.index.v1+json`",`"digest`":`"$(Get-Digest $index)`",`"size`":$($index.Length),`"annotations`":{`"io.containerd.image.name`":`"$Name`"}}]}"
            $layout | Add-Member -NotePropertyName Mine -NotePropertyValue (Get-BlobPath (Get-Digest $mine))
            $layout | Add-Member -NotePropertyName Other -NotePropertyValue (Get-BlobPath (Get-Digest $other))
            $layout
        }
    }

    AfterEach {
        Get-ContainerImage other*, many*, big* | Remove-ContainerImage
        Get-Leftover $daemon | Should -BeNullOrEmpty

        # Nothing that was only half written.
        [IO.Directory]::GetFiles($folder) | Where-Object { $_ -like '*.partial' } | Should -BeNullOrEmpty
        [IO.Directory]::GetFiles($folder) | ForEach-Object { [IO.File]::Delete($_) }
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    It 'writes an OCI layout that is imported as the same image, by us and by ctr' {
        $file = Export-ContainerImage mine/box:1 "$folder/box.tar"
        $file | Should -BeOfType ([IO.FileInfo])
        $file.FullName | Should -Be "$folder/box.tar"
        (Get-Entry $file.FullName)[0..4] -join ' ' | Should -Be 'oci-layout index.json manifest.json blobs/ blobs/sha256/'
        Assert-Blobs $file.FullName
        $index = Get-Text $file.FullName index.json | ConvertFrom-Json
        $index.manifests[0].digest | Should -Be $box.Digest
        $index.manifests[0].annotations.'io.containerd.image.name' | Should -Be 'docker.io/mine/box:1'
        $index.manifests[0].annotations.'org.opencontainers.image.ref.name' | Should -Be '1'

        $second = Start-Second
        try {
            (Import-ContainerImage $file.FullName -Session $second).Digest | Should -Be $box.Digest
            Invoke-Container -Session $second -Image mine/box:1 -Command echo, hi | Should -Be 'hi'
            Get-ContainerImage -Session $second | Remove-ContainerImage
            [void] (& ctr --address $second.Address --namespace $second.Namespace images import $file.FullName)
            $LASTEXITCODE | Should -Be 0
            (Get-ContainerImage -Session $second).Name | Should -Be 'docker.io/mine/box:1'
            (Get-ContainerImage -Session $second).Digest | Should -Be $box.Digest
        }
        finally { Stop-ContainerdDaemon $second }
    }

    It 'goes from one daemon to the next in a pipeline' {
        $second = Start-Second
        try {
            $copy = Get-ContainerImage mine/box:1 -Session $daemon | Export-ContainerImage -Path "$folder/box.tar" | Import-ContainerImage -Session $second
            $copy.Digest | Should -Be $box.Digest
            $copy.Namespace | Should -Be $second.Namespace
        }
        finally { Stop-ContainerdDaemon $second }
    }

    It 'writes what docker load reads' {
        $entries = Export-ContainerImage mine/box:1 "$folder/box.tar" | ForEach-Object { Get-Text $_.FullName manifest.json | ConvertFrom-Json }
        @($entries).Count | Should -Be 1
        $entries[0].RepoTags | Should -Be 'mine/box:1'
        $manifest = Get-Text "$folder/box.tar" "blobs/$($box.Digest.Replace(':', '/'))" | ConvertFrom-Json
        $entries[0].Config | Should -Be "blobs/$($manifest.config.digest.Replace(':', '/'))"
        $entries[0].Layers | Should -Be "blobs/$($manifest.layers[0].digest.Replace(':', '/'))"

        # Read as Docker reads it: without the OCI layout, by manifest.json alone.
        $unpacked = New-TestFolder
        & tar -xf "$folder/box.tar" -C $unpacked
        [IO.File]::Delete("$unpacked/oci-layout")
        [IO.File]::Delete("$unpacked/index.json")
        foreach ($blob in @($entries[0].Config) + $entries[0].Layers) { [IO.File]::Exists("$unpacked/$blob") | Should -BeTrue }
        [IO.Directory]::Delete($unpacked, $true)
    }

    It 'gives the same bytes for the same image' {
        [void] (Export-ContainerImage mine/box:1 "$folder/one.tar")
        [void] (Export-ContainerImage mine/box:1 "$folder/two.tar")
        (& sha256sum "$folder/one.tar").Substring(0, 64) | Should -Be (& sha256sum "$folder/two.tar").Substring(0, 64)
    }

    It 'compresses as the name says, or as it is told: <file>' -ForEach @(
        @{ file = 'a.tar.gz'; compression = 'Auto'; magic = '1F8B' }
        @{ file = 'a.tgz'; compression = 'Auto'; magic = '1F8B' }
        @{ file = 'a.tar.zst'; compression = 'Auto'; magic = '28B52FFD' }
        @{ file = 'a.tar'; compression = 'Gzip'; magic = '1F8B' }
        @{ file = 'a'; compression = 'Zstd'; magic = '28B52FFD' }
        @{ file = 'plain.gz'; compression = 'None'; magic = '6F63692D' }
    ) {
        $path = "$folder/$file"
        [void] (Export-ContainerImage mine/box:1 $path -Compression $compression)
        [Convert]::ToHexString([IO.File]::ReadAllBytes($path), 0, $magic.Length / 2) | Should -Be $magic
        if ($magic -eq '1F8B') { & sh -c "gzip --test < '$path'" 2>&1 | Should -BeNullOrEmpty }
        (Import-ContainerImage $path -Name other:1).Digest | Should -Be $box.Digest
    }

    It 'puts several images into one archive, and content they share once' {
        [void] (& ctr --address $daemon.Address --namespace $daemon.Namespace images tag docker.io/mine/box:1 docker.io/library/other:2)
        [void] (Export-ContainerImage mine/*, other:2 "$folder/all.tar")
        $entries = @(Get-Entry "$folder/all.tar")
        @($entries | Select-Object -Unique).Count | Should -Be $entries.Count
        $docker = @(Get-Text "$folder/all.tar" manifest.json | ConvertFrom-Json)
        $docker.Count | Should -Be 2
        ($docker | ForEach-Object { $_.RepoTags -join '+' } | Sort-Object) -join ' ' | Should -Be 'mine/box:1+other:2 mine/echo:1'
        $second = Start-Second
        try {
            (Import-ContainerImage "$folder/all.tar" -Session $second | ForEach-Object Name | Sort-Object) -join ' ' | Should -Be 'docker.io/library/other:2 docker.io/mine/box:1 docker.io/mine/echo:1'
            Invoke-Container -Session $second -Image mine/echo:1 | Should -Be 'exported'
        }
        finally { Stop-ContainerdDaemon $second }
    }

    It 'writes an archive of each with a script block' {
        $files = Get-ContainerImage mine/* | Export-ContainerImage -Path { "$folder/$(($_.Name -split '[/:]')[-2]).tar" } -ErrorAction Stop
        $files.Name -join ' ' | Should -Be 'box.tar echo.tar'
        foreach ($name in 'box', 'echo') {
            @((ConvertFrom-Json (Get-Text "$folder/$name.tar" manifest.json)).RepoTags) -join ' ' | Should -BeLike "*mine/${name}:1"
            Assert-Blobs "$folder/$name.tar"
        }

        # One that cannot be had spoils its own archive alone.
        $files = 'mine/box:1', 'mine/none:1', 'mine/echo:1' | Export-ContainerImage -Path { "$folder/$(($_ -replace '.*/|:.*')).tgz" } -ErrorAction SilentlyContinue -ErrorVariable failures
        $files.Name -join ' ' | Should -Be 'box.tgz echo.tgz'
        $failures.FullyQualifiedErrorId -join ' ' | Should -BeLike 'ImageNotFound,* ExportIncomplete,*'
        [IO.File]::Exists("$folder/none.tgz") | Should -BeFalse
    }

    It 'takes images of several daemons together' {
        $second = Start-Second
        try {
            [void] (Import-ContainerImage -RootFileSystem $rootfs -Name there:1 -Command sh -Session $second)
            Get-ContainerImage mine/box:1 -Session $daemon | Export-ContainerImage -Path "$folder/one.tar" | Should -Not -BeNullOrEmpty
            $both = @(Get-ContainerImage mine/box:1 -Session $daemon) + @(Get-ContainerImage there:1 -Session $second) | Export-ContainerImage -Path "$folder/both.tar"
            @((Get-Text $both.FullName index.json | ConvertFrom-Json).manifests).Count | Should -Be 2
            Get-Leftover $second | Should -BeNullOrEmpty

            # The same name for something else.
            [void] (Import-ContainerImage -RootFileSystem $rootfs -Name mine/box:1 -Command echo -Session $second)
            $e = { Export-ContainerImage mine/box:1 "$folder/both.tar" -Session $daemon, $second -ErrorAction Stop } | Should -Throw -ErrorId 'AmbiguousName*' -PassThru
            $e.Exception.Message | Should -BeLike "*'docker.io/mine/box:1'*one image of a name*"
        }
        finally { Stop-ContainerdDaemon $second }
    }

    Context 'Of several platforms' {
        BeforeEach {
            $layout = New-ThreePlatforms docker.io/library/many:1
            [IO.File]::WriteAllBytes("$folder/in.tar", (ConvertTo-Tar $layout.Files))
            $many = Import-ContainerImage "$folder/in.tar" -ErrorAction Stop
        }

        It 'takes those that are whole' {
            $said = Export-ContainerImage many:1 "$folder/out.tar" -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
            "$said" | Should -BeLike '*docker.io/library/many:1*left out: linux/s390x*'
            $entries = Get-Entry "$folder/out.tar"
            $entries | Should -Contain $layout.Mine
            $entries | Should -Contain $layout.Other
            (Get-Text "$folder/out.tar" index.json | ConvertFrom-Json).manifests[0].digest | Should -Be $many.Digest

            # Docker knows no platforms: it gets the one for here, although it is not the first.
            (Get-Text "$folder/out.tar" manifest.json | ConvertFrom-Json)[0].Config | Should -Be $layout.Config
            (Import-ContainerImage "$folder/out.tar" -Name other:1).Digest | Should -Be $many.Digest
        }

        It 'takes only what is asked for' {
            [void] (Export-ContainerImage many:1 "$folder/out.tar" -Platform linux/riscv64)
            $entries = Get-Entry "$folder/out.tar"
            $entries | Should -Contain $layout.Other
            $entries | Should -Not -Contain $layout.Mine
            (Get-Text "$folder/out.tar" manifest.json | ConvertFrom-Json)[0].Config | Should -Not -Be $layout.Config
        }

        It 'is imported for the platforms asked for, and nothing of the others is kept' {
            # What another image has of the same index is not taken from it.
            $whole = @((Get-ContainerdContent).Digest)
            Import-ContainerImage "$folder/in.tar" -Name other:1 -Platform "linux/$architecture" -ErrorAction Stop | Remove-ContainerImage
            @((Get-ContainerdContent).Digest) | Should -Be $whole
            Test-ContainerImage many:1 | Should -BeTrue

            $many | Remove-ContainerImage
            $one = Import-ContainerImage "$folder/in.tar" -Platform linux/riscv64 -ErrorAction Stop
            $one.Digest | Should -Be $many.Digest
            $kept = (Get-ContainerdContent).Digest
            foreach ($blob in $kept) { Get-BlobPath $blob | Should -Not -Be $layout.Mine }
            @($kept | ForEach-Object { Get-BlobPath $_ }) | Should -Contain $layout.Other
            @($one.Snapshotters).Count | Should -Be 1
            [void] (Import-ContainerImage "$folder/in.tar" -Platform "linux/$architecture", linux/riscv64 -NoUnpack -ErrorAction Stop)
            @((Get-ContainerdContent).Digest | ForEach-Object { Get-BlobPath $_ }) | Should -Contain $layout.Mine

            $e = { Import-ContainerImage "$folder/in.tar" -Name new:1 -Platform linux/mips64le -ErrorAction Stop } | Should -Throw -ErrorId 'PlatformNotFound*' -PassThru
            $e.Exception.Message | Should -BeLike "*'docker.io/library/new:1' of '$folder/in.tar' has nothing complete for linux/mips64le*linux/riscv64, linux/s390x, linux/$architecture*"
            { Import-ContainerImage "$folder/in.tar" -Name new:1 -Platform linux/s390x -ErrorAction Stop } | Should -Throw -ErrorId 'DamagedArchive*' -ExpectedMessage '*the blob sha256:777*'
            { Import-ContainerImage "$folder/in.tar" -Platform 'no such' -ErrorAction Stop } | Should -Throw -ExpectedMessage '*is not a platform*'
            { Import-ContainerImage -RootFileSystem $rootfs -Name new:1 -Platform linux/amd64, linux/arm64 -ErrorAction Stop } | Should -Throw -ErrorId 'ConflictingPlatforms*'
            Get-ContainerImage new* | Should -BeNullOrEmpty
        }

        It 'says what is asked for and not there' {
            $e = { Export-ContainerImage many:1 "$folder/out.tar" -Platform linux/mips64le -ErrorAction Stop } | Should -Throw -ErrorId 'PlatformNotFound*' -PassThru
            $e.Exception.Message | Should -BeLike "*many:1*nothing for linux/mips64le*linux/riscv64, linux/s390x, linux/$architecture*"
            $e = { Export-ContainerImage many:1 "$folder/out.tar" -Platform linux/s390x -ErrorAction Stop } | Should -Throw -ErrorId 'ImageIncomplete*' -PassThru
            $e.Exception.Message | Should -BeLike "*many:1*not whole for linux/s390x: the blob sha256:777*"
            { Export-ContainerImage many:1 "$folder/out.tar" -AllPlatforms -ErrorAction Stop } | Should -Throw -ErrorId 'ImageIncomplete*'
            { Export-ContainerImage many:1 "$folder/out.tar" -AllPlatforms -Platform linux/s390x -ErrorAction Stop } | Should -Throw -ErrorId 'ConflictingPlatforms*'
            { Export-ContainerImage many:1 "$folder/out.tar" -Platform 'no such' -ErrorAction Stop } | Should -Throw -ExpectedMessage '*is not a platform*'
            [IO.File]::Exists("$folder/out.tar") | Should -BeFalse
        }
    }

    Context 'Bad input' {
        It 'writes nothing when one of the images is not there, and leaves the file as it was' {
            [IO.File]::WriteAllText("$folder/all.tar", 'what was there')
            $failures = @()
            @(Export-ContainerImage mine/box:1, nosuch "$folder/all.tar" -ErrorAction SilentlyContinue -ErrorVariable failures).Count | Should -Be 0
            $failures.Count | Should -Be 2
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'ImageNotFound,*'
            $failures[0].TargetObject | Should -Be 'nosuch'
            $failures[1].FullyQualifiedErrorId | Should -BeLike 'ExportIncomplete,*'
            $failures[1].TargetObject | Should -Be "$folder/all.tar"
            [IO.File]::ReadAllText("$folder/all.tar") | Should -Be 'what was there'
        }

        It 'gives nothing for a pattern that nothing matches' {
            Export-ContainerImage no*such "$folder/none.tar" -ErrorAction Stop | Should -BeNullOrEmpty
            [IO.File]::Exists("$folder/none.tar") | Should -BeFalse
        }

        It 'replaces a file only where it may' {
            [IO.File]::WriteAllText("$folder/box.tar", 'what was there')
            $e = { Export-ContainerImage mine/box:1 "$folder/box.tar" -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ResourceExists'
            [IO.File]::ReadAllText("$folder/box.tar") | Should -Be 'what was there'
            Export-ContainerImage mine/box:1 "$folder/box.tar" -WhatIf
            [IO.File]::ReadAllText("$folder/box.tar") | Should -Be 'what was there'
            (Export-ContainerImage mine/box:1 "$folder/box.tar").Length | Should -BeGreaterThan 100000

            # What a link leads to, not the link.
            [void] [IO.File]::CreateSymbolicLink("$folder/link.tar", "$folder/box.tar")
            [void] (Export-ContainerImage mine/echo:1 "$folder/link.tar")
            [IO.FileInfo]::new("$folder/link.tar").LinkTarget | Should -Be "$folder/box.tar"
            Get-Text "$folder/box.tar" manifest.json | Should -BeLike '*mine/echo:1*'
        }

        It 'is not written where a path is none of the file system' {
            $name = [IO.Path]::GetFileName($folder) + '.tar'
            $wrong = [IO.Path]::Combine([Environment]::CurrentDirectory, $name)
            try {
                $e = { Export-ContainerImage mine/box:1 "variable:$name" -ErrorAction Stop } | Should -Throw -ErrorId 'NotAFilePath,*' -PassThru
                $e.Exception.Message | Should -BeLike "*'variable:$name'*provider Variable*"
                [IO.File]::Exists($wrong) | Should -BeFalse
                Push-Location env:
                { Export-ContainerImage mine/box:1 $name -ErrorAction Stop } | Should -Throw -ErrorId 'NotAFilePath,*'
                { Import-ContainerImage $name -ErrorAction Stop } | Should -Throw -ErrorId 'NotAFilePath,*'
                { Mount-ContainerImage mine/box:1 box -ErrorAction Stop } | Should -Throw -ErrorId 'NotAFilePath,*'
                (Get-ContainerImage mine/box:1 | Export-ContainerImage "$folder/box.tar" -ErrorAction Stop).Name | Should -Be 'box.tar'
                Pop-Location
                [IO.File]::Exists($wrong) | Should -BeFalse
            }
            finally {
                Set-Location -LiteralPath ([Environment]::CurrentDirectory)
                [IO.File]::Delete($wrong)
            }
            { Get-Item "$folder/box.tar" | Import-ContainerImage -Name { "x/$($_.BaseName)" } -ErrorAction Stop } | Should -Throw -ExpectedMessage '*script block*ForEach-Object*'
        }

        It 'says why it cannot write' {
            { Export-ContainerImage mine/box:1 $folder -ErrorAction Stop } | Should -Throw -ErrorId 'FileIsFolder*'
            $e = { Export-ContainerImage mine/box:1 "$folder/none/box.tar" -ErrorAction Stop } | Should -Throw -ErrorId 'FolderNotFound*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $e.Exception.Message | Should -BeLike "*$folder/none/box.tar*"
            $e = { Export-ContainerImage mine/box:1 /dev/full -ErrorAction Stop } | Should -Throw -ErrorId 'DiskFull*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'LimitsExceeded'
            $e.Exception.Message | Should -BeLike '*/dev/full*disk is full*'
            $e.Exception.Message | Should -Not -Match 'daemon|Remove-ContainerImage'
            [IO.File]::Exists('/dev/full') | Should -BeTrue
        }

        It 'leaves a file it replaces readable for whom it was' {
            [IO.File]::WriteAllText("$folder/private.tar", 'mine')
            & chmod 600 "$folder/private.tar"
            [void] (Export-ContainerImage mine/box:1 "$folder/private.tar")
            [IO.File]::GetUnixFileMode("$folder/private.tar") | Should -Be ([IO.UnixFileMode] 'UserRead, UserWrite')
            [IO.FileInfo]::new("$folder/private.tar").Length | Should -BeGreaterThan 100000
        }

        It 'tells content that is damaged, and writes nothing' {
            [IO.File]::WriteAllBytes("$folder/in.tar", (ConvertTo-Tar (New-Layout docker.io/library/big:1).Files))
            $big = Import-ContainerImage "$folder/in.tar"
            $manifest = & ctr --address $daemon.Address --namespace $daemon.Namespace content get $big.Digest | ConvertFrom-Json
            $digest = $manifest.layers[0].digest
            $blob = "$($daemon.Daemon.Path)/root/io.containerd.content.v1.content/blobs/$($digest.Replace(':', '/'))"
            $bytes = [IO.File]::ReadAllBytes($blob)
            $bytes[50] = $bytes[50] -bxor 1
            [IO.File]::WriteAllBytes($blob, $bytes)
            $e = { Export-ContainerImage big:1 "$folder/out.tar" -ErrorAction Stop } | Should -Throw -ErrorId 'DamagedContent*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'InvalidData'
            $e.Exception.Message | Should -BeLike "*$digest*"
            [IO.File]::Exists("$folder/out.tar") | Should -BeFalse
        }
    }

    Context 'As a stream' {
        It 'writes into a fifo that somebody reads' {
            & mkfifo "$folder/pipe"
            $reader = [Diagnostics.Process]::Start([Diagnostics.ProcessStartInfo]::new('sh', "-c `"sleep 0.3; cat '$folder/pipe' > '$folder/out.tar'`""))
            Export-ContainerImage mine/box:1 "$folder/pipe" -ErrorAction Stop | Should -BeNullOrEmpty
            $reader.WaitForExit()
            (Import-ContainerImage "$folder/out.tar" -Name other:1).Digest | Should -Be $box.Digest
        }

        It 'can be stopped while nobody reads, and leaves nothing' {
            & mkfifo "$folder/pipe"
            $begun = { @(& ctr --address $daemon.Address --namespace $daemon.Namespace leases ls -q).Count -gt 0 }
            Stop-Midway "Export-ContainerImage mine/box:1 '$folder/pipe'" $begun
        }
    }
}
