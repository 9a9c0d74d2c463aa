# Receiving images: from Debian's docker-registry, compared with what ctr makes of the same, and from a registry that is
# only strange (BadRegistry.Tests.ps1 is about bad ones). Where the daemon has the Transfer service, both ways are taken
# and must end alike.

BeforeDiscovery {
    . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
    $registry = Find-Registry
    $why = if (-not $registry.Found) { "Debian's docker-registry cannot be had: $($registry.Result)" }
    if ($why) { Write-Host "SKIPPED: the tests with a real registry: $why" }
}

Describe 'Receive-ContainerImage' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $daemon = Start-ContainerdDaemon
        $bad = Start-BadRegistry
        $folder = New-TestFolder
        $canTransfer = (Get-ContainerdInfo).Capabilities -contains 'Transfer' -and (Get-ContainerdInfo).Version -notlike '1.*'
        $ways = @(@{ Local = $true }) + @(if ($canTransfer) { @{ Local = $false } })

        # As images are named here: each test, and each way, has repositories of its own.
        function Get-Name([string] $Scenario, $Way) { "$($bad.Address)/$(if ($Way.Local) { 'local' } else { 'daemon' })/$Scenario" }

        # What must not be there after a failure. What was received may stay, for the next try, until the daemon collects it.
        function Assert-NothingNamed {
            Get-ContainerImage | Should -BeNullOrEmpty
            & ctr --address $daemon.Address --namespace $daemon.Namespace leases ls -q | Should -BeNullOrEmpty
            & ctr --address $daemon.Address --namespace $daemon.Namespace snapshots ls | Select-Object -Skip 1 | Where-Object { $_ -match '\sActive\s*$' } | Should -BeNullOrEmpty
        }
    }

    AfterEach {
        Get-ContainerImage | Remove-ContainerImage
        Get-ContainerdIngest | Remove-ContainerdIngest
    }

    AfterAll {
        Stop-BadRegistry $bad
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($folder, $true)
    }

    It 'receives an image, unpacks it and leaves nothing else' {
        foreach ($way in $ways) {
            $name = Get-Name 'good' $way
            $image = Receive-ContainerImage $name @way
            $image.Name | Should -Be "${name}:latest"
            $image.Platforms.Count | Should -Be 1
            $image.Size | Should -BeGreaterThan 1000000
            & ctr --address $daemon.Address --namespace $daemon.Namespace leases ls -q | Should -BeNullOrEmpty
            & ctr --address $daemon.Address --namespace $daemon.Namespace content active | Select-Object -Skip 1 | Should -BeNullOrEmpty
            @(& ctr --address $daemon.Address --namespace $daemon.Namespace snapshots ls | Select-Object -Skip 1).Count | Should -BeGreaterOrEqual 2
            (Get-ContainerImage $name | Receive-ContainerImage @way).Digest | Should -Be $image.Digest
        }
    }

    It 'receives several together and writes them in order' {
        foreach ($way in $ways) {
            $names = 1..5 | ForEach-Object { Get-Name "together$_/good" $way }
            ($names | Receive-ContainerImage @way).Name | Should -Be ($names | ForEach-Object { "${_}:latest" })
        }
    }

    It 'receives the platforms asked for' {
        foreach ($way in $ways) {
            $name = Get-Name 'index' $way
            "$((Receive-ContainerImage $name @way).Platforms)" | Should -BeIn 'linux/amd64', 'linux/arm64'
            "$((Receive-ContainerImage $name @way -Platform linux/s390x, linux/arm64 -NoUnpack).Platforms)" | Should -BeLike '*linux/s390x*'
            (Receive-ContainerImage $name @way -AllPlatforms).Platforms.Count | Should -Be 3
            { Receive-ContainerImage (Get-Name 'x/index' $way) @way -Platform linux/riscv64 -ErrorAction Stop } | Should -Throw -ErrorId 'PlatformNotFound*'
            { Receive-ContainerImage (Get-Name 'foreign' $way) @way -ErrorAction Stop } | Should -Throw -ErrorId 'PlatformNotFound*'
            Get-ContainerImage | Remove-ContainerImage
        }
    }

    It 'keeps the labels of others, and an image that is there when its successor cannot be had' {
        foreach ($way in $ways) {
            $name = Get-Name 'labels/index' $way
            [void] (Receive-ContainerImage $name @way -Label @{ one = '1' })
            $image = Receive-ContainerImage $name @way -Label two=2
            $image.Labels['one'] | Should -Be '1'
            $image.Labels['two'] | Should -Be '2'
            { Receive-ContainerImage $name @way -Platform linux/riscv64 -ErrorAction Stop } | Should -Throw -ErrorId 'PlatformNotFound*'
            (Get-ContainerImage $name).Labels['one'] | Should -Be '1'
        }
    }

    It 'receives from registries that are only strange' {
        foreach ($way in $ways) {
            foreach ($scenario in 'throttled', 'flaky', 'no-head', 'no-digest', 'token', 'expired-token', 'broken-once', 'broken-no-ranges', 'stall-once', 'many-layers') {
                (Receive-ContainerImage (Get-Name $scenario $way) @way -StallTimeout 4).Platforms.Count | Should -Be 1 -Because $scenario
            }
        }
    }

    It 'is clear about what it is given' {
        { Receive-ContainerImage 'NOT a name' -ErrorAction Stop } | Should -Throw -ExpectedMessage '*not the name of an image*'
        { Receive-ContainerImage good -Platform nonsense/a/b/c -ErrorAction Stop } | Should -Throw -ExpectedMessage '*not a platform*'
        { Receive-ContainerImage '127.0.0.1:1/none' -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnreachable*'
        { Receive-ContainerImage "$($bad.Address)/good" -CACertificate "$folder/none.pem" -Local -ErrorAction Stop } | Should -Throw -ErrorId 'CertificateInvalid*'
        [IO.Directory]::CreateDirectory("$folder/hosts/_default") | Out-Null
        [IO.File]::WriteAllText("$folder/hosts/_default/hosts.toml", 'server = = x')
        $e = { Receive-ContainerImage "$($bad.Address)/good" -HostsDirectory "$folder/hosts" -ErrorAction Stop } | Should -Throw -ErrorId 'HostsFileInvalid*' -PassThru
        $e.Exception.Message | Should -BeLike "*$folder/hosts/_default/hosts.toml*"
        $e = { Receive-ContainerImage "$($bad.Address)/good" -HostsDirectory "$folder/nosuch" -ErrorAction Stop } | Should -Throw -ErrorId 'FolderNotFound,*' -PassThru
        $e.Exception.Message | Should -BeLike "*$folder/nosuch*"
        Receive-ContainerImage "$($bad.Address)/good" -WhatIf
        Assert-NothingNamed
    }

    It 'goes on where the last try was stopped' {
        $name = Get-Name 'resumed/slow' @{ Local = $true }
        $partial = { & ctr --address $daemon.Address --namespace $daemon.Namespace content active | Select-Object -Skip 1 | Where-Object { $_ -match '\s[1-9][0-9.]*M' } }
        Stop-Midway "Receive-ContainerImage '$name' -Local" $partial
        Assert-NothingNamed
        & $partial | Should -Not -BeNullOrEmpty
        $lines = Receive-ContainerImage $name -Local -Verbose 4>&1
        @($lines | Where-Object { $_ -is [ContainerdPS.ContainerImage] }).Count | Should -Be 1
        & ctr --address $daemon.Address --namespace $daemon.Namespace content active | Select-Object -Skip 1 | Should -BeNullOrEmpty
    }

    It 'leaves no name and no lease when the daemon is stopped receiving by itself' {
        if (-not $canTransfer) { Set-ItResult -Skipped -Because 'this daemon has no Transfer service that reaches a registry on its own machine'; return }
        $name = Get-Name 'stopped/slow' @{ Local = $false }
        Stop-Midway "Receive-ContainerImage '$name'" { Get-ContainerdIngest | Where-Object Written -GT 1MB }
        $limit = [datetime]::Now.AddSeconds(10)
        while ((Get-Leftover $daemon | Where-Object { $_ -match 'Active' }) -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(50) }
        Assert-NothingNamed

        # Layers on their way are there for the next try, whatever the daemon collects.
        Remove-ContainerImage -Unreferenced
        $kept = @(Get-ContainerdIngest)
        $kept.Count | Should -BeGreaterThan 0
        $kept | Where-Object { $_.Reference -notlike 'layer-sha256:*' -or $_.Written -eq 0 } | Should -BeNullOrEmpty
        $before = @(Get-RegistryRequest $bad 'daemon/stopped/slow').Count
        (Receive-ContainerImage $name).Name | Should -Be "${name}:latest"
        @(Get-RegistryRequest $bad 'daemon/stopped/slow' | Select-Object -Skip $before) -match '^GET .*/blobs/.* bytes=[1-9][0-9]{5,}-' | Should -Not -BeNullOrEmpty
        Get-ContainerdIngest | Should -BeNullOrEmpty
    }

    It 'tells nobody the credentials' {
        foreach ($way in $ways) {
            foreach ($scenario in 'basic', 'login') {
                $name = Get-Name "secret/$scenario" $way
                (Receive-ContainerImage $name @way -Credential (New-TestCredential)).Name | Should -Be "${name}:latest"
                $said = Receive-ContainerImage (Get-Name "secret/$scenario/$scenario" $way) @way -Credential (New-TestCredential 'guessed-secret') -Verbose -Debug -ErrorAction SilentlyContinue -ErrorVariable failure *>&1 | ForEach-Object { "$_" }
                $said = @($said) + $failure[0].Exception.ToString() + ($failure[0] | Format-List * -Force | Out-String) -join "`n"
                $said | Should -Not -BeLike '*guessed-secret*'
                $said | Should -BeLike '*credentials*'
            }
        }
    }
}

