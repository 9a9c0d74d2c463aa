# Dot-sourced after Archives.ps1: images of several layers and platforms, made of tars.

function ConvertTo-JsonBytes($Value) { , [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json $Value -Depth 20 -Compress)) }

function Get-HostArchitecture {
    if ([Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'Arm64') { 'arm64' } else { 'amd64' }
}

# The tar of a folder, in bytes; with extended attributes, holes and hard links as they are.
function Get-FolderTar([string] $Folder, [string[]] $Option) {
    $file = [IO.Path]::GetTempFileName()
    & tar -C $Folder --format=posix --xattrs '--xattrs-include=*' @Option -cf $file . | Out-Null
    $bytes = [IO.File]::ReadAllBytes($file)
    [IO.File]::Delete($file)
    , $bytes
}

# Puts an image of one platform into the files of a layout, and gives its manifest's descriptor.
function Add-LayoutImage($Files, [object[]] $Layer, [string] $Architecture = (Get-HostArchitecture), $Config = @{}, $History) {
    $diffIds = @()
    $descriptors = @()
    foreach ($tar in $Layer) {
        $diffIds += Get-Digest $tar
        $blob = Compress-Bytes $tar
        $Files[(Get-BlobPath (Get-Digest $blob))] = $blob
        $descriptors += @{ mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip'; digest = (Get-Digest $blob); size = $blob.Length }
    }

    $document = @{ architecture = $Architecture; os = 'linux'; config = $Config; rootfs = @{ type = 'layers'; diff_ids = $diffIds } }
    if ($null -ne $History) { $document.history = @($History) }
    $json = ConvertTo-JsonBytes $document
    $Files[(Get-BlobPath (Get-Digest $json))] = $json
    $manifest = ConvertTo-JsonBytes @{
        schemaVersion = 2
        mediaType     = 'application/vnd.oci.image.manifest.v1+json'
        config        = @{ mediaType = 'application/vnd.oci.image.config.v1+json'; digest = (Get-Digest $json); size = $json.Length }
        layers        = $descriptors
    }
    $Files[(Get-BlobPath (Get-Digest $manifest))] = $manifest
    @{ mediaType = 'application/vnd.oci.image.manifest.v1+json'; digest = (Get-Digest $manifest); size = $manifest.Length; platform = @{ os = 'linux'; architecture = $Architecture } }
}

# Puts an index of several platforms into the files of a layout, and gives its descriptor.
function Add-LayoutIndex($Files, [object[]] $Manifest) {
    $json = ConvertTo-JsonBytes @{ schemaVersion = 2; mediaType = 'application/vnd.oci.image.index.v1+json'; manifests = @($Manifest) }
    $Files[(Get-BlobPath (Get-Digest $json))] = $json
    @{ mediaType = 'application/vnd.oci.image.index.v1+json'; digest = (Get-Digest $json); size = $json.Length }
}

# Writes the archive of a layout; each name with its descriptor.
function Save-Layout([string] $Path, $Files, [Collections.IDictionary] $Images) {
    $all = [Collections.Specialized.OrderedDictionary]::new()
    $all['oci-layout'] = ConvertTo-Bytes '{"imageLayoutVersion":"1.0.0"}'
    foreach ($name in $Files.Keys) { $all[$name] = $Files[$name] }
    $manifests = foreach ($name in $Images.Keys) {
        $descriptor = @{} + $Images[$name]
        $descriptor.annotations = @{ 'io.containerd.image.name' = $name }
        $descriptor
    }
    $all['index.json'] = ConvertTo-JsonBytes @{ schemaVersion = 2; manifests = @($manifests) }
    [IO.File]::WriteAllBytes($Path, (ConvertTo-Tar $all))
}

# A tar of small text files, by path; a name that ends in / is a folder.
function New-TextLayer([Collections.IDictionary] $Content) {
    $memory = [IO.MemoryStream]::new()
    $writer = [Formats.Tar.TarWriter]::new($memory, [Formats.Tar.TarEntryFormat]::Pax, $true)
    foreach ($name in $Content.Keys) {
        $kind = if ($name.EndsWith('/')) { 'Directory' } else { 'RegularFile' }
        $entry = [Formats.Tar.PaxTarEntry]::new([Formats.Tar.TarEntryType]::$kind, $name)
        $entry.ModificationTime = [DateTimeOffset]::UnixEpoch.AddYears(40)
        if ($kind -eq 'Directory') { $entry.Mode = [IO.UnixFileMode] 493 }
        else { $entry.DataStream = [IO.MemoryStream]::new((ConvertTo-Bytes $Content[$name])) }
        $writer.WriteEntry($entry)
    }

    $writer.Dispose()
    , $memory.ToArray()
}
