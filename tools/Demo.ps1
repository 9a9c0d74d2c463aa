# Shows the module at work on a private daemon. Every command is printed as a person would type it, then run.
param([string] $Module)

$ErrorActionPreference = 'Continue'

# An image needs a root filesystem: busybox and the names it answers to.
$rootfs = [IO.Path]::Combine([IO.Path]::GetTempPath(), "containerdps-demo-$([Guid]::NewGuid().ToString('n').Substring(0, 8))")
$busybox = @('/bin/busybox', '/usr/bin/busybox', '/bin/busybox-static') | Where-Object { [IO.File]::Exists($_) } | Select-Object -First 1
foreach ($folder in 'bin', 'etc', 'tmp') { [void] [IO.Directory]::CreateDirectory([IO.Path]::Combine($rootfs, $folder)) }
[IO.File]::Copy($busybox, [IO.Path]::Combine($rootfs, 'bin', 'busybox'))
foreach ($name in 'sh', 'echo', 'sleep', 'cat', 'uname', 'id') {
    [void] [IO.File]::CreateSymbolicLink([IO.Path]::Combine($rootfs, 'bin', $name), 'busybox')
}
[IO.File]::WriteAllText([IO.Path]::Combine($rootfs, 'etc', 'passwd'), "root:x:0:0:root:/:/bin/sh`nweb:x:101:101::/:/bin/sh`n")
[IO.File]::WriteAllText([IO.Path]::Combine($rootfs, 'etc', 'group'), "root:x:0:`nweb:x:101:`n")

$failed = 0
function Show([string] $Command, [switch] $Fails) {
    Write-Host ''
    Write-Host "PS> $Command" -ForegroundColor Cyan
    $before = $global:Error.Count
    . ([scriptblock]::Create($Command)) | Out-Host
    $errors = $global:Error.Count - $before
    if (($errors -gt 0) -ne [bool] $Fails) { $script:failed++ }
}

try {
    Write-Host "`nPS> Import-Module ./artifacts/ContainerdPS" -ForegroundColor Cyan
    Import-Module $Module -ErrorAction Stop
    Show '$daemon = Start-ContainerdDaemon; $daemon'
    if (-not (Test-Containerd)) { throw 'The private daemon does not serve.' }
    [IO.Directory]::SetCurrentDirectory([IO.Path]::GetDirectoryName($rootfs))
    Set-Location -LiteralPath ([IO.Path]::GetDirectoryName($rootfs))
    $folder = [IO.Path]::GetFileName($rootfs)
    Show "Import-ContainerImage -RootFileSystem ./$folder -Name busybox -Command sh"
    Show 'Get-ContainerImage'
    Show "'web', 'db', 'cache' | New-Container -Image busybox -Command sleep, 600 -Memory 64m"
    Show "Get-Container web, db | Set-ContainerLabel -Label @{ tier = 'front'; owner = 'ops' }"
    Show "Get-Container | Get-ContainerLabel"
    Show "Invoke-Container -Image busybox -User web -Command sh, -c, 'id; uname -s'"
    Show "Invoke-Container -Image busybox -Command sh, -c, 'echo out; echo err >&2; exit 3' -PassThru"
    Show "Get-Container -Label tier=front | Group-Object Status | Format-Table Count, Name"
    Show "Invoke-Container -Image busybox -Id job -Command sh, -c, 'echo up; sleep 60' | Select-Object -First 1 | ForEach-Object { Get-Container job; Remove-Container job }" -Fails
    Show "Get-Container nowhere" -Fails
    Show 'Get-Container | Sort-Object Id | Format-Table Id, Status, Command'
    Show 'Get-Container | Remove-Container'
    Show 'Get-ContainerImage | Remove-ContainerImage'
    Show '@(Get-Container).Count'
}
catch {
    $failed++
    Write-Host "The demo broke off: $_"
}
finally {
    Show 'Stop-ContainerdDaemon'
    [IO.Directory]::Delete($rootfs, $true)
}

if ($daemon -and [IO.Directory]::Exists($daemon.Daemon.Path)) { $failed++; Write-Host "Left behind: $($daemon.Daemon.Path)" }
Write-Host ''
Write-Host $(if ($failed) { "The demo had $failed surprises." } else { 'The demo is over; nothing is left of it.' })
exit [int]($failed -gt 0)