Describe 'Receive-ContainerImage from docker-registry' -Skip:([bool] $why) {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $plain = Start-TestRegistry
        $secure = Start-TestRegistry -Secure -Password -Of $plain
        $folder = New-TestFolder
        $rootfs = New-TestRootFileSystem

        # Certificates of the system are the daemon's too. One before 2.0 is tested in TransferTls.Tests.ps1.
        $trusted = $env:SSL_CERT_FILE
        $env:SSL_CERT_FILE = "$($secure.Folder)/ca.pem"
        $daemon = Start-ContainerdDaemon
        $env:SSL_CERT_FILE = $trusted
        $ctr = 'ctr', '--address', $daemon.Address, '--namespace', $daemon.Namespace
        $program, $arguments = $ctr
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name box -Command sh)
        & $program @arguments images tag docker.io/library/box:latest "$($plain.Address)/mine/box:1" | Out-Null
        & $program @arguments images push --plain-http "$($plain.Address)/mine/box:1" *> $null
        Get-ContainerImage | Remove-ContainerImage
    }

    AfterEach { Get-ContainerImage | Remove-ContainerImage }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        Stop-TestRegistry $plain
        Stop-TestRegistry $secure
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    It 'ends as ctr does: the same digests, labels and snapshots' {
        $name = "$($plain.Address)/mine/box:1"
        & $program @arguments images pull --plain-http $name *> $null
        $theirs = Get-ImageState $daemon
        Get-ContainerImage | Remove-ContainerImage
        foreach ($local in $true, $false) {
            (Receive-ContainerImage $name -Local:$local).Name | Should -Be $name
            $ours = Get-ImageState $daemon
            foreach ($kind in 'Images', 'Content', 'Snapshots') { $ours[$kind] -join "`n" | Should -Be ($theirs[$kind] -join "`n") }
            Invoke-Container -Image $name -Command echo, hi | Should -Be 'hi'
            Get-ContainerImage | Remove-ContainerImage
        }
    }

    It 'trusts what a hosts folder, or a certificate, says' {
        $name = "$($secure.Address)/mine/box:1"
        $host_ = [IO.Directory]::CreateDirectory("$folder/certs.d/$($secure.Address.Replace(':', '_'))_").FullName
        [IO.File]::WriteAllText("$host_/hosts.toml", "server = `"https://$($secure.Address)`"`nca = `"$($secure.Folder)/ca.pem`"`n")
        foreach ($local in $true, $false) {
            (Receive-ContainerImage $name -HostsDirectory "$folder/certs.d" -Credential (New-TestCredential) -Local:$local).Name | Should -Be $name
            Get-ContainerImage | Remove-ContainerImage
        }

        (Receive-ContainerImage $name -CACertificate "$($secure.Folder)/ca.pem" -Credential (New-TestCredential)).Name | Should -Be $name
        Get-ContainerImage | Remove-ContainerImage
        (Receive-ContainerImage $name -SkipCertificateCheck -Credential (New-TestCredential)).Name | Should -Be $name
        [IO.File]::WriteAllText("$host_/hosts.toml", "server = `"https://$($secure.Address)`"`n")
        { Receive-ContainerImage $name -HostsDirectory "$folder/certs.d" -Local -Credential (New-TestCredential) -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryNotTrusted*'
    }

    It 'logs in with what docker login has stored' {
        $name = "$($secure.Address)/mine/box:1"
        $before = $env:DOCKER_CONFIG
        try {
            $env:DOCKER_CONFIG = $folder
            $auth = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("${registryUser}:$registryPassword"))
            [IO.File]::WriteAllText("$folder/config.json", "{`"auths`":{`"$($secure.Address)`":{`"auth`":`"$auth`"}}}")
            foreach ($local in $true, $false) {
                (Receive-ContainerImage $name -Local:$local).Name | Should -Be $name
                Get-ContainerImage | Remove-ContainerImage
            }
        }
        finally { $env:DOCKER_CONFIG = $before }
        foreach ($local in $true, $false) {
            { Receive-ContainerImage $name -Local:$local -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnauthorized*'
            { Receive-ContainerImage $name -Local:$local -Credential (New-TestCredential 'wrong') -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnauthorized*'
        }
    }

    It 'says that there is no such image' {
        foreach ($local in $true, $false) {
            { Receive-ContainerImage "$($plain.Address)/mine/box:2" -Local:$local -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryNotFound*'
            { Receive-ContainerImage "$($plain.Address)/no/such" -Local:$local -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryNotFound*'
        }
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }
}
