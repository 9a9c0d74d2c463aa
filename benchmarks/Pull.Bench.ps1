# A 1 GB image of 10 layers between files, the daemon and a registry on loopback: ours as whole shells, with their peak
# memory over that of a shell with an idle session, and in a session that has done it before, against ctr on the same
# daemon. Where the disk is slower than the processors, TMPDIR on a tmpfs of 6 GB tells more of the programs.
param([int] $Count = 3, [int] $Layers = 10, [int] $LayerMebibytes = 100, [ValidateSet('Import', 'Export', 'Push', 'Pull', 'Check')] [string[]] $Part = ('Import', 'Export', 'Push', 'Pull', 'Check'))
. ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
foreach ($file in 'Archives', 'Layers', 'Registry') { . ([IO.Path]::Combine($PSScriptRoot, '..', 'tests', 'Pester', 'Support', "$file.ps1")) }
. ([IO.Path]::Combine($PSScriptRoot, 'Support', 'LargeImage.ps1'))

$found = Find-Registry
if (-not $found.Found) { Write-Host "SKIPPED: Debian's docker-registry cannot be had: $($found.Result)"; return }
$folder = New-TestFolder
$daemon = Start-ContainerdDaemon
$ProgressPreference = 'SilentlyContinue'
try {
    $registry = Start-TestRegistry
    $large = "$($registry.Address)/bench/large:1"
    $archive = New-LargeArchive $folder $large $Layers $LayerMebibytes
    $ctr = 'ctr', '--address', $daemon.Address, '--namespace', $daemon.Namespace
    $shell = @(Get-Shell)
    $session = "`$ProgressPreference = 'SilentlyContinue'; Import-Module '$manifest'; [void] (Connect-Containerd '$($daemon.Address)' -Namespace '$($daemon.Namespace)'); "

    function Measure-Ours([string] $Script) { Measure-Program ($shell + '-Command', ($session + '$ErrorActionPreference = ''Stop''; ' + $Script)) }

    # Until the daemon has collected all of it; what is still to be written to the disk is nobody's time.
    function Clear-Image {
        & ctr --address $daemon.Address --namespace $daemon.Namespace images rm --sync $large 2>&1 | Out-Null
        if (Get-ContainerdContent) { throw 'Content of the image was left.' }
        & sync
    }

    # The first side is what the others are held against. What is done in this shell has no start of its own, and no peak.
    function Measure-Pair([string] $Name, [string] $What, [Collections.Specialized.OrderedDictionary] $Sides, [scriptblock] $Before) {
        if ($Part -notcontains $Name) { return }
        $turns = Measure-Turn -Script $Sides -Count $Count -Before $Before -CountFirst
        $other, $ours = @($Sides.Keys)
        Write-Host $What
        foreach ($side in $Sides.Keys) { Write-Number $side $turns[$side].Milliseconds }
        foreach ($side in $ours) {
            Write-Ratio "ratio of $side to $other" (Get-Median $turns[$side].Milliseconds) (Get-Median $turns[$other].Milliseconds)
            $peaks = @($turns[$side] | Where-Object PeakMemory | ForEach-Object { ($_.PeakMemory - $idle) / 1MB })
            if ($peaks) { Write-Number "peak memory of $side over an idle shell" $peaks MiB }
        }
    }

    function Measure-Warm([scriptblock] $Script) { [pscustomobject]@{ Milliseconds = Measure-Milliseconds $Script; PeakMemory = $null } }

    # Each part finds the image here and in the registry.
    $null = Import-ContainerImage $archive
    $null = Send-ContainerImage $large
    $shells = @(1..3 | ForEach-Object { Measure-Ours 'Get-ContainerImage nosuch*' })
    $idle = Get-Median $shells.PeakMemory
    Write-Host ('The archive has {0:0} MiB in {1} layers; an idle shell has {2:0.0} MiB and takes {3:0.0} ms.' -f ([IO.FileInfo]::new($archive).Length / 1MB), $Layers, ($idle / 1MB), (Get-Median $shells.Milliseconds))

    Measure-Pair Import 'Import of the archive, unpacked' ([ordered]@{
            'ctr images import'     = { Measure-Program ($ctr + 'images', 'import', $archive) }
            'Import-ContainerImage' = { Measure-Ours "Import-ContainerImage '$archive'" }
            'Import-ContainerImage in a warm session' = { Measure-Warm { Import-ContainerImage $archive } }
        }) { Clear-Image }

    Measure-Pair Export 'Export to an archive' ([ordered]@{
            'ctr images export'     = { Measure-Program ($ctr + 'images', 'export', "$folder/out.tar", $large) }
            'Export-ContainerImage' = { Measure-Ours "Export-ContainerImage $large '$folder/out.tar'" }
            'Export-ContainerImage in a warm session' = { Measure-Warm { Export-ContainerImage $large "$folder/out.tar" } }
        }) { [IO.File]::Delete("$folder/out.tar") }

    Measure-Pair Push 'Push to a registry that has nothing' ([ordered]@{
            'ctr images push'             = { Measure-Program ($ctr + 'images', 'push', '--plain-http', $large) }
            'Send-ContainerImage'         = { Measure-Ours "Send-ContainerImage $large" }
            'Send-ContainerImage -Local'  = { Measure-Ours "Send-ContainerImage $large -Local" }
            'Send-ContainerImage in a warm session' = { Measure-Warm { Send-ContainerImage $large } }
        }) { if ([IO.Directory]::Exists("$($registry.Folder)/data/docker")) { [IO.Directory]::Delete("$($registry.Folder)/data/docker", $true) } }

    Measure-Pair Pull 'Pull from it, unpacked' ([ordered]@{
            'ctr images pull'                 = { Measure-Program ($ctr + 'images', 'pull', '--plain-http', $large) }
            'Receive-ContainerImage'          = { Measure-Ours "Receive-ContainerImage $large" }
            'Receive-ContainerImage -Local'   = { Measure-Ours "Receive-ContainerImage $large -Local" }
            'Receive-ContainerImage in a warm session' = { Measure-Warm { Receive-ContainerImage $large } }
            'Receive-ContainerImage -Local in a warm session' = { Measure-Warm { Receive-ContainerImage $large -Local } }
        }) { Clear-Image }

    Measure-Pair Check 'Reading it all again' ([ordered]@{
            'sha256sum of the archive'   = { Measure-Program @('sha256sum', $archive) }
            'Test-ContainerImage -Full'  = { Measure-Ours "Test-ContainerImage $large -Full" }
        }) { }
}
finally {
    Stop-TestRegistry $registry
    Stop-ContainerdDaemon $daemon
    [IO.Directory]::Delete($folder, $true)
}
