# Dot-sourced by the tests of registries: Debian's docker-registry on loopback, and the scripted one that misbehaves.

$testsFolder = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
$registryUser = 'somebody'
$registryPassword = 'open-sesame'

# The program, or why there is none.
function Find-Registry {
    $lines = @(& bash ([IO.Path]::Combine($testsFolder, 'Registry', 'prepare.sh')))
    [pscustomobject]@{ Found = $LASTEXITCODE -eq 0; Result = $lines[-1] }
}

# Who receives and sends in the tests with the scripted registry, which is on this machine: this module, and the daemon
# where its Transfer service reaches a registry there, since containerd 2.0.
function Get-RegistryWay {
    @{ Way = 'from here'; Local = $true; Folder = 'local' }
    if ("$(& containerd --version)" -match ' v?(\d+)\.\d+\.\d+' -and [int] $Matches[1] -ge 2) { @{ Way = 'by the daemon'; Local = $false; Folder = 'daemon' } }
}

function Get-FreePort {
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $listener.LocalEndpoint.Port
    $listener.Stop()
}

# A certificate for 127.0.0.1 and localhost that nobody but who is given it trusts: ca.pem, cert.pem, key.pem in the folder.
function New-TestCertificate([string] $Folder) {
    $key = [Security.Cryptography.RSA]::Create(2048)
    $hash = [Security.Cryptography.HashAlgorithmName]::SHA256
    $padding = [Security.Cryptography.RSASignaturePadding]::Pkcs1
    $authority = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=ContainerdPS tests', $key, $hash, $padding)
    $authority.CertificateExtensions.Add([Security.Cryptography.X509Certificates.X509BasicConstraintsExtension]::new($true, $false, 0, $true))
    $issuer = $authority.CreateSelfSigned([DateTimeOffset]::Now.AddDays(-1), [DateTimeOffset]::Now.AddDays(1))

    $own = [Security.Cryptography.RSA]::Create(2048)
    $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=127.0.0.1', $own, $hash, $padding)
    $names = [Security.Cryptography.X509Certificates.SubjectAlternativeNameBuilder]::new()
    $names.AddIpAddress([Net.IPAddress]::Loopback)
    $names.AddDnsName('localhost')
    $names.AddDnsName('registry.invalid')
    $request.CertificateExtensions.Add($names.Build())
    $certificate = $request.Create($issuer, [DateTimeOffset]::Now.AddDays(-1), [DateTimeOffset]::Now.AddHours(23), [byte[]] (1, 2, 3, 4))
    [IO.File]::WriteAllText("$Folder/ca.pem", $issuer.ExportCertificatePem())
    [IO.File]::WriteAllText("$Folder/cert.pem", $certificate.ExportCertificatePem())
    [IO.File]::WriteAllText("$Folder/key.pem", $own.ExportPkcs8PrivateKeyPem())
}

# docker-registry in a folder of its own. -Secure: over TLS. -Password: for somebody only. -Certified: for who shows a
# certificate such as its own. -Of: with another's images.
function Start-TestRegistry([switch] $Secure, [switch] $Password, [switch] $Certified, $Of) {
    $folder = New-TestFolder
    $data = if ($Of) { "$($Of.Folder)/data" } else { "$folder/data" }
    $port = Get-FreePort
    $configuration = "version: 0.1`nlog: {level: warn}`nstorage: {filesystem: {rootdirectory: $data}, delete: {enabled: true}}`nhttp:`n  addr: 127.0.0.1:$port`n"
    if ($Secure -or $Certified) {
        New-TestCertificate $folder
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
        try { $client.Connect('127.0.0.1', $port); break }
        catch { if ($process.HasExited -or [datetime]::Now -gt $limit) { throw "docker-registry does not come up: $([IO.File]::ReadAllText("$folder/log"))" } }
        finally { $client.Dispose() }
        [Threading.Thread]::Sleep(50)
    }

    [pscustomobject]@{ Address = "127.0.0.1:$port"; Folder = $folder; Process = $process }
}

function Stop-TestRegistry($Registry) {
    if ($null -eq $Registry) { return }
    if (-not $Registry.Process.HasExited) { $Registry.Process.Kill($true); $Registry.Process.WaitForExit() }
    [IO.Directory]::Delete($Registry.Folder, $true)
}

# The scripted registry as a program: what it does is in the last part of each repository's name. -ProxyTo: in place of
# it a proxy that leads to an address, whatever host is asked for.
function Start-BadRegistry([string] $ProxyTo) {
    $program = [IO.Path]::Combine($testsFolder, 'FakeRegistry', 'bin', 'Release', 'net10.0', 'FakeRegistry.dll')
    $built = [IO.File]::GetLastWriteTimeUtc($program)
    $newer = [IO.Directory]::GetFiles([IO.Path]::Combine($testsFolder, 'FakeRegistry')) | Where-Object { [IO.File]::GetLastWriteTimeUtc($_) -gt $built }
    if ($newer) {
        & dotnet build ([IO.Path]::Combine($testsFolder, 'FakeRegistry')) --configuration Release --nologo --verbosity quiet | Write-Host
        if ($LASTEXITCODE -ne 0) { throw 'The scripted registry does not build.' }
        [IO.File]::SetLastWriteTimeUtc($program, [datetime]::UtcNow)
    }

    $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
    foreach ($argument in @($program) + @(if ($ProxyTo) { 'proxy', $ProxyTo })) { $start.ArgumentList.Add($argument) }
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
