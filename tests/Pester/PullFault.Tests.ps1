# Receiving images where something else than the registry goes wrong, or stands between: the daemon is killed, its disk is
# full, there is a proxy, or the registry wants a certificate. Both ways, where the daemon has the Transfer service.

BeforeDiscovery {
    . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
    $registry = Find-Registry
    $why = if (-not $registry.Found) { "Debian's docker-registry cannot be had: $($registry.Result)" }
    if ($why) { Write-Host "SKIPPED: the tests with a real registry: $why" }
    $ways = @{ Way = 'from here'; Local = $true; Part = 'local' }, @{ Way = 'by the daemon'; Local = $false; Part = 'daemon' }
}

Describe 'Receive-ContainerImage <Way>, where the daemon is killed' -ForEach $ways {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $daemon = Start-ContainerdDaemon
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Restart.ps1'))
        $bad = Start-BadRegistry
    }

    AfterAll {
        Stop-BadRegistry $bad
        Stop-TheDaemon
        Stop-ContainerdDaemon $daemon
    }

    It 'says which image, and goes on in the middle of the layer after its restart' {
        $repository = "killed/$Part/slow"
        $aside = Start-Aside "Receive-ContainerImage '$($bad.Address)/$repository' -Local:`$$Local -ErrorAction SilentlyContinue -ErrorVariable failures; `$failures"
        Wait-Aside $aside { Get-ContainerdIngest | Where-Object { $_.Written -gt 1MB -and $_.Reference -like 'layer*' } }
        Stop-TheDaemon
        $said = @($aside.Shell.EndInvoke($aside.Running))
        $aside.Shell.Dispose()
        $said.Count | Should -Be 1
        $said[0].FullyQualifiedErrorId | Should -Match '^(NothingListening|ConnectionLost),'
        $said[0].CategoryInfo.Category | Should -Be 'ConnectionError'
        $said[0].Exception.Message | Should -BeLike "*'$($bad.Address)/${repository}:latest'*"
        $said[0].Exception.Message | Should -BeLike "*$($daemon.Address)*"

        Start-TheDaemon
        Get-ContainerImage | Should -BeNullOrEmpty
        @(Get-ContainerdIngest | Where-Object Written -gt 1MB).Count | Should -BeGreaterThan 0
        $before = @(Get-RegistryRequest $bad $repository).Count
        $image = Receive-ContainerImage "$($bad.Address)/$repository" -Local:$Local
        $image.Name | Should -Be "$($bad.Address)/${repository}:latest"
        @(Get-RegistryRequest $bad $repository | Select-Object -Skip $before) -match '^GET .*/blobs/.* bytes=[1-9][0-9]{6,}-' | Should -Not -BeNullOrEmpty
        $image | Test-ContainerImage -Unpacked | Should -BeTrue

        # What the daemon itself was unpacking into goes with the lease, as soon as it collects.
        $limit = [datetime]::Now.AddSeconds(20)
        while ((Get-Leftover $daemon) -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(50) }
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }
}

Describe 'Receive-ContainerImage <Way>, where the disk is full' -ForEach $ways {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $bad = Start-BadRegistry
        $disk = New-TestFolder
        & mount -t tmpfs -o size=64m tmpfs $disk
        $daemon = Start-ContainerdDaemon $disk
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        & umount $disk
        [IO.Directory]::Delete($disk)
        Stop-BadRegistry $bad
    }

    It 'says so, leaves nothing, and receives it when there is room: <Room> beside what is used' -ForEach @(
        @{ Room = '5m'; Bytes = 5MB }
        @{ Room = '16m'; Bytes = 16MB }
    ) {
        $name = "$($bad.Address)/full/$Part/$Room/slow"
        $drive = [IO.DriveInfo]::new($disk)
        $used = $drive.TotalSize - $drive.TotalFreeSpace
        & mount -o "remount,size=$($used + $Bytes)" $disk
        $result = Receive-ContainerImage $name -Local:$Local -MaximumRetryCount 1 -ErrorAction SilentlyContinue -ErrorVariable failure
        $result | Should -BeNullOrEmpty
        @($failure).Count | Should -Be 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'DiskFull,*' -Because $failure[0].Exception.Message
        $failure[0].CategoryInfo.Category | Should -Be 'LimitsExceeded'
        $failure[0].Exception.Message | Should -BeLike "*'${name}:latest'*Remove-ContainerImage*"
        $failure[0].Exception.Message | Should -Match 'layer.*sha256:[0-9a-f]{64}'
        Get-ContainerImage | Should -BeNullOrEmpty
        Get-ContainerdContent | Should -BeNullOrEmpty
        Get-ContainerSnapshot | Should -BeNullOrEmpty
        Get-Leftover $daemon | Should -BeNullOrEmpty

        & mount -o 'remount,size=128m' $disk
        (Receive-ContainerImage $name -Local:$Local).Name | Should -Be "${name}:latest"
        Get-Leftover $daemon | Should -BeNullOrEmpty
        Get-ContainerImage | Remove-ContainerImage
    }

    It 'says so of a small layer that becomes a large one' {
        & mount -o 'remount,size=64m' $disk
        $name = "$($bad.Address)/full/$Part/bomb"
        $result = Receive-ContainerImage $name -Local:$Local -MaximumRetryCount 1 -ErrorAction SilentlyContinue -ErrorVariable failure
        $result | Should -BeNullOrEmpty
        @($failure).Count | Should -Be 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'DiskFull,*' -Because $failure[0].Exception.Message
        $failure[0].Exception.Message | Should -Match "^The layer sha256:[0-9a-f]{64} of the image '${name}:latest' cannot be unpacked: the daemon's disk is full"
        Get-ContainerImage | Should -BeNullOrEmpty
        Get-ContainerSnapshot | Should -BeNullOrEmpty
        Get-Leftover $daemon | Should -BeNullOrEmpty

        Repair-Registry $bad "full/$Part/bomb"
        (Receive-ContainerImage $name -Local:$Local).Name | Should -Be "${name}:latest"
        Get-Leftover $daemon | Should -BeNullOrEmpty
        Get-ContainerImage | Remove-ContainerImage
    }
}

