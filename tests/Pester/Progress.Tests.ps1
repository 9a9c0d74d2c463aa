# What a host is told of images on their way: bars that appear, go on and go away, however the work ends.

Describe 'Progress of images' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Layers.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $daemon = Start-ContainerdDaemon
        $bad = Start-BadRegistry
        $folder = New-TestFolder
        $canTransfer = (Get-ContainerdInfo).Capabilities -contains 'Transfer' -and (Get-ContainerdInfo).Version -notlike '1.*'
        $ways = @('-Local') + @(if ($canTransfer) { '' })

        $files = [Collections.Specialized.OrderedDictionary]::new()
        $layers = foreach ($i in 1..3) {
            $noise = [byte[]]::new(1000000)
            [Random]::new($i).NextBytes($noise)
            , (ConvertTo-Tar ([ordered]@{ "noise-$i" = $noise }))
        }
        $digests = $layers | ForEach-Object { Get-Digest (Compress-Bytes $_) }
        Save-Layout "$folder/image.tar" $files ([ordered]@{ 'docker.io/test/noise:1' = Add-LayoutImage $files @($layers) })
        $archive = [IO.File]::ReadAllBytes("$folder/image.tar")

        function New-Fifo {
            $path = "$folder/$([Guid]::NewGuid().ToString('n')).tar"
            & mkfifo $path
            $path
        }

        # The records of a script in another runspace, which is fed or drained in between.
        function Get-Progress([string] $Script, [scriptblock] $Meanwhile) {
            $aside = Start-Aside $Script
            try {
                # Whatever fails here, the script must not wait for this end of its fifo.
                $end = $null
                try { if ($Meanwhile) { . $Meanwhile } }
                finally { if ($end) { $end.Dispose() } }
                try { [void] $aside.Shell.EndInvoke($aside.Running) }
                catch { if ($Script -notmatch 'ErrorAction Stop') { throw } }
                [pscustomobject] @{ Records = @($aside.Shell.Streams.Progress | Where-Object ActivityId -ge 10000); Errors = @($aside.Shell.Streams.Error) }
            }
            finally { $aside.Shell.Dispose() }
        }

        function Test-Shown($Aside, [string] $Digest) {
            $short = [ContainerdPS.Formatting]::Digest($Digest)
            foreach ($record in @($Aside.Shell.Streams.Progress)) { if ($record.Activity -like "*$short*") { return $true } }
            $false
        }

        # What holds for all bars. Gives the records of the bar of the whole image.
        function Assert-Bars($Progress, [switch] $Failed) {
            $records = $Progress.Records
            $records.Count | Should -BeGreaterThan 0
            $wholes = @($records | Where-Object ParentActivityId -eq -1 | ForEach-Object ActivityId | Select-Object -Unique)
            foreach ($id in $records.ActivityId | Select-Object -Unique) {
                $bar = @($records | Where-Object ActivityId -eq $id)
                $bar[-1].RecordType | Should -Be 'Completed' -Because $bar[-1].Activity
                $percents = @($bar.PercentComplete | Where-Object { $_ -ge 0 })
                for ($i = 1; $i -lt $percents.Count; $i++) { $percents[$i] | Should -Not -BeLessThan $percents[$i - 1] -Because "$($bar[0].Activity): $percents" }
                if ($bar[0].ParentActivityId -ne -1) { $wholes | Should -Contain $bar[0].ParentActivityId }
            }
            $whole = @($records | Where-Object ActivityId -eq $wholes[0])
            $ending = if ($Failed) { 0 } else { 1 }
            @($whole | Where-Object { $_.PercentComplete -eq 100 -and $_.RecordType -eq 'Processing' }).Count | Should -Be $ending
            if (-not $Failed) {
                $whole[-2].StatusDescription | Should -Match '^(?<size>.+) of \k<size>, (?<parts>\d+) of \k<parts> parts$'
            }

            # No bar of a part outlives that of its image.
            [array]::IndexOf($records, $whole[-1]) | Should -Be ($records.Count - 1)
        }

        # Where the content of a blob lies in the archive.
        function Find-Blob([string] $Digest) {
            $name = [Text.Encoding]::ASCII.GetBytes((Get-BlobPath $Digest))
            for ($at = 0; $at -lt $archive.Length; $at += 512) {
                if ([Text.Encoding]::ASCII.GetString($archive, $at, $name.Length) -eq (Get-BlobPath $Digest)) { return $at + 512 }
            }
        }
    }

    AfterEach {
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-BadRegistry $bad
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($folder, $true)
    }

    It 'is told of an import, for each layer as it comes' {
        $fifo = New-Fifo
        $progress = Get-Progress "Import-ContainerImage '$fifo'" {
            $end = [IO.FileStream]::new($fifo, 'Open', 'Write', 'ReadWrite')
            $at = 0
            foreach ($digest in $digests) {
                $half = (Find-Blob $digest) + 500000
                $end.Write($archive, $at, $half - $at)
                $end.Flush()
                $at = $half
                Wait-Aside $aside { Test-Shown $aside $digest }
            }
            $end.Write($archive, $at, $archive.Length - $at)
            $end.Dispose()
        }
        $progress.Errors | Should -BeNullOrEmpty
        Assert-Bars $progress
        @($progress.Records | Where-Object ParentActivityId -eq -1)[0].Activity | Should -Be "Importing $fifo"
        (Get-ContainerImage test/noise:1).Platforms.Count | Should -Be 1
    }

    It 'is told of an import that fails, and goes away' {
        foreach ($action in 'Continue', 'Stop') {
            $fifo = New-Fifo
            $progress = Get-Progress "Import-ContainerImage '$fifo' -ErrorAction $action" {
                $end = [IO.FileStream]::new($fifo, 'Open', 'Write', 'ReadWrite')
                $end.Write($archive, 0, (Find-Blob $digests[1]) + 300000)
                $end.Flush()
                Wait-Aside $aside { @($aside.Shell.Streams.Progress).Count -gt 0 }
                $end.Dispose()
            }
            if ($action -eq 'Continue') { $progress.Errors.Count | Should -Be 1 }
            Assert-Bars $progress -Failed
        }
    }

    It 'is told of an export, for each layer as it goes' {
        $fifo = New-Fifo
        $progress = Get-Progress "Export-ContainerImage test/noise:1 '$fifo'" {
            $end = [IO.FileStream]::new($fifo, 'Open', 'Read', 'ReadWrite')
            $buffer = [byte[]]::new(100000)
            foreach ($digest in $digests) {
                while (-not (Test-Shown $aside $digest)) {
                    if ($end.Read($buffer, 0, $buffer.Length) -eq 0) { break }
                    [Threading.Thread]::Sleep(50)
                }
            }
            while ($end.Read($buffer, 0, $buffer.Length) -gt 0) { }
            $end.Dispose()
        }
        $progress.Errors | Should -BeNullOrEmpty
        Assert-Bars $progress
        foreach ($digest in $digests) { @($progress.Records.Activity) | Should -Contain "layer $([ContainerdPS.Formatting]::Digest($digest))" }
        $progress.Records[0].Activity | Should -Be "Exporting to $fifo"
    }

    It 'is told of an export that fails, and goes away' {
        $fifo = New-Fifo
        $progress = Get-Progress "Export-ContainerImage test/noise:1 '$fifo'" {
            $end = [IO.FileStream]::new($fifo, 'Open', 'Read', 'ReadWrite')
            [void] $end.ReadByte()
            Wait-Aside $aside { @($aside.Shell.Streams.Progress).Count -gt 1 }
            $end.Dispose()
        }
        $progress.Errors.Count | Should -Be 1
        Assert-Bars $progress -Failed
    }

    It 'is told of what is received and sent, by us and by the daemon' {
        foreach ($way in $ways) {
            $name = "$($bad.Address)/progress/$(if ($way) { 'local' } else { 'daemon' })/slow"
            $progress = Get-Progress "Receive-ContainerImage '$name' $way"
            $progress.Errors | Should -BeNullOrEmpty
            Assert-Bars $progress
            @($progress.Records | Where-Object { $_.ParentActivityId -gt 0 -and $_.Activity -like 'layer*' } | ForEach-Object Activity | Select-Object -Unique).Count | Should -Be 3
            $name = "$($bad.Address)/progress/$(if ($way) { 'local' } else { 'daemon' })/push-late"
            $progress = Get-Progress "Send-ContainerImage test/noise:1 '$name' $way"
            $progress.Errors | Should -BeNullOrEmpty
            Assert-Bars $progress
            @($progress.Records | Where-Object { $_.ParentActivityId -gt 0 -and $_.Activity -like 'layer*' } | ForEach-Object Activity | Select-Object -Unique).Count | Should -Be 3
        }
    }

    It 'is told of what is sent in vain, and goes away' {
        foreach ($way in $ways) {
            foreach ($action in 'Continue', 'Stop') {
                $name = "$($bad.Address)/progress/$(if ($way) { 'local' } else { 'daemon' })/$($action.ToLowerInvariant())/push-slow"
                $progress = Get-Progress "Send-ContainerImage test/noise:1 '$name' $way -MaximumRetryCount 0 -ErrorAction $action"
                if ($action -eq 'Continue') { $progress.Errors.Count | Should -Be 1 }
                Assert-Bars $progress -Failed
            }
        }
    }
}
