# Dot-sourced by the tests of registries: Debian's docker-registry on loopback, and the scripted one that misbehaves.

$testsFolder = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
$registryUser = 'somebody'
$registryPassword = 'open-sesame'

# The program, or why there is none.
function Find-Registry {
    $lines = @(& bash ([IO.Path]::Combine($testsFolder, 'Registry', 'prepare.sh')))
    [pscustomobject]@{ Found = $LASTEXITCODE -eq 0; Result = $lines[-1] }
}

# Who receives and sends in the tests with the scripted registry: this module, and the daemon where it has the Transfer
# service. That of 1.7 goes to no registry on loopback, so it is given one over TLS on another address of this machine.
function Get-RegistryWay {
    @{ Way = 'from here'; Local = $true; Folder = 'local'; Secure = $false }
    $version = if ("$(& containerd --version)" -match ' v?(\d+\.\d+)\.\d+') { [version] $Matches[1] }
    if ($version -ge [version] '2.0') { @{ Way = 'by the daemon'; Local = $false; Folder = 'daemon'; Secure = $false } }
    elseif ($version -lt [version] '1.7') { Write-Host 'SKIPPED: what is by the daemon: it has no Transfer service before containerd 1.7' }
    elseif ($address = New-TestAddress) {
        Remove-TestAddress $address
        @{ Way = 'by the daemon'; Local = $false; Folder = 'daemon'; Secure = $true }
    }
    else { Write-Host 'SKIPPED: what is by the daemon: before containerd 2.0 it goes to no registry on loopback, and this machine gets no other address' }
}

# A daemon and the scripted registry as they meet: on loopback, or over TLS on another address. Then both the daemon and
# whoever runs the tests trust its certificate for as long as they do.
function Start-RegistryPair([switch] $Secure) {
    $pair = [pscustomobject]@{ Daemon = $null; Bad = $null; Scheme = 'http'; Http = [Net.Http.HttpClient]::new(); Address = $null; Folder = $null; Kept = $env:NO_PROXY }
    if (-not $Secure) {
        $pair.Daemon = Start-ContainerdDaemon
        $pair.Bad = Start-BadRegistry
        return $pair
    }

    $pair.Address = New-TestAddress
    $pair.Folder = New-TestFolder
    $pair.Scheme = 'https'
    New-TestCertificate $pair.Folder $pair.Address
    $pair.Bad = Start-BadRegistry -At $pair.Address -Certificate $pair.Folder
    Use-TestAuthority $pair.Folder { param($store, $authority) $store.Add($authority) }
    $env:NO_PROXY = "$($pair.Address),$env:NO_PROXY"
    $trusted = $env:SSL_CERT_FILE
    $env:SSL_CERT_FILE = "$($pair.Folder)/ca.pem"
    try { $pair.Daemon = Start-ContainerdDaemon }
    finally { $env:SSL_CERT_FILE = $trusted }
    $pair
}

function Stop-RegistryPair($Pair) {
    $Pair.Http.Dispose()
    Stop-BadRegistry $Pair.Bad
    Stop-ContainerdDaemon $Pair.Daemon
    if ($Pair.Folder) {
        $env:NO_PROXY = $Pair.Kept
        Use-TestAuthority $Pair.Folder { param($store, $authority) $store.Remove($authority) }
        Remove-TestAddress $Pair.Address
        [IO.Directory]::Delete($Pair.Folder, $true)
    }
}

function Use-TestAuthority([string] $Folder, [scriptblock] $Change) {
    $store = [Security.Cryptography.X509Certificates.X509Store]::new('Root', 'CurrentUser', 'ReadWrite')
    try { & $Change $store ([Security.Cryptography.X509Certificates.X509Certificate2]::CreateFromPem([IO.File]::ReadAllText("$Folder/ca.pem"))) }
    finally { $store.Dispose() }
}

function Get-FreePort {
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $listener.LocalEndpoint.Port
    $listener.Stop()
}

