# Sending images: to Debian's docker-registry, compared with what ctr receives from it, and to a registry that is only
# strange (BadRegistry.Tests.ps1 is about bad ones). Where the daemon has the Transfer service, both ways are taken and
# must end alike.

BeforeDiscovery {
    . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
    $registry = Find-Registry
    $why = if (-not $registry.Found) { "Debian's docker-registry cannot be had: $($registry.Result)" }
    if ($why) { Write-Host "SKIPPED: the tests with a real registry: $why" }
}

Describe 'Send-ContainerImage' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $daemon = Start-ContainerdDaemon
        $bad = Start-BadRegistry
        $folder = New-TestFolder
        $http = [Net.Http.HttpClient]::new()
        $canTransfer = (Get-ContainerdInfo).Capabilities -contains 'Transfer' -and (Get-ContainerdInfo).Version -notlike '1.*'
        $ways = @(@{ Local = $true }) + @(if ($canTransfer) { @{ Local = $false } })

        # Images that came from no registry, of content that compression makes no smaller.
        function New-RandomImage([string] $Name, [int] $Size) {
            $root = [IO.Directory]::CreateDirectory("$folder/$Name").FullName
            [IO.File]::WriteAllBytes("$root/random", [Security.Cryptography.RandomNumberGenerator]::GetBytes($Size))
            (Import-ContainerImage -RootFileSystem $root -Name $Name -Command sh).Name
        }

        $good = New-RandomImage 'good' 1500000
        $large = New-RandomImage 'large' 9000000

        # As images are named there: each test, and each way, has repositories of its own.
        function Get-Name([string] $Scenario, $Way) { "$($bad.Address)/$(if ($Way.Local) { 'local' } else { 'daemon' })/$Scenario" }

        # What of the registry's side has not ended.
        function Get-Upload([string] $Name) { $http.GetStringAsync("http://$($bad.Address)/uploads/$($Name.Substring($Name.IndexOf('/') + 1))").Result }

        function Assert-NothingLeft { Get-Leftover $daemon | Should -BeNullOrEmpty }
    }

    AfterAll {
        $http.Dispose()
        Stop-BadRegistry $bad
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($folder, $true)
    }

    It 'sends a piped image to what it is given, by its name or as the first argument' {
        foreach ($way in $ways) {
            (Get-ContainerImage $good | Send-ContainerImage (Get-Name 'mine/piped' $way) @way).Name | Should -Be "$(Get-Name 'mine/piped' $way):latest"
            ($good | Send-ContainerImage -Destination (Get-Name 'mine/named' $way) @way).Name | Should -Be "$(Get-Name 'mine/named' $way):latest"
        }
        { Send-ContainerImage $good -Platform linux/amd64 -AllPlatforms -ErrorAction Stop } | Should -Throw -ErrorId 'ConflictingPlatforms,*'
    }

    It 'sends to registries that are only strange' {
        foreach ($way in $ways) {
            foreach ($scenario in 'throttled', 'flaky', 'token', 'expired-token', 'push-forgets', 'push-breaks', 'push-stall-once') {
                $name = Get-Name "strange/$scenario" $way
                $result = Send-ContainerImage $good $name @way -StallTimeout 4
                $result.Name | Should -Be "${name}:latest" -Because $scenario
                $result.Digest | Should -Be (Get-ContainerImage $good).Digest

                # The daemon calls nothing off, as its own client does not.
                if ($way.Local) { Get-Upload $name | Should -Be '0' -Because $scenario }
            }
        }
        (Send-ContainerImage $large (Get-Name 'strange/push-small' @{ Local = $true }) -Local).Sent | Should -BeGreaterThan 8000000
        Assert-NothingLeft
    }

    It 'is clear about what it is given' {
        { Send-ContainerImage none/such -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound*'
        { Send-ContainerImage $good 'NOT a name' -ErrorAction Stop } | Should -Throw -ExpectedMessage '*not the name of an image*'
        { Send-ContainerImage $good -Platform nonsense/a/b/c -ErrorAction Stop } | Should -Throw -ExpectedMessage '*not a platform*'
        { Send-ContainerImage $good "$($bad.Address)/x/good" -Platform linux/riscv64 -ErrorAction Stop } | Should -Throw -ErrorId 'PlatformNotFound*'
        { Send-ContainerImage $good '127.0.0.1:1/none' -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnreachable*'
        { Send-ContainerImage $good "$($bad.Address)/x/good@sha256:$('0' * 64)" -ErrorAction Stop } | Should -Throw -ErrorId 'DigestMismatch*'
        { Send-ContainerImage $good, $large "$($bad.Address)/x/both" -ErrorAction Stop } | Should -Throw -ErrorId 'AmbiguousName*'
        Send-ContainerImage $good "$($bad.Address)/whatif/good" -WhatIf
        $http.GetAsync("http://$($bad.Address)/v2/whatif/empty/manifests/latest").Result.StatusCode | Should -Be 'NotFound'
        Assert-NothingLeft
    }

    It 'sends to the name it has, also by a digest' {
        $digest = (Get-ContainerImage $good).Digest
        foreach ($way in $ways) {
            $name = Get-Name 'named/empty' $way
            [void] (Add-ContainerImageTag $good -Tag "${name}:1", "$name@$digest")
            (Send-ContainerImage "${name}:1" @way).Name | Should -Be "${name}:1"
            (Send-ContainerImage "$name@$digest" @way).Present | Should -BeGreaterThan 1000000
            (Receive-ContainerImage "${name}:1" -NoUnpack).Digest | Should -Be $digest
            Get-ContainerImage "${name}*" | Remove-ContainerImage
        }
    }

    It 'calls off what is stopped, and leaves no lease' {
        foreach ($way in $ways) {
            $name = Get-Name 'stopped/push-slow' $way
            Stop-Midway "Send-ContainerImage '$large' '$name' -Local:`$$($way.Local)" { (Get-Upload $name) -ne '0' }
            $limit = [datetime]::Now.AddSeconds(10)
            while ((Get-Leftover $daemon) -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(50) }
            Assert-NothingLeft
            if ($way.Local) { Get-Upload $name | Should -Be '0' }
            $http.GetAsync("http://$($bad.Address)/v2/$($name.Substring($name.IndexOf('/') + 1))/manifests/other").Result.StatusCode | Should -Be 'NotFound'
        }
    }

    It 'tells nobody the credentials, and no other server who we are' {
        foreach ($way in $ways) {
            foreach ($scenario in 'basic', 'login', 'push-elsewhere') {
                $name = Get-Name "secret/$scenario" $way
                $lines = Send-ContainerImage $good $name @way -Credential (New-TestCredential) -Verbose -Debug *>&1
                @($lines | Where-Object { $_ -is [ContainerdPS.ContainerImageSendResult] }).Name | Should -Be "${name}:latest"
                "$lines" | Should -Not -BeLike '*sesame*'
                "$lines" | Should -Not -BeLike '*secret-signature*'
                $said = Send-ContainerImage $good (Get-Name "secret/$scenario/$scenario" $way) @way -Credential (New-TestCredential 'guessed-secret') -Verbose -Debug -ErrorAction SilentlyContinue -ErrorVariable failure *>&1 | ForEach-Object { "$_" }
                $said = @($said) + $failure[0].Exception.ToString() + ($failure[0] | Format-List * -Force | Out-String) -join "`n"
                $said | Should -Not -BeLike '*guessed-secret*'
                $said | Should -BeLike '*credentials*'
            }
        }
    }
}

Describe 'Send-ContainerImage to docker-registry' -Skip:([bool] $why) {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $plain = Start-TestRegistry
        $secure = Start-TestRegistry -Secure -Password
        $bad = Start-BadRegistry
        $folder = New-TestFolder
        $rootfs = New-TestRootFileSystem

        # Certificates of the system are the daemon's too. One before 2.0 is tested in TransferTls.Tests.ps1.
        $trusted = $env:SSL_CERT_FILE
        $env:SSL_CERT_FILE = "$($secure.Folder)/ca.pem"
        $daemon = Start-ContainerdDaemon
        $env:SSL_CERT_FILE = $trusted
        $ctr = 'ctr', '--address', $daemon.Address, '--namespace', $daemon.Namespace
        $program, $arguments = $ctr
        $box = (Import-ContainerImage -RootFileSystem $rootfs -Name box -Command sh).Name
        $many = (Receive-ContainerImage "$($bad.Address)/mine/index" -AllPlatforms -NoUnpack).Name

        # An image of which this machine has one platform of three, as pulling leaves it.
        $part = (Receive-ContainerImage "$($bad.Address)/part/index" -NoUnpack).Name

        function Get-Unended($Registry) {
            if ([IO.Directory]::Exists("$($Registry.Folder)/data")) {
                [IO.Directory]::GetDirectories("$($Registry.Folder)/data", '_uploads', 'AllDirectories') | ForEach-Object { [IO.Directory]::GetFileSystemEntries($_) }
            }
        }
    }

    AfterEach {
        Get-Leftover $daemon | Should -BeNullOrEmpty
        Get-Unended $plain | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        Stop-TestRegistry $plain
        Stop-TestRegistry $secure
        Stop-BadRegistry $bad
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    It 'sends what ctr receives with the same digest, once' {
        foreach ($local in $true, $false) {
            $name = "$($plain.Address)/$(if ($local) { 'here' } else { 'there' })/box:1"
            $result = Send-ContainerImage $box $name -Local:$local
            $result.Name, $result.Source | Should -Be $name, $box
            $result.Digest | Should -Be (Get-ContainerImage $box).Digest
            $result.Sent + $result.Mounted + $result.Present | Should -Be $result.Size
            if ($local) { $result.Sent | Should -Be $result.Size }
            (Send-ContainerImage $box $name -Local:$local).Present | Should -Be $result.Size
            & $program @arguments images pull --plain-http $name *> $null
            $LASTEXITCODE | Should -Be 0
            (Get-ContainerImage $name).Digest | Should -Be $result.Digest
            (Test-ContainerImage $name -Full) | Should -BeTrue
            Remove-ContainerImage $name
        }
    }

    It 'sends all platforms, and the index last' {
        foreach ($local in $true, $false) {
            $name = "$($plain.Address)/$(if ($local) { 'here' } else { 'there' })/many:1"
            $result = Send-ContainerImage $many $name -AllPlatforms -Local:$local
            $result.Digest | Should -Be (Get-ContainerImage $many).Digest
            $result.Platforms.Count | Should -Be 3
            & $program @arguments images pull --plain-http --all-platforms $name *> $null
            $LASTEXITCODE | Should -Be 0
            (Get-ContainerImage $name).Digest | Should -Be $result.Digest
            Remove-ContainerImage $name
        }
    }

    It 'sends the platforms asked for' {
        $name = "$($plain.Address)/chosen/many"
        $one = Send-ContainerImage $many "${name}:one" -Platform linux/s390x
        "$($one.Platforms)" | Should -Be 'linux/s390x'
        $one.MediaType | Should -BeLike '*manifest.v1+json'
        $two = Send-ContainerImage $many "${name}:two" -Platform linux/s390x, linux/arm64
        $two.MediaType | Should -BeLike '*index.v1+json'
        $two.Digest | Should -Not -Be (Get-ContainerImage $many).Digest
        (Send-ContainerImage $many "${name}:all" -Platform linux/s390x, linux/arm64, linux/amd64).Digest | Should -Be (Get-ContainerImage $many).Digest
        & $program @arguments images pull --plain-http --all-platforms "${name}:two" *> $null
        $LASTEXITCODE | Should -Be 0
        $image = Get-ContainerImage "${name}:two"
        $image.Digest | Should -Be $two.Digest
        "$($image.Platforms | Sort-Object)" | Should -Be 'linux/arm64 linux/s390x'
        Get-ContainerImage "$name*" | Remove-ContainerImage
    }

    It 'sends what is whole here, and says what is not' {
        foreach ($local in $true, $false) {
            $name = "$($plain.Address)/part/index:$local".ToLowerInvariant()
            $result = Send-ContainerImage $part $name -Local:$local -WarningVariable warning -WarningAction SilentlyContinue
            $result.Platforms.Count | Should -Be 1
            $result.MediaType | Should -BeLike '*manifest.v1+json'
            "$warning" | Should -BeLike "*'$part'*without*linux/s390x*-AllPlatforms*"
            { Send-ContainerImage $part $name -Local:$local -AllPlatforms -ErrorAction Stop } | Should -Throw -ErrorId 'ImageIncomplete*'
            (Receive-ContainerImage $name -NoUnpack).Digest | Should -Be $result.Digest
            Remove-ContainerImage $name
        }
    }

    It 'leaves a name alone that refers to all of the image already' {
        foreach ($local in $true, $false) {
            $result = Send-ContainerImage $part -Local:$local -WarningVariable warning -WarningAction SilentlyContinue
            $warning | Should -BeNullOrEmpty
            $result.Digest | Should -Be (Get-ContainerImage $part).Digest
            $result.MediaType | Should -BeLike '*index*'
            $result.Sent | Should -Be 0
            $result.Present | Should -Be $result.Size
        }

        # Nobody has lost a platform.
        (Receive-ContainerImage $part -Platform linux/s390x -NoUnpack -Namespace elsewhere -ErrorAction Stop).Digest | Should -Be (Get-ContainerImage $part).Digest
        Remove-ContainerImage $part -Namespace elsewhere
    }

    It 'has the registry take what another of its repositories has' {
        $first = Send-ContainerImage $box "$($plain.Address)/first/box:1"
        $image = Receive-ContainerImage "$($plain.Address)/first/box:1" -NoUnpack
        $result = $image | Send-ContainerImage -Destination "$($plain.Address)/second/box:1" -Local
        $result.Mounted | Should -BeGreaterThan ($first.Size * 0.9)
        $result.Digest | Should -Be $first.Digest
        (Send-ContainerImage $image "$($plain.Address)/third/box:1").Digest | Should -Be $first.Digest
        Remove-ContainerImage $image
    }

    It 'sends several together, each to its own name' {
        $names = 1..4 | ForEach-Object { "together/box:$_" }
        [void] (Add-ContainerImageTag $box -Tag $names)
        $sent = Get-ContainerImage 'together/*' | Sort-Object Name | Send-ContainerImage -Destination { $_.Name -replace '^docker.io', $plain.Address }
        $sent.Name | Should -Be ($names | ForEach-Object { "$($plain.Address)/$_" })
        ($sent | Measure-Object Sent -Sum).Sum | Should -BeLessThan ($sent[0].Size * 2)
        Get-ContainerImage 'together/*' | Remove-ContainerImage
    }

    It 'trusts what a hosts folder, or a certificate, says, and shows who we are' {
        $host_ = [IO.Directory]::CreateDirectory("$folder/certs.d/$($secure.Address.Replace(':', '_'))_").FullName
        [IO.File]::WriteAllText("$host_/hosts.toml", "server = `"https://$($secure.Address)`"`nca = `"$($secure.Folder)/ca.pem`"`n")
        foreach ($local in $true, $false) {
            $name = "$($secure.Address)/hosts/box:$local".ToLowerInvariant()
            (Send-ContainerImage $box $name -HostsDirectory "$folder/certs.d" -Credential (New-TestCredential) -Local:$local).Name | Should -Be $name
            { Send-ContainerImage $box "$name-2" -HostsDirectory "$folder/certs.d" -Local:$local -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnauthorized*'
            { Send-ContainerImage $box "$name-2" -HostsDirectory "$folder/certs.d" -Local:$local -Credential (New-TestCredential 'wrong') -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnauthorized*'
        }
        (Send-ContainerImage $box "$($secure.Address)/ca/box" -CACertificate "$($secure.Folder)/ca.pem" -Credential (New-TestCredential)).Name | Should -Be "$($secure.Address)/ca/box:latest"
        [IO.File]::WriteAllText("$host_/hosts.toml", "server = `"https://$($secure.Address)`"`ncapabilities = [`"pull`", `"resolve`"]`n")
        { Send-ContainerImage $box "$($secure.Address)/none/box" -HostsDirectory "$folder/certs.d" -ErrorAction Stop } | Should -Throw -ErrorId 'NoRegistryHost*'
    }
}
