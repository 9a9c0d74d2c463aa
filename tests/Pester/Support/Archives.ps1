# Dot-sourced after Common.ps1: archives of images made by hand, so that each can be given one lie.

function Get-Digest([byte[]] $Bytes) {
    'sha256:' + [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($Bytes)).ToLowerInvariant()
}

function Get-BlobPath([string] $Digest) { 'blobs/' + $Digest.Replace(':', '/') }

function ConvertTo-Bytes([string] $Text) { , [Text.Encoding]::UTF8.GetBytes($Text) }

function Compress-Bytes([byte[]] $Bytes) {
    $memory = [IO.MemoryStream]::new()
    $gzip = [IO.Compression.GZipStream]::new($memory, [IO.Compression.CompressionLevel]::Fastest, $true)
    $gzip.Write($Bytes, 0, $Bytes.Length)
    $gzip.Dispose()
    , $memory.ToArray()
}

# A tar of the files of a dictionary, in its order. Names go in as they are, '../x' too.
function ConvertTo-Tar([Collections.IDictionary] $Files) {
    $memory = [IO.MemoryStream]::new()
    $writer = [Formats.Tar.TarWriter]::new($memory, [Formats.Tar.TarEntryFormat]::Ustar, $true)
    foreach ($name in $Files.Keys) {
        $entry = [Formats.Tar.UstarTarEntry]::new([Formats.Tar.TarEntryType]::RegularFile, $name)
        $entry.DataStream = [IO.MemoryStream]::new([byte[]] $Files[$name])
        $writer.WriteEntry($entry)
    }

    $writer.Dispose()
    , $memory.ToArray()
}

# Has the header of one entry claim another size, with a checksum to match.
function Set-TarSize([byte[]] $Tar, [string] $Name, [long] $Size) {
    for ($at = 0; $at -lt $Tar.Length; $at += 512) {
        if ([Text.Encoding]::ASCII.GetString($Tar, $at, 100).TrimEnd([char] 0) -ne $Name) { continue }
        $octal = [Convert]::ToString($Size, 8).PadLeft(11, '0')
        [Text.Encoding]::ASCII.GetBytes($octal).CopyTo($Tar, $at + 124)
        [Text.Encoding]::ASCII.GetBytes('        ').CopyTo($Tar, $at + 148)
        $sum = 0
        for ($i = 0; $i -lt 512; $i++) { $sum += $Tar[$at + $i] }
        [Text.Encoding]::ASCII.GetBytes([Convert]::ToString($sum, 8).PadLeft(6, '0') + "`0 ").CopyTo($Tar, $at + 148)
        return
    }

    throw "There is no entry '$Name' to change."
}