# An address of this machine that is not loopback, and that nobody else can reach: for who takes loopback to be special.
# Nothing where none can be made.
function New-TestAddress {
    if (-not (Get-Command ip -CommandType Application -ErrorAction Ignore)) { return }
    foreach ($try in 1..20) {
        $address = "198.51.100.$([Random]::Shared.Next(1, 255))"
        & ip address add "$address/32" dev lo *> $null
        if ($LASTEXITCODE -eq 0) { return $address }
    }
}

function Remove-TestAddress([string] $Address) { if ($Address) { & ip address del "$Address/32" dev lo } }

# A certificate for an address, 127.0.0.1 and localhost that nobody but who is given it trusts: ca.pem, cert.pem, key.pem
# in the folder.
function New-TestCertificate([string] $Folder, [string] $Address = '127.0.0.1') {
    $key = [Security.Cryptography.RSA]::Create(2048)
    $hash = [Security.Cryptography.HashAlgorithmName]::SHA256
    $padding = [Security.Cryptography.RSASignaturePadding]::Pkcs1
    $authority = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=ContainerdPS tests', $key, $hash, $padding)
    $authority.CertificateExtensions.Add([Security.Cryptography.X509Certificates.X509BasicConstraintsExtension]::new($true, $false, 0, $true))
    $issuer = $authority.CreateSelfSigned([DateTimeOffset]::Now.AddDays(-1), [DateTimeOffset]::Now.AddDays(1))

    $own = [Security.Cryptography.RSA]::Create(2048)
    $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=127.0.0.1', $own, $hash, $padding)
    $names = [Security.Cryptography.X509Certificates.SubjectAlternativeNameBuilder]::new()
    foreach ($one in @('127.0.0.1', $Address | Select-Object -Unique)) { $names.AddIpAddress([Net.IPAddress] $one) }
    $names.AddDnsName('localhost')
    $names.AddDnsName('registry.invalid')
    $request.CertificateExtensions.Add($names.Build())
    $certificate = $request.Create($issuer, [DateTimeOffset]::Now.AddDays(-1), [DateTimeOffset]::Now.AddHours(23), [byte[]] (1, 2, 3, 4))
    [IO.File]::WriteAllText("$Folder/ca.pem", $issuer.ExportCertificatePem())
    [IO.File]::WriteAllText("$Folder/cert.pem", $certificate.ExportCertificatePem())
    [IO.File]::WriteAllText("$Folder/key.pem", $own.ExportPkcs8PrivateKeyPem())
}

# docker-registry in a folder of its own. -Secure: over TLS. -Password: for somebody only. -Certified: for who shows a
# certificate such as its own. -Of: with another's images. -At: on another address than loopback.
function Start-TestRegistry([switch] $Secure, [switch] $Password, [switch] $Certified, $Of, [string] $At = '127.0.0.1') {
    $folder = New-TestFolder
    $data = if ($Of) { "$($Of.Folder)/data" } else { "$folder/data" }
    $port = Get-FreePort
    $configuration = "version: 0.1`nlog: {level: warn}`nstorage: {filesystem: {rootdirectory: $data}, delete: {enabled: true}}`nhttp:`n  addr: ${At}:$port`n"
    if ($Secure -or $Certified) {
        New-TestCertificate $folder $At
        $configuration += "  tls: {certificate: $folder/cert.pem, key: $folder/key.pem$(if ($Certified) { ", clientcas: [$folder/ca.pem]" })}`n"
    }

    if ($Password) {
        # The hash of $registryPassword.
        [IO.File]::WriteAllText("$folder/htpasswd", "${registryUser}:" + '$2b$05$dIRZ2O77FYz17A07oQo/reeTYHK8jMndKnOEDz.lV71mLhumgU5tG' + "`n")
        $configuration += "auth: {htpasswd: {realm: here, path: $folder/htpasswd}}`n"
    }

    [IO.File]::WriteAllText("$folder/config.yml", $configuration)
    $program = (Find-Registry).Result
    $start = [Diagnostics.ProcessStartInfo]::new('/bin/sh')
    foreach ($argument in '-c', 'exec "$0" serve "$1" >"$2" 2>&1', $program, "$folder/config.yml", "$folder/log") { $start.ArgumentList.Add($argument) }
    $process = [Diagnostics.Process]::Start($start)
    $limit = [datetime]::Now.AddSeconds(20)
    while ($true) {
        $client = [Net.Sockets.TcpClient]::new()
        try { $client.Connect($At, $port); break }
        catch { if ($process.HasExited -or [datetime]::Now -gt $limit) { throw "docker-registry does not come up: $([IO.File]::ReadAllText("$folder/log"))" } }
        finally { $client.Dispose() }
        [Threading.Thread]::Sleep(50)
    }

    [pscustomobject]@{ Address = "${At}:$port"; Folder = $folder; Process = $process }
}

