# Dot-sourced by the benchmarks of images: an OCI archive too large for anybody's memory, made with the system's tools.

# Layers of the given size, packed: a part that does not compress, as programs hardly do, and one that does. Gives the path.
function New-LargeArchive([string] $Folder, [string] $Name, [int] $Layers, [int] $LayerMebibytes) {
    $blobs = "$Folder/layout/blobs/sha256"
    [void] [IO.Directory]::CreateDirectory($blobs)
    $packed = foreach ($i in 1..$Layers) {
        $script = @"
set -e
mkdir -p '$Folder/layer/data$i'
head -c $($LayerMebibytes)M /dev/urandom > '$Folder/layer/data$i/noise'
yes 'what compresses well, line by line' 2> /dev/null | head -c $($LayerMebibytes)M > '$Folder/layer/data$i/text'
tar -C '$Folder/layer' -cf '$Folder/layer.tar' data$i
rm -r '$Folder/layer'
sha256sum < '$Folder/layer.tar' | cut -d' ' -f1
gzip -1 '$Folder/layer.tar'
sha256sum < '$Folder/layer.tar.gz' | cut -d' ' -f1
"@
        $digests = @(& bash -c $script)
        if ($digests.Count -ne 2) { throw 'A layer could not be made.' }
        [IO.File]::Move("$Folder/layer.tar.gz", "$blobs/$($digests[1])")
        @{ DiffId = "sha256:$($digests[0])"; mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip'; digest = "sha256:$($digests[1])"; size = [IO.FileInfo]::new("$blobs/$($digests[1])").Length }
    }

    $config = Add-Document $blobs 'application/vnd.oci.image.config.v1+json' @{
        architecture = (Get-HostArchitecture)
        os           = 'linux'
        config       = @{}
        rootfs       = @{ type = 'layers'; diff_ids = @($packed | ForEach-Object { $_.DiffId }) }
    }
    $manifest = Add-Document $blobs 'application/vnd.oci.image.manifest.v1+json' @{
        schemaVersion = 2
        mediaType     = 'application/vnd.oci.image.manifest.v1+json'
        config        = $config
        layers        = @($packed | ForEach-Object { @{ mediaType = $_.mediaType; digest = $_.digest; size = $_.size } })
    }
    $manifest.annotations = @{ 'io.containerd.image.name' = $Name }
    [IO.File]::WriteAllText("$Folder/layout/oci-layout", '{"imageLayoutVersion":"1.0.0"}')
    [IO.File]::WriteAllBytes("$Folder/layout/index.json", (ConvertTo-JsonBytes @{ schemaVersion = 2; manifests = @($manifest) }))
    & tar -C "$Folder/layout" -cf "$Folder/image.tar" oci-layout index.json blobs
    [IO.Directory]::Delete("$Folder/layout", $true)
    "$Folder/image.tar"
}

function Add-Document([string] $Blobs, [string] $MediaType, $Value) {
    $json = ConvertTo-JsonBytes $Value
    $digest = Get-Digest $json
    [IO.File]::WriteAllBytes("$Blobs/$($digest.Substring(7))", $json)
    @{ mediaType = $MediaType; digest = $digest; size = $json.Length }
}