# An honest OCI layout of one image of one layer: its files by path, and the paths of its parts. -Truncate cuts the
# compressed layer before its digest is taken, -DiffId has the configuration say another one of the unpacked layer.
function New-Layout([string] $Name, [switch] $Truncate, [string] $DiffId) {
    $files = [Collections.Specialized.OrderedDictionary]::new()
    $files['oci-layout'] = ConvertTo-Bytes '{"imageLayoutVersion":"1.0.0"}'
    $content = [Collections.Specialized.OrderedDictionary]::new()
    $noise = [byte[]]::new(100000)
    [Random]::new(1).NextBytes($noise)
    $content['data'] = $noise
    $plain = ConvertTo-Tar $content
    $layer = Compress-Bytes $plain
    if ($Truncate) { $layer = [byte[]] $layer[0..([int] ($layer.Length / 2))] }
    if (-not $DiffId) { $DiffId = Get-Digest $plain }
    $architecture = if ([Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'Arm64') { 'arm64' } else { 'amd64' }
    $config = ConvertTo-Bytes "{`"architecture`":`"$architecture`",`"os`":`"linux`",`"config`":{},`"rootfs`":{`"type`":`"layers`",`"diff_ids`":[`"$DiffId`"]}}"
    $manifest = ConvertTo-Bytes ('{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",' +
        "`"config`":{`"mediaType`":`"application/vnd.oci.image.config.v1+json`",`"digest`":`"$(Get-Digest $config)`",`"size`":$($config.Length)}," +
        "`"layers`":[{`"mediaType`":`"application/vnd.oci.image.layer.v1.tar+gzip`",`"digest`":`"$(Get-Digest $layer)`",`"size`":$($layer.Length)}]}")
    $layout = [pscustomobject]@{
        Name = $Name
        Files = $files
        Layer = Get-BlobPath (Get-Digest $layer)
        Config = Get-BlobPath (Get-Digest $config)
        Manifest = Get-BlobPath (Get-Digest $manifest)
        PlainLayer = $plain
    }
    $files[$layout.Layer] = $layer
    $files[$layout.Config] = $config
    Set-LayoutManifest $layout $manifest
    $layout
}

# Gives a layout another manifest, rightly named and rightly listed.
function Set-LayoutManifest($Layout, [byte[]] $Manifest) {
    $digest = Get-Digest $Manifest
    $Layout.Files.Remove($Layout.Manifest)
    $Layout.Manifest = Get-BlobPath $digest
    $Layout.Files[$Layout.Manifest] = $Manifest
    $Layout.Files['index.json'] = ConvertTo-Bytes ('{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",' +
        "`"digest`":`"$digest`",`"size`":$($Manifest.Length),`"annotations`":{`"io.containerd.image.name`":`"$($Layout.Name)`"}}]}")
}

# Puts an uncompressed layer on top of a layout's only one. Gives its digest; what is changed in the bytes later is damage.
function Add-LayoutLayer($Layout, [byte[]] $Layer) {
    $digest = Get-Digest $Layer
    $config = ConvertTo-Bytes ([Text.Encoding]::UTF8.GetString($Layout.Files[$Layout.Config]) -replace '"diff_ids":\[("[^"]+")\]', "`"diff_ids`":[`$1,`"$digest`"]")
    $manifest = [Text.Encoding]::UTF8.GetString($Layout.Files[$Layout.Manifest]) | ConvertFrom-Json
    $manifest.config.digest = Get-Digest $config
    $manifest.config.size = $config.Length
    $manifest.layers = @($manifest.layers[0], @{ mediaType = 'application/vnd.oci.image.layer.v1.tar'; digest = $digest; size = $Layer.Length })
    $Layout.Files[(Get-BlobPath $digest)] = $Layer
    $Layout.Files[(Get-BlobPath $manifest.config.digest)] = $config
    Set-LayoutManifest $Layout (ConvertTo-Bytes ($manifest | ConvertTo-Json -Depth 5))
    $digest
}

# The same image as 'docker save' writes it.
function New-DockerArchive([string] $Name) {
    $layout = New-Layout $Name
    $config = $layout.Files[$layout.Config]
    $configName = $layout.Config.Substring('blobs/sha256/'.Length) + '.json'
    $files = [Collections.Specialized.OrderedDictionary]::new()
    $files[$configName] = $config
    $files['one/layer.tar'] = $layout.PlainLayer
    $files['manifest.json'] = ConvertTo-Bytes "[{`"Config`":`"$configName`",`"RepoTags`":[`"$Name`"],`"Layers`":[`"one/layer.tar`"]}]"
    [pscustomobject]@{ Name = $Name; Files = $files; Layer = 'one/layer.tar'; Config = $configName }
}

# All that a daemon keeps, in the words of ctr: to be the same before and after what fails.
function Get-Kept([ContainerdPS.ContainerdSession] $Session) {
    $ctr = 'ctr', '--address', $Session.Address, '--namespace', $Session.Namespace
    $program, $arguments = $ctr
    @(
        'images', (& $program @arguments images ls -q)
        'content', (& $program @arguments content ls -q)
        'ingests', (& $program @arguments content active | Select-Object -Skip 1)
        'leases', (& $program @arguments leases ls -q)
        'snapshots', (& $program @arguments snapshots ls | Select-Object -Skip 1)
        'containers', (& $program @arguments containers ls -q)
        'fifos', (Get-Leftover $Session)
    ) -join "`n"
}
