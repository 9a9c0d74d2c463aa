Describe 'Content' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        $folder = New-TestFolder
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)

        function Invoke-Ctr { & ctr --address $daemon.Address --namespace $daemon.Namespace @args }

        function Get-Sha256([byte[]] $Bytes) { 'sha256:' + [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($Bytes)).ToLowerInvariant() }

        # A file of noise, the same for the same seed, and its digest.
        function New-NoiseFile([string] $Name, [int] $Size, [int] $Seed) {
            $bytes = [byte[]]::new($Size)
            [Random]::new($Seed).NextBytes($bytes)
            [IO.File]::WriteAllBytes("$folder/$Name", $bytes)
            Get-Sha256 $bytes
        }

        function Get-CtrLabels([string] $Digest) { (Invoke-Ctr content ls | Where-Object { $_.StartsWith($Digest) }) -split '\s+' -ne '' | Select-Object -Last 1 }
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    Context 'Reading' {
        It 'lists what ctr lists' {
            $ours = Get-ContainerdContent | ForEach-Object Digest | Sort-Object
            $ours -join ' ' | Should -Be ((Invoke-Ctr content ls -q | Sort-Object) -join ' ')
            @($ours).Count | Should -Be 3
        }

        It 'gives the blobs of an image from its target down, with their media types' {
            $image = Get-ContainerImage busybox
            $blobs = @($image | Get-ContainerdContent)
            $blobs[0].Digest | Should -Be $image.Digest
            $blobs.MediaType -join ' ' | Should -Be 'application/vnd.oci.image.manifest.v1+json application/vnd.oci.image.config.v1+json application/vnd.oci.image.layer.v1.tar+gzip'
            ($blobs | ForEach-Object Size | Measure-Object -Sum).Sum | Should -Be $image.Size
            $blobs[0].Namespace | Should -Be $daemon.Namespace
            "$($blobs[0])" | Should -Be $image.Digest
            ($blobs[2] | Get-ContainerdContent).MediaType | Should -Be $blobs[2].MediaType
        }

        It 'finds them by digest, by its beginning, by wildcard, by label and by filter' {
            $layer = @(Get-ContainerImage busybox | Get-ContainerdContent)[2]
            $hex = $layer.Digest.Substring(7)
            foreach ($name in $layer.Digest, $hex, $hex.Substring(0, 12), $layer.Digest.Substring(0, 19), "$($layer.Digest.Substring(0, 19))*", "$($hex.Substring(0, 12))*") {
                (Get-ContainerdContent $name).Digest | Should -Be $layer.Digest
            }
            (Get-ContainerdContent -Label containerd.io/uncompressed).Digest | Should -Be $layer.Digest
            (Get-ContainerdContent -Label @{ 'containerd.io/uncompressed' = $layer.Labels['containerd.io/uncompressed'] }).Digest | Should -Be $layer.Digest
            (Get-ContainerdContent -Filter "digest==$($layer.Digest)").Digest | Should -Be $layer.Digest
            (Get-ContainerdContent -Filter "digest==$($layer.Digest)" -Label no=such) | Should -BeNullOrEmpty
            Get-ContainerdContent ffffffff* | Should -BeNullOrEmpty
        }

        It 'gives what is in a blob' {
            $image = Get-ContainerImage busybox
            $manifest = $image.Digest | Get-ContainerdContent -Raw | ConvertFrom-Json
            $manifest.layers[0].digest | Should -Be @($image | Get-ContainerdContent)[2].Digest
            $bytes = [IO.MemoryStream]::new()
            Get-ContainerdContent $manifest.layers[0].digest -AsByteStream | ForEach-Object { $bytes.Write($_, 0, $_.Length) }
            Get-Sha256 $bytes.ToArray() | Should -Be $manifest.layers[0].digest
            $e = { Get-ContainerdContent $manifest.layers[0].digest -Raw -ErrorAction Stop } | Should -Throw -ErrorId 'ContentNotText,*' -PassThru
            $e.Exception.Message | Should -BeLike '*Export-ContainerdContent*'
        }

        It 'says what is not there, and where it is' {
            $digest = (Get-ContainerImage busybox).Digest
            $e = { Get-ContainerdContent "sha256:$('0' * 64)" -ErrorAction Stop } | Should -Throw -ErrorId 'BlobNotFound,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $e.TargetObject | Should -Be "sha256:$('0' * 64)"
            { Get-ContainerdContent abcdef12 -ErrorAction Stop } | Should -Throw -ErrorId 'BlobNotFound,*'
            { Get-ContainerdContent sha256:xyz -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidDigest,*'
            { Get-ContainerdContent busybox -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidDigest,*'
            $e = { Get-ContainerdContent $digest -Namespace elsewhere -ErrorAction Stop } | Should -Throw -ErrorId 'BlobNotFound,*' -PassThru
            $e.Exception.Message | Should -BeLike "*-Namespace $($daemon.Namespace)*"
            (Get-ContainerdContent $digest -Namespace *).Digest | Should -Be $digest
            { Get-ContainerdContent -Filter 'digest==' -ErrorAction Stop } | Should -Throw
        }

        It 'says which beginnings are of several' {
            # Two texts whose digests begin alike, found once by trying.
            $texts = 'n1773', 'n4030'
            $digests = $texts | ForEach-Object { Get-Sha256 ([Text.Encoding]::UTF8.GetBytes($_)) }
            $beginning = $digests[0].Substring(7, 6)
            $digests[1].Substring(7, 6) | Should -Be $beginning
            $blobs = $texts | ForEach-Object { Import-ContainerdContent -Value $_ }
            $e = { Get-ContainerdContent $beginning -ErrorAction Stop } | Should -Throw -ErrorId 'AmbiguousDigest,*' -PassThru
            foreach ($digest in $digests) { $e.Exception.Message | Should -BeLike "*$digest*" }
            $blobs | Remove-ContainerdContent
        }

        It 'is shown in short' {
            $shown = Get-ContainerImage busybox | Get-ContainerdContent | Out-String -Width 140
            $shown | Should -Match 'Digest\s+Size\s+Age\s+MediaType\s+Labels'
            $shown | Should -Match "$((Get-ContainerImage busybox).Digest.Substring(7, 12))\s+\d+ B\s+\d+[smh]\s+image\.manifest\.v1\+json"
        }
    }

    Context 'Labels' {
        It 'sets those given, removes the empty, and leaves the others' {
            $layer = @(Get-ContainerImage busybox | Get-ContainerdContent)[2]
            Set-ContainerdContent $layer -Label @{ team = 'a'; tier = 'x' } | Should -BeNullOrEmpty
            $changed = $layer | Set-ContainerdContent -Label 'tier=', 'other=o' -PassThru
            $changed.Labels['team'] | Should -Be 'a'
            $changed.Labels.ContainsKey('tier') | Should -BeFalse
            $changed.Labels['containerd.io/uncompressed'] | Should -Be $layer.Labels['containerd.io/uncompressed']
            $listed = Get-CtrLabels $layer.Digest
            $listed | Should -BeLike '*team=a*'
            $listed | Should -Not -BeLike '*tier*'
            Set-ContainerdContent $layer -Label team=, other=
        }

        It 'refuses what cannot be set' {
            $digest = (Get-ContainerImage busybox).Digest
            { Set-ContainerdContent $digest -Label @{ big = 'x' * 4096 } -ErrorAction Stop } | Should -Throw -ErrorId 'LabelTooLong,*'
            { Set-ContainerdContent "sha256:$('1' * 64)" -Label a=b -ErrorAction Stop } | Should -Throw -ErrorId 'BlobNotFound,*'
            Set-ContainerdContent $digest -Label a=b -WhatIf
            (Get-ContainerdContent $digest).Labels.ContainsKey('a') | Should -BeFalse
        }
    }

    Context 'Import and export' {
        It 'brings a file in and out again, and keeps it from the collection' {
            $digest = New-NoiseFile noise 3000000 1
            $blob = Import-ContainerdContent "$folder/noise" -Label team=a
            $blob.Digest | Should -Be $digest
            $blob.Size | Should -Be 3000000
            $blob.Labels['team'] | Should -Be 'a'
            # A collection that is waited for.
            Invoke-Ctr leases create --id collect --expires 1h | Out-Null
            Invoke-Ctr leases rm --sync collect | Out-Null
            Invoke-Ctr content ls -q | Should -Contain $digest
            $file = $blob | Export-ContainerdContent -Path "$folder/back"
            $file.FullName | Should -Be "$folder/back"
            Get-Sha256 ([IO.File]::ReadAllBytes("$folder/back")) | Should -Be $digest
            [IO.Directory]::GetFiles($folder, '*.part') | Should -BeNullOrEmpty
            # And as ctr gives it.
            & sh -c "ctr --address $($daemon.Address) --namespace $($daemon.Namespace) content get $digest | sha256sum" | Should -BeLike "$($digest.Substring(7)) *"
            Remove-ContainerdContent $digest
            Invoke-Ctr content ls -q | Should -Not -Contain $digest
        }

        It 'takes what ctr has ingested, and gives ctr what it takes' {
            $digest = New-NoiseFile more 2000000 2

            # ctr keeps nothing from the collector, which has something to do yet after the removals before: it does that first.
            & sh -c "set -e; alias ctr='ctr --address $($daemon.Address) --namespace $($daemon.Namespace)'
ctr leases create --id settle > /dev/null; ctr leases delete --sync settle > /dev/null; ctr content ingest more < '$folder/more'"
            (Get-ContainerdContent $digest).Size | Should -Be 2000000
            # It is there already: labelled, not written.
            $again = Import-ContainerdContent "$folder/more" -Label team=b
            $again.Digest | Should -Be $digest
            $again.Labels['team'] | Should -Be 'b'
            $again.Labels.ContainsKey('containerd.io/gc.root') | Should -BeTrue
            $again | Remove-ContainerdContent
        }

        It 'takes paths with [ and * in them as they are' {
            $digest = New-NoiseFile 'odd[1]' 3000 3
            foreach ($script in
                { Get-Item -LiteralPath "$folder/odd[1]" | Import-ContainerdContent },
                { Import-ContainerdContent -LiteralPath "$folder/odd[1]" },
                { Import-ContainerdContent "$folder/odd*" }) {
                (& $script).Digest | Should -Be $digest
            }

            { Import-ContainerdContent "$folder/odd[1]" -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotFound*' -ExpectedMessage '*-LiteralPath*'
            Remove-ContainerdContent $digest
        }

        It 'takes many files at once, in order, and many blobs into a folder' {
            $digests = 1..20 | ForEach-Object { New-NoiseFile "many-$($_.ToString('00'))" (1 + 70000 * $_) (100 + $_) }
            $blobs = @(Import-ContainerdContent "$folder/many-*")
            $blobs.Digest -join ' ' | Should -Be ($digests -join ' ')
            $out = New-TestFolder
            $one = @($blobs | Export-ContainerdContent -Path "$out.one" -Force -ErrorVariable refused -ErrorAction SilentlyContinue)
            $one.Count | Should -Be 1
            $refused.Count | Should -Be (@($blobs).Count - 1)
            $refused[0].FullyQualifiedErrorId | Should -BeLike 'AmbiguousPath,*'
            $refused[0].Exception.Message | Should -BeLike "*'$out.one'*need a folder*"
            Get-Sha256 ([IO.File]::ReadAllBytes("$out.one")) | Should -Be @($blobs)[0].Digest
            [IO.File]::Delete("$out.one")

            $files = @($blobs | Export-ContainerdContent -Path $out)
            $files.Name -join ' ' | Should -Be (($digests | ForEach-Object { $_.Substring(7) }) -join ' ')
            foreach ($file in $files) { Get-Sha256 ([IO.File]::ReadAllBytes($file.FullName)) | Should -Be "sha256:$($file.Name)" }
            ($blobs[0..1] | Export-ContainerdContent -Path { "$out/of-$($_.Size)" }).Name -join ' ' | Should -Be "of-$($blobs[0].Size) of-$($blobs[1].Size)"
            $blobs | Remove-ContainerdContent
            [IO.Directory]::Delete($out, $true)
        }

        It 'takes text and bytes' {
            $blob = Import-ContainerdContent -Value '{"a":1}'
            $blob | Get-ContainerdContent -Raw | Should -Be '{"a":1}'
            (Import-ContainerdContent -Value ([byte[]] (123, 34, 97, 34, 58, 49, 125))).Digest | Should -Be $blob.Digest
            $empty = Import-ContainerdContent -Value ''
            $empty.Size | Should -Be 0
            $blob, $empty | Remove-ContainerdContent
        }

        It 'reads a fifo to its end' {
            $digest = New-NoiseFile piped 2500000 3
            & mkfifo "$folder/fifo"
            $writer = [Diagnostics.Process]::Start('sh', [string[]] ('-c', "cat '$folder/piped' > '$folder/fifo'"))
            (Import-ContainerdContent "$folder/fifo").Digest | Should -Be $digest
            $writer.WaitForExit()
            Remove-ContainerdContent $digest
        }

        It 'imports only what has the digest that is wanted' {
            $digest = New-NoiseFile wanted 100000 4
            $other = New-NoiseFile other 100000 5
            $e = { Import-ContainerdContent "$folder/other" -Digest $digest -ErrorAction Stop } | Should -Throw -ErrorId 'WrongDigest,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'InvalidData'
            $e.TargetObject | Should -Be "$folder/other"
            foreach ($word in $other, $digest, "$folder/other") { $e.Exception.Message | Should -BeLike "*$word*" }
            Invoke-Ctr content ls -q | Should -Not -Contain $other
            (Import-ContainerdContent "$folder/wanted" -Digest $digest.Substring(7)).Digest | Should -Be $digest
            # It is there now, and the other file is still another.
            { Import-ContainerdContent "$folder/other" -Digest $digest -ErrorAction Stop } | Should -Throw -ErrorId 'WrongDigest,*'
            Remove-ContainerdContent $digest
            { Import-ContainerdContent "$folder/wanted" -Digest short -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidDigest,*'
            { Import-ContainerdContent "$folder/wanted" -Digest "sha512:$('0' * 128)" -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidDigest,*'
        }

        It 'protects by a lease where one is given' {
            $digest = New-NoiseFile leased 100000 6
            Invoke-Ctr leases create --id mine --expires 1h | Out-Null
            $blob = Import-ContainerdContent "$folder/leased" -Lease mine
            $blob.Labels.Count | Should -Be 0
            Invoke-Ctr leases create --id collect --expires 1h | Out-Null
            Invoke-Ctr leases rm --sync collect | Out-Null
            Invoke-Ctr content ls -q | Should -Contain $digest
            $e = { Remove-ContainerdContent $blob -ErrorAction Stop } | Should -Throw -ErrorId 'BlobInUse,*' -PassThru
            $e.Exception.Message | Should -BeLike "*the lease 'mine'*"
            Invoke-Ctr leases rm --sync mine | Out-Null
            Invoke-Ctr content ls -q | Should -Not -Contain $digest
            $e = { Import-ContainerdContent "$folder/leased" -Lease nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'LeaseNotFound,*' -PassThru
            $e.Exception.Message | Should -BeLike "*lease 'nosuch'*"
        }

        It 'says what cannot be read or written' {
            $digest = (Get-ContainerImage busybox).Digest
            { Import-ContainerdContent "$folder/none" -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotFound,*'
            { Import-ContainerdContent $folder -ErrorAction Stop } | Should -Throw -ErrorId 'FileExpected,*'
            { Import-ContainerdContent "$folder/none-*" -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotFound,*'
            { Export-ContainerdContent $digest "$folder/no/such/folder" -ErrorAction Stop } | Should -Throw -ErrorId 'FolderNotFound,*'
            [IO.File]::WriteAllText("$folder/there", 'x')
            $e = { Export-ContainerdContent $digest "$folder/there" -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ResourceExists'
            [IO.File]::ReadAllText("$folder/there") | Should -Be 'x'
            [void] (Export-ContainerdContent $digest "$folder/there" -Force)
            Get-Sha256 ([IO.File]::ReadAllBytes("$folder/there")) | Should -Be $digest
            Export-ContainerdContent $digest "$folder/whatif" -WhatIf
            [IO.File]::Exists("$folder/whatif") | Should -BeFalse
            [IO.Directory]::GetFiles($folder, '*.part') | Should -BeNullOrEmpty
        }

        It 'does not write a blob that is damaged in the store' {
            $digest = New-NoiseFile damaged 300000 7
            $blob = Import-ContainerdContent "$folder/damaged"
            $path = "$($daemon.Daemon.Path)/root/io.containerd.content.v1.content/blobs/sha256/$($digest.Substring(7))"
            $bytes = [IO.File]::ReadAllBytes($path)
            $bytes[1000] = $bytes[1000] -bxor 1
            & chmod u+w $path
            [IO.File]::WriteAllBytes($path, $bytes)
            $e = { $blob | Export-ContainerdContent -Path "$folder/damaged.out" -ErrorAction Stop } | Should -Throw -ErrorId 'WrongDigest,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'InvalidData'
            [IO.Directory]::GetFiles($folder, 'damaged.out*') | Should -BeNullOrEmpty
            $blob | Remove-ContainerdContent
        }
    }

    Context 'Writes that break off' {
        BeforeAll {
            $digest = New-NoiseFile whole 6000000 8
            [void] (New-NoiseFile another 6000000 9)
            [void] (New-NoiseFile longer 7000000 8)

            # Has an import stop in the middle: its input is a fifo that gives only a part.
            function Stop-Import([string] $Parameters) {
                & rm -f "$folder/part"
                & mkfifo "$folder/part"
                $writer = [Diagnostics.Process]::Start('sh', [string[]] ('-c', "(head -c 3500000 '$folder/whole'; sleep 100) > '$folder/part'"))
                Stop-Midway "Import-ContainerdContent '$folder/part' $Parameters" { @(Invoke-Ctr content active | Select-Object -Skip 1 | Where-Object { $_ -match '3\.1\d* ?MB|3 MiB' }).Count -gt 0 }
                $writer.Kill($true)
                $writer.WaitForExit()
            }
        }

        It 'leave nothing when they have no name' {
            Stop-Import ''
            Invoke-Ctr content active | Select-Object -Skip 1 | Should -BeNullOrEmpty
            Get-Leftover $daemon | Should -BeNullOrEmpty
        }

        It 'stay under their name, and are gone on with' {
            Stop-Import '-Reference upload'
            $ingest = Get-ContainerdIngest
            $ingest.Reference | Should -Be 'upload'
            $ingest.Written | Should -BeGreaterThan 3000000
            $ingest.Namespace | Should -Be $daemon.Namespace
            ($ingest | Get-ContainerdIngest).Written | Should -Be $ingest.Written
            (Get-ContainerdIngest up*).Reference | Should -Be 'upload'
            (Get-ContainerdIngest | Out-String) | Should -Match 'upload\s+3 MiB'

            # Another file is not what was begun, and is not made to be.
            $e = { Import-ContainerdContent "$folder/another" -Reference upload -ErrorAction Stop } | Should -Throw -ErrorId 'IngestMismatch,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'upload'*not the beginning of '$folder/another'*-Restart*"
            (Get-ContainerdIngest upload).Written | Should -Be $ingest.Written

            $blob = Import-ContainerdContent "$folder/whole" -Reference upload -Digest $digest
            $blob.Digest | Should -Be $digest
            $blob.Size | Should -Be 6000000
            Get-ContainerdIngest | Should -BeNullOrEmpty
            $blob | Remove-ContainerdContent
        }

        It 'begin anew where that is wanted' {
            Stop-Import '-Reference upload'
            $blob = Import-ContainerdContent "$folder/another" -Reference upload -Restart
            $blob.Size | Should -Be 6000000
            $blob.Digest | Should -Not -Be $digest
            Get-ContainerdIngest | Should -BeNullOrEmpty
            $blob | Remove-ContainerdContent
        }

        It 'are told apart by their size' {
            # ctr leaves one that says how large it is to be, and has nothing yet.
            $writer = [Diagnostics.Process]::Start('sh', [string[]] ('-c', "sleep 100 | exec ctr --address $($daemon.Address) --namespace $($daemon.Namespace) content ingest --expected-size 6000000 sized 2>/dev/null"))
            for ($i = 0; $i -lt 400 -and -not (Get-ContainerdIngest); $i++) { [Threading.Thread]::Sleep(25) }
            (Get-ContainerdIngest sized).Total | Should -Be 6000000
            $e = { Import-ContainerdContent "$folder/whole" -Reference sized -ErrorAction Stop } | Should -Throw -ErrorId 'IngestBusy,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ResourceBusy'
            $writer.Kill($true)
            $writer.WaitForExit()
            { Import-ContainerdContent "$folder/longer" -Reference sized -ErrorAction Stop } | Should -Throw -ErrorId 'IngestMismatch,*' -ExpectedMessage '*6000000*7000000*'
            Remove-ContainerdIngest sized
            Get-ContainerdIngest | Should -BeNullOrEmpty
        }

        It 'are dropped, but not from under whoever is at work' {
            Stop-Import '-Reference one'
            Remove-ContainerdIngest one -WhatIf
            @(Get-ContainerdIngest).Count | Should -Be 1
            Get-ContainerdIngest | Remove-ContainerdIngest
            Get-ContainerdIngest | Should -BeNullOrEmpty
            $e = { Remove-ContainerdIngest one -ErrorAction Stop } | Should -Throw -ErrorId 'IngestNotFound,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            { Get-ContainerdIngest one -ErrorAction Stop } | Should -Throw -ErrorId 'IngestNotFound,*'

            Invoke-Ctr leases create --id worker --expires 1h | Out-Null
            Stop-Import '-Reference two -Lease worker'
            $e = { Remove-ContainerdIngest two -ErrorAction Stop } | Should -Throw -ErrorId 'IngestInUse,*' -PassThru
            $e.Exception.Message | Should -BeLike "*the lease 'worker'*"
            Remove-ContainerdIngest two -Force
            Get-ContainerdIngest | Should -BeNullOrEmpty
            Invoke-Ctr leases rm --sync worker | Out-Null
        }
    }

    Context 'Removing' {
        It 'refuses what an image needs, and names it' {
            $image = Get-ContainerImage busybox
            $before = Invoke-Ctr content ls -q
            foreach ($blob in $image | Get-ContainerdContent) {
                $e = { Remove-ContainerdContent $blob -ErrorAction Stop } | Should -Throw -ErrorId 'BlobInUse,*' -PassThru
                $e.CategoryInfo.Category | Should -Be 'InvalidOperation'
                $e.Exception.Message | Should -BeLike "*$($blob.Digest)*the image 'docker.io/library/busybox:latest'*-Force*"
                $e.TargetObject.Digest | Should -Be $blob.Digest
            }
            # An image stands for its target.
            { $image | Remove-ContainerdContent -ErrorAction Stop } | Should -Throw -ErrorId 'BlobInUse,*'
            (Invoke-Ctr content ls -q) -join ' ' | Should -Be ($before -join ' ')
        }

        It 'refuses what another blob needs, until that one is gone' {
            $part = Import-ContainerdContent -Value 'the part'
            $whole = Import-ContainerdContent -Value 'the whole' -Label @{ 'containerd.io/gc.ref.content.part' = $part.Digest }
            $e = { Remove-ContainerdContent $part -ErrorAction Stop } | Should -Throw -ErrorId 'BlobInUse,*' -PassThru
            $e.Exception.Message | Should -BeLike "*the blob '$($whole.Digest)'*"
            $whole, $part | Remove-ContainerdContent -ErrorAction Stop
            Invoke-Ctr content ls -q | Should -Not -Contain $part.Digest
        }

        It 'forced, removes it all the same' {
            [void] (Import-ContainerImage -RootFileSystem $rootfs -Name victim -Command true)
            $config = @(Get-ContainerImage victim | Get-ContainerdContent)[1]
            Remove-ContainerdContent $config.Digest.Substring(7, 12) -Force
            Invoke-Ctr content ls -q | Should -Not -Contain $config.Digest
            Remove-ContainerImage victim
        }

        It 'says what is not there, once for each' {
            $gone = Import-ContainerdContent -Value 'gone'
            $gone | Remove-ContainerdContent
            $gone, "sha256:$('2' * 64)", 'nonsense' | Remove-ContainerdContent -ErrorAction SilentlyContinue -ErrorVariable failures
            $failures.FullyQualifiedErrorId -join ' ' | Should -Be (@('BlobNotFound', 'BlobNotFound', 'InvalidDigest' | ForEach-Object { "$_,ContainerdPS.Commands.RemoveContainerdContentCommand" }) -join ' ')
            $failures[0].TargetObject.Digest | Should -Be $gone.Digest
            $failures[2].TargetObject | Should -Be 'nonsense'
        }
    }

    It 'completes digests and references' {
        $digest = (Get-ContainerImage busybox).Digest
        $line = "Get-ContainerdContent $($digest.Substring(0, 15))"
        $found = [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
        $found.CompletionMatches.CompletionText | Should -Be $digest
    }

    It 'leaves nothing behind' {
        Get-ContainerImage | Remove-ContainerImage
        Get-ContainerdContent | Should -BeNullOrEmpty
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }
}
