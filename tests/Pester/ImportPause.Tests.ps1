# Imports whose input comes late: what goes on meanwhile must not matter, and they can be stopped.

Describe 'Import-ContainerImage, while its input is still to come' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Layers.ps1'))
        $daemon = Start-ContainerdDaemon
        $folder = New-TestFolder
        $base = New-Layout 'docker.io/library/base:1'
        [IO.File]::WriteAllBytes("$folder/base.tar", (ConvertTo-Tar $base.Files))

        # Stops it as Ctrl+C does, in time, and looks at what it left.
        function Stop-InTime($Aside) {
            $Aside.Shell.BeginStop($null, $null).AsyncWaitHandle.WaitOne(15000) | Should -BeTrue -Because 'it waits for nobody'
            Get-Kept $daemon | Should -Be $kept
        }
    }

    BeforeEach { $kept = Get-Kept $daemon }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($folder, $true)
    }

    It 'keeps the layers that were unpacked before, though their image goes' {
        # An archive's layer upon that of the other image, which takes its time.
        $layout = New-Layout 'docker.io/library/upon:1'
        $above = [byte[]]::new(250MB)
        [void] (Add-LayoutLayer $layout $above)
        [IO.File]::WriteAllBytes("$folder/upon.tar", (ConvertTo-Tar $layout.Files))
        $above = $layout = $null

        [void] (Import-ContainerImage "$folder/base.tar")
        $aside = Start-Aside "(Import-ContainerImage '$folder/upon.tar' -ErrorAction SilentlyContinue -ErrorVariable failures).Name; `$failures"
        Wait-Aside $aside { Get-ContainerdIngest | Where-Object Written -gt 25MB }
        Remove-ContainerImage base:1
        Get-ContainerImage base:1 -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $aside.Shell.EndInvoke($aside.Running) | Should -Be 'docker.io/library/upon:1'
        $aside.Shell.Dispose()
        Test-ContainerImage upon:1 -Full -Unpacked | Should -BeTrue
        Remove-ContainerImage upon:1
        Get-Kept $daemon | Should -Be $kept
        [IO.File]::Delete("$folder/upon.tar")
    }

    It 'can be stopped while nobody writes into its fifo: <What>' -ForEach @(@{ What = 'an archive'; Command = 'Import-ContainerImage' }, @{ What = 'a root filesystem'; Command = 'Import-ContainerImage -Name mine -RootFileSystem' }) {
        & mkfifo "$folder/silent"
        $aside = Start-Aside "$Command '$folder/silent'"
        Wait-Aside $aside { & ctr --address $daemon.Address --namespace $daemon.Namespace leases ls -q }
        Stop-InTime $aside

        # Whoever writes to it later is not kept waiting for ever.
        $writer = [Diagnostics.Process]::Start('sh', [string[]] ('-c', "echo late > '$folder/silent'"))
        $writer.WaitForExit(15000) | Should -BeTrue
        $aside.Shell.Dispose()
        [IO.File]::Delete("$folder/silent")
    }

    It 'can be stopped while who writes into its fifo pauses' {
        $noise = [byte[]]::new(8MB)
        [Random]::new(3).NextBytes($noise)
        [IO.File]::WriteAllBytes("$folder/start.tar", (ConvertTo-Tar ([ordered] @{ "blobs/sha256/$((Get-Digest $noise).Substring(7))" = $noise })))
        & mkfifo "$folder/pausing"
        $writer = [Diagnostics.Process]::Start('sh', [string[]] ('-c', "exec 3> '$folder/pausing'; head -c 5000000 '$folder/start.tar' >&3; exec sleep 60"))
        $aside = Start-Aside "Import-ContainerImage '$folder/pausing'"
        Wait-Aside $aside { Get-ContainerdIngest | Where-Object Written -gt 2MB }
        Stop-InTime $aside
        $writer.Kill()
        $writer.WaitForExit()
        $aside.Shell.Dispose()
        [IO.File]::Delete("$folder/pausing")
    }

    It 'tells of the platforms that it kept, whatever came with them' {
        $other = if ((Get-HostArchitecture) -eq 'arm64') { 'amd64' } else { 'arm64' }
        $layout = New-Layout 'docker.io/library/both:1'
        $manifest = $layout.Files[$layout.Manifest]
        $entries = foreach ($architecture in (Get-HostArchitecture), $other) {
            $own = ConvertTo-Bytes ([Text.Encoding]::UTF8.GetString($manifest) + (' ' * $architecture.IndexOf('m')))
            $layout.Files[(Get-BlobPath (Get-Digest $own))] = $own
            @{ mediaType = 'application/vnd.oci.image.manifest.v1+json'; digest = Get-Digest $own; size = $own.Length; platform = @{ os = 'linux'; architecture = $architecture } }
        }
        $index = ConvertTo-Bytes (@{ schemaVersion = 2; mediaType = 'application/vnd.oci.image.index.v1+json'; manifests = @($entries) } | ConvertTo-Json -Depth 5)
        $layout.Files[(Get-BlobPath (Get-Digest $index))] = $index
        $layout.Files['index.json'] = ConvertTo-Bytes (@{ schemaVersion = 2; manifests = @(@{ mediaType = 'application/vnd.oci.image.index.v1+json'; digest = Get-Digest $index; size = $index.Length; annotations = @{ 'io.containerd.image.name' = $layout.Name } }) } | ConvertTo-Json -Depth 5)
        $tar = ConvertTo-Tar $layout.Files
        [IO.File]::WriteAllBytes("$folder/both.tar", $tar)
        [IO.File]::WriteAllBytes("$folder/both.tar.gz", (Compress-Bytes $tar))
        foreach ($file in 'both.tar', 'both.tar.gz') {
            $image = Import-ContainerImage "$folder/$file" -Platform "linux/$(Get-HostArchitecture)"
            "$($image.Platforms)" | Should -Be "linux/$(Get-HostArchitecture)"
            "$((Get-ContainerImage both:1).Platforms)" | Should -Be "linux/$(Get-HostArchitecture)"
            Remove-ContainerImage both:1
            Get-Kept $daemon | Should -Be $kept
        }
    }
}