function Stop-TestRegistry($Registry) {
    if ($null -eq $Registry) { return }
    if (-not $Registry.Process.HasExited) { $Registry.Process.Kill($true); $Registry.Process.WaitForExit() }
    [IO.Directory]::Delete($Registry.Folder, $true)
}

# The scripted registry as a program: what it does is in the last part of each repository's name. -ProxyTo: in place of
# it a proxy that leads to an address, whatever host is asked for. -At and -Certificate: over TLS on that address, with the
# certificate in that folder.
function Start-BadRegistry([string] $ProxyTo, [string] $At, [string] $Certificate) {
    $program = [IO.Path]::Combine($testsFolder, 'FakeRegistry', 'bin', 'Release', 'net10.0', 'FakeRegistry.dll')
    $built = [IO.File]::GetLastWriteTimeUtc($program)
    $newer = [IO.Directory]::GetFiles([IO.Path]::Combine($testsFolder, 'FakeRegistry')) | Where-Object { [IO.File]::GetLastWriteTimeUtc($_) -gt $built }
    if ($newer) {
        & dotnet build ([IO.Path]::Combine($testsFolder, 'FakeRegistry')) --configuration Release --nologo --verbosity quiet | Write-Host
        if ($LASTEXITCODE -ne 0) { throw 'The scripted registry does not build.' }
        [IO.File]::SetLastWriteTimeUtc($program, [datetime]::UtcNow)
    }

    $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
    foreach ($argument in @($program) + @(if ($ProxyTo) { 'proxy', $ProxyTo } elseif ($At) { 'secure', $At, "$Certificate/cert.pem", "$Certificate/key.pem" })) { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    [pscustomobject]@{ Address = $process.StandardOutput.ReadLine(); Process = $process }
}

# What the scripted registry was asked about a repository, or a proxy about a host: a line each, with the range asked for.
function Get-RegistryRequest($Registry, [string] $Name) {
    $Registry.Process.StandardInput.WriteLine($Name)
    while ($line = $Registry.Process.StandardOutput.ReadLine()) { $line }
}

# Makes a good repository of a bad one.
function Repair-Registry($Registry, [string] $Name) { [void] (Get-RegistryRequest $Registry "+$Name") }

function Stop-BadRegistry($Registry) {
    if ($null -eq $Registry) { return }
    $Registry.Process.StandardInput.Close()
    if (-not $Registry.Process.WaitForExit(10000)) { $Registry.Process.Kill($true) }
}

function New-TestCredential([string] $Password = $registryPassword) {
    $secret = [securestring]::new()
    foreach ($letter in $Password.ToCharArray()) { $secret.AppendChar($letter) }
    [pscredential]::new($registryUser, $secret)
}

# Everything a daemon keeps of images but the times: names, blobs with their labels, snapshots with theirs.
function Get-ImageState([ContainerdPS.ContainerdSession] $Session) {
    $ctr = 'ctr', '--address', $Session.Address, '--namespace', $Session.Namespace
    $program, $arguments = $ctr
    $state = [ordered]@{}
    $state.Images = @(& $program @arguments images ls | Select-Object -Skip 1 | ForEach-Object { ($_ -split '\s+')[0..2] -join ' ' } | Sort-Object)
    $state.Content = @(& $program @arguments content ls | Select-Object -Skip 1 | ForEach-Object {
            $parts = $_ -split '\t'
            "$($parts[0].Trim()) $(($parts[-1].Trim() -split ',' | Sort-Object) -join ',')"
        } | Sort-Object)
    $state.Snapshots = @(& $program @arguments snapshots ls | Select-Object -Skip 1 | ForEach-Object { ($_ -replace '\s+', ' ').Trim() } | Sort-Object)
    $state
}