Describe 'Receive-ContainerImage through a proxy' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $daemon = Start-ContainerdDaemon
        $bad = Start-BadRegistry
        $proxy = Start-BadRegistry -ProxyTo $bad.Address
        $kept = @{}
        $variables = 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'
        foreach ($variable in $variables) { $kept[$variable] = [Environment]::GetEnvironmentVariable($variable) }
    }

    BeforeEach { foreach ($variable in $variables) { [Environment]::SetEnvironmentVariable($variable, $null) } }

    AfterEach {
        foreach ($variable in $variables) { [Environment]::SetEnvironmentVariable($variable, $kept[$variable]) }
        Get-ContainerImage | Remove-ContainerImage
    }

    AfterAll {
        Stop-BadRegistry $proxy
        Stop-BadRegistry $bad
        Stop-ContainerdDaemon $daemon
    }

    It 'goes there by HTTP_PROXY, whoever has the daemon' {
        $env:HTTP_PROXY = "http://$($proxy.Address)"
        (Receive-ContainerImage 'registry.invalid:5000/plain/good' -PlainHttp).Name | Should -Be 'registry.invalid:5000/plain/good:latest'
        $asked = @(Get-RegistryRequest $proxy 'registry.invalid:5000')
        $asked -match '^GET http://registry.invalid:5000/v2/plain/good/blobs/' | Should -Not -BeNullOrEmpty
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    It 'goes there by -Proxy, also where a layer breaks on the way' {
        (Receive-ContainerImage 'registry.invalid:5001/plain/broken-once' -PlainHttp -Proxy "http://$($proxy.Address)").Name | Should -Be 'registry.invalid:5001/plain/broken-once:latest'
        Get-RegistryRequest $proxy 'registry.invalid:5001' | Should -Not -BeNullOrEmpty
    }

    It 'goes there by -Proxy for every name, also for one without a dot' {
        $name = "registry${PID}:5004/plain/good"
        (Receive-ContainerImage $name -PlainHttp -Proxy $proxy.Address).Name | Should -Be "${name}:latest"
        Get-RegistryRequest $proxy "registry${PID}:5004" | Should -Not -BeNullOrEmpty
    }

    It 'leaves out what NO_PROXY names, and this machine, also where -Proxy is given' {
        $env:NO_PROXY = 'other.example,.invalid'
        { Receive-ContainerImage 'registry.invalid:5005/plain/good' -PlainHttp -Proxy $proxy.Address -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnreachable,*'
        (Receive-ContainerImage "$($bad.Address)/given/good" -Proxy $proxy.Address).Name | Should -Be "$($bad.Address)/given/good:latest"
        Get-RegistryRequest $proxy 'registry.invalid:5005' | Should -BeNullOrEmpty
        Get-RegistryRequest $proxy $bad.Address | Should -BeNullOrEmpty
    }

    It 'leaves out what NO_PROXY names, and this machine' {
        $env:HTTP_PROXY = $env:HTTPS_PROXY = "http://$($proxy.Address)"
        $env:NO_PROXY = 'other.example,.invalid'
        { Receive-ContainerImage 'registry.invalid:5002/plain/good' -PlainHttp -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnreachable,*'
        (Receive-ContainerImage "$($bad.Address)/beside/good").Name | Should -Be "$($bad.Address)/beside/good:latest"
        Get-RegistryRequest $proxy 'registry.invalid:5002' | Should -BeNullOrEmpty
        Get-RegistryRequest $proxy $bad.Address | Should -BeNullOrEmpty
    }

    It 'says that the proxy is the one who is not there' {
        $env:HTTP_PROXY = "http://127.0.0.1:$(Get-FreePort)"
        $e = { Receive-ContainerImage 'registry.invalid:5003/plain/good' -PlainHttp -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnreachable,*' -PassThru
        $e.Exception.Message | Should -BeLike "*'registry.invalid:5003/plain/good:latest'*proxy '127.0.0.1:*"
        $env:HTTP_PROXY = 'http://'
        { Receive-ContainerImage 'registry.invalid:5003/plain/good' -PlainHttp -ErrorAction Stop } | Should -Throw -ErrorId 'ProxyInvalid,*'
        foreach ($none in 'ftp://proxy.example', '/proxy') {
            { Receive-ContainerImage 'registry.invalid:5003/plain/good' -PlainHttp -Proxy $none -ErrorAction Stop } | Should -Throw -ErrorId 'ProxyInvalid,*' -Because $none
        }
    }
}

Describe 'Receive-ContainerImage from docker-registry behind a proxy, or for certified guests' -Skip:([bool] $why) {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $plain = Start-TestRegistry
        $certified = Start-TestRegistry -Certified -Of $plain
        $secure = Start-TestRegistry -Secure -Of $plain
        $folder = New-TestFolder
        $rootfs = New-TestRootFileSystem
        $daemon = Start-ContainerdDaemon
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name "$($plain.Address)/mine/box:1" -Command sh)
        [void] (Get-ContainerImage | Send-ContainerImage)
        Get-ContainerImage | Remove-ContainerImage
    }

    AfterEach { Get-ContainerImage | Remove-ContainerImage }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        foreach ($one in $plain, $certified, $secure) { Stop-TestRegistry $one }
        foreach ($one in $folder, $rootfs) { [IO.Directory]::Delete($one, $true) }
    }

    It 'has the proxy lead to it unseen' {
        $proxy = Start-BadRegistry -ProxyTo $secure.Address
        $before = $env:HTTPS_PROXY
        try {
            $env:HTTPS_PROXY = $proxy.Address
            (Receive-ContainerImage 'registry.invalid/mine/box:1' -CACertificate "$($secure.Folder)/ca.pem").Name | Should -Be 'registry.invalid/mine/box:1'
            $asked = @(Get-RegistryRequest $proxy 'registry.invalid')
            $asked | Should -Not -BeNullOrEmpty
            $asked -notmatch '^CONNECT registry.invalid:443 ' | Should -BeNullOrEmpty
            { Receive-ContainerImage 'registry.invalid/mine/box:1' -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryNotTrusted,*'
        }
        finally {
            $env:HTTPS_PROXY = $before
            Stop-BadRegistry $proxy
        }
    }

    It 'shows it the certificate of a hosts folder' {
        $name = "$($certified.Address)/mine/box:1"
        $place = [IO.Directory]::CreateDirectory("$folder/certs.d/$($certified.Address.Replace(':', '_'))_").FullName
        $trust = "server = `"https://$($certified.Address)`"`nca = `"$($certified.Folder)/ca.pem`"`n"
        $own = "$($certified.Folder)/cert.pem"
        $key = "$($certified.Folder)/key.pem"
        [IO.File]::WriteAllText("$folder/both.pem", [IO.File]::ReadAllText($own) + "`n" + [IO.File]::ReadAllText($key))
        foreach ($local in $true, $false) {
            foreach ($client in "client = [[`"$own`", `"$key`"]]`n", "client = `"$folder/both.pem`"`n") {
                [IO.File]::WriteAllText("$place/hosts.toml", $trust + $client)
                (Receive-ContainerImage $name -HostsDirectory "$folder/certs.d" -Local:$local -ErrorAction Stop).Name | Should -Be $name
                Get-ContainerImage | Remove-ContainerImage
            }

            [IO.File]::WriteAllText("$place/hosts.toml", $trust)
            $e = { Receive-ContainerImage $name -HostsDirectory "$folder/certs.d" -Local:$local -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryWantsCertificate,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'$name'*'client'*hosts.toml*"
        }

        [IO.File]::WriteAllText("$place/hosts.toml", "${trust}client = [[`"$own`", `"$folder/none.pem`"]]`n")
        $e = { Receive-ContainerImage $name -HostsDirectory "$folder/certs.d" -Local -ErrorAction Stop } | Should -Throw -ErrorId 'CertificateInvalid,*' -PassThru
        $e.Exception.Message | Should -BeLike "*$folder/none.pem*"
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }
}
