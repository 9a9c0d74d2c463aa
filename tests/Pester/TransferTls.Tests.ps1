# A registry over TLS that wants a password, on an address that is not loopback, whose certificate the daemon trusts: so
# containerd 1.7, too, receives and sends by its Transfer service. Whoever does it, the image, its labels and the errors
# are the same. That it was the daemon is in the registry's own log: there the clients say who they are.

BeforeDiscovery {
    . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
    $registry = Find-Registry
    $address = New-TestAddress
    Remove-TestAddress $address
    $why = if (-not $registry.Found) { "Debian's docker-registry cannot be had: $($registry.Result)" } elseif (-not $address) { 'no address can be added to this machine' }
    if ($why) { Write-Host "SKIPPED: the tests with a registry over TLS: $why" }
}

Describe 'Images of a registry over TLS' -Skip:([bool] $why) {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $address = New-TestAddress
        $secure = Start-TestRegistry -Secure -Password -At $address
        $other = Start-TestRegistry -Secure -At $address
        $bad = Start-BadRegistry
        $rootfs = New-TestRootFileSystem
        $authority = "$($secure.Folder)/ca.pem"
        $kept = $env:SSL_CERT_FILE, $env:NO_PROXY
        $env:NO_PROXY = "$address,$env:NO_PROXY"
        $env:SSL_CERT_FILE = $authority
        $daemon = Start-ContainerdDaemon
        $env:SSL_CERT_FILE = $kept[0]

        # Containerd 1.6 has no Transfer service: there both ways are our own, and have to be told whom to trust.
        $canTransfer = (Get-ContainerdInfo).Version -notmatch '^v?1\.6\.'
        $here = @{ Local = $true; CACertificate = $authority }
        $there = if ($canTransfer) { @{} } else { @{ CACertificate = $authority } }
        $ways = $here, $there

        $box = (Import-ContainerImage -RootFileSystem $rootfs -Name box -Command sh).Name
        $many = (Receive-ContainerImage "$($bad.Address)/mine/index" -AllPlatforms -NoUnpack).Name
        $who = @{ Credential = New-TestCredential }
        foreach ($image in $box, $many) { [void] (Send-ContainerImage $image "$($secure.Address)/all/$(if ($image -eq $box) { 'box' } else { 'many' }):1" @here @who -AllPlatforms) }

        # Who asked the registry about a repository.
        function Get-Client([string] $Repository) {
            [IO.File]::ReadAllLines("$($secure.Folder)/log") | Where-Object { $_ -match "/v2/$Repository/(blobs|manifests)/" -and $_ -match '"(ContainerdPS|containerd)/[^"]*"\s*$' } | ForEach-Object { $Matches[1] } | Select-Object -Unique
        }

        function Get-Agent($Way) { if ($Way.Local -or -not $canTransfer) { 'ContainerdPS' } else { 'containerd' } }

        # What the registry logs comes after what it answers.
        function Assert-Client([string] $Repository, [string] $Agent) {
            $limit = [datetime]::Now.AddSeconds(10)
            while (-not (Get-Client $Repository) -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(50) }
            Get-Client $Repository | Should -Be $Agent
        }
    }

    AfterEach {
        Get-ContainerImage | Where-Object Name -NotIn $box, $many | Remove-ContainerImage
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    AfterAll {
        $env:NO_PROXY = $kept[1]
        Stop-ContainerdDaemon $daemon
        foreach ($one in $secure, $other) { Stop-TestRegistry $one }
        Stop-BadRegistry $bad
        [IO.Directory]::Delete($rootfs, $true)
        Remove-TestAddress $address
    }

    It 'are received as from here: the same digests, labels and snapshots of <Image>' -ForEach @(
        @{ Image = 'box'; Options = @{} }
        @{ Image = 'box'; Options = @{ NoUnpack = $true; Label = @{ tier = 'front' } } }
        @{ Image = 'many'; Options = @{} }
        @{ Image = 'many'; Options = @{ AllPlatforms = $true } }
        @{ Image = 'many'; Options = @{ Platform = 'linux/arm64', 'linux/s390x'; NoUnpack = $true } }
    ) {
        # Else their layers would be there before.
        Get-ContainerImage | Remove-ContainerImage
        try {
            $name = "$($secure.Address)/all/${Image}:1"
            $states = foreach ($way in $ways) {
                $lines = Receive-ContainerImage $name @way @who @Options -Verbose *>&1
                $received = @($lines | Where-Object { $_ -is [ContainerdPS.ContainerImage] })
                $received.Name | Should -Be $name -Because "$lines"
                "$lines" | Should -BeLike $(if ((Get-Agent $way) -eq 'containerd') { "*The daemon receives '$name' by itself.*" } else { "*'$name' is received from here:*" })
                "$lines" | Should -Not -BeLike '*from here instead*'
                Get-ImageState $daemon
                if ($Image -eq 'box' -and -not $Options.Count) { Invoke-Container -Image $name -Command echo, hi | Should -Be 'hi' }
                Get-Leftover $daemon | Should -BeNullOrEmpty
                Get-ContainerImage | Remove-ContainerImage
            }
            foreach ($kind in 'Images', 'Content', 'Snapshots') { $states[1][$kind] -join "`n" | Should -Be ($states[0][$kind] -join "`n") }
            $states[0].Content | Should -Not -BeNullOrEmpty
        }
        finally {
            [void] (Import-ContainerImage -RootFileSystem $rootfs -Name box -Command sh)
            [void] (Receive-ContainerImage "$($bad.Address)/mine/index" -AllPlatforms -NoUnpack)
        }
    }

    It 'are sent and received by the daemon itself where it can' {
        foreach ($way in $ways) {
            $agent = Get-Agent $way
            foreach ($image in $box, $many) {
                $repository = "sent/$($agent.ToLowerInvariant())/$(if ($way.Local) { 'here' } else { 'there' })/$(if ($image -eq $box) { 'box' } else { 'many' })"
                $name = "$($secure.Address)/${repository}:1"
                $lines = Send-ContainerImage $image $name @way @who -Verbose *>&1
                $result = $lines | Where-Object { $_ -is [ContainerdPS.ContainerImageSendResult] }
                $result.Name, $result.Digest | Should -Be $name, (Get-ContainerImage $image).Digest -Because "$lines"
                $result.Sent + $result.Mounted + $result.Present | Should -Be $result.Size
                "$lines" | Should -BeLike $(if ($agent -eq 'containerd') { "*The daemon sends '$name' by itself.*" } else { "*'$name' is sent from here:*" })
                (Send-ContainerImage $image $name @way @who).Present | Should -Be $result.Size
                (Receive-ContainerImage $name @way @who -AllPlatforms -NoUnpack).Digest | Should -Be $result.Digest
                Assert-Client $repository $agent
            }
        }
    }

    It 'are refused with the same words, and nobody is told the password' {
        $secrets = 'guessed-secret', $registryPassword, ("guessed-secret", $registryPassword | ForEach-Object { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("${registryUser}:$_")) }) | ForEach-Object { $_ }
        $name = "$($secure.Address)/all/box:1"
        foreach ($run in @{ Command = 'Receive-ContainerImage'; Arguments = @($name) }, @{ Command = 'Send-ContainerImage'; Arguments = @($box, "$($secure.Address)/refused/box:1") }) {
            foreach ($as in @{ Credential = New-TestCredential 'guessed-secret' }, @{}) {
                $words = foreach ($way in $ways) {
                    $arguments = $run.Arguments
                    $lines = & $run.Command @arguments @way @as -Verbose -Debug -ErrorAction SilentlyContinue -ErrorVariable failures *>&1 | ForEach-Object { "$_" }
                    @($failures).Count | Should -Be 1 -Because "$lines"
                    $failures[0].FullyQualifiedErrorId | Should -BeLike 'RegistryUnauthorized,*' -Because $failures[0].Exception.Message
                    $failures[0].CategoryInfo.Category | Should -Be 'AuthenticationError'
                    $failures[0].TargetObject | Should -Be $arguments[0]
                    $said = @($lines) + $failures[0].Exception.ToString() + ($failures[0] | Format-List * -Force | Out-String) -join "`n"
                    foreach ($secret in $secrets) { $said.Contains($secret) | Should -BeFalse }
                    "$lines" | Should -Not -BeLike '*from here instead*'

                    # Which of its parts the registry refuses first is not told.
                    $failures[0].Exception.Message -replace '^The .* of (?=''box|''docker)'
                }
                $words[1] | Should -BeExactly $words[0]
                $words[0] | Should -BeLike $(if ($as.Count) { "*'$($secure.Address)' does not accept*somebody*" } else { '*asks who you are*' })
            }
        }
        foreach ($way in $ways) {
            $lines = @(Receive-ContainerImage $name @way @who -Verbose -Debug *>&1) + @(Send-ContainerImage $box "$($secure.Address)/told/box:1" @way @who -Verbose -Debug *>&1) | ForEach-Object { "$_" }
            foreach ($secret in $secrets) { "$lines".Contains($secret) | Should -BeFalse }
        }
    }

    It 'are not had from who is not trusted, or has no such image' {
        foreach ($way in $ways) {
            foreach ($doing in 'received', 'sent') {
                $untrusted = "$($other.Address)/all/box:1"
                $e = if ($doing -eq 'received') { { Receive-ContainerImage $untrusted @way -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryNotTrusted,*' -PassThru }
                else { { Send-ContainerImage $box $untrusted @way -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryNotTrusted,*' -PassThru }
                $e.CategoryInfo.Category | Should -Be 'ConnectionError'
                $e.Exception.Message | Should -BeLike "*$(if ($doing -eq 'sent') { $box } else { $untrusted })*cannot be $doing*certificate of '$($other.Address)' is not trusted*'ca'*hosts.toml*"
            }
            $e = { Receive-ContainerImage "$($secure.Address)/all/box:2" @way @who -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryNotFound,*' -PassThru
            $e.Exception.Message | Should -BeLike "'$($secure.Address)/all/box:2' cannot be received: '$($secure.Address)' does not have it.*"
        }
    }

    It 'are followed on their way' {
        Get-ContainerImage $many | Remove-ContainerImage
        try {
            foreach ($way in $ways) {
                $given = "$(if ($way.Local) { '-Local' }) $(if ($way.CACertificate) { "-CACertificate '$authority'" })"
                $login = "`$secret = [securestring]::new(); foreach (`$letter in '$registryPassword'.ToCharArray()) { `$secret.AppendChar(`$letter) }; `$who = [pscredential]::new('$registryUser', `$secret)"
                foreach ($command in "Receive-ContainerImage '$($secure.Address)/all/many:1' -AllPlatforms -NoUnpack", "Send-ContainerImage '$($secure.Address)/all/many:1' '$($secure.Address)/followed/$(if ($way.Local) { 'here' } else { 'there' })/many:1'") {
                    $aside = Start-Aside "$login; $command -Credential `$who $given -ErrorAction Stop"
                    try {
                        [void] $aside.Shell.EndInvoke($aside.Running)
                        $records = @($aside.Shell.Streams.Progress | Where-Object ActivityId -GE 10000)
                        $whole = @($records | Where-Object ParentActivityId -EQ -1)
                        $whole[-1].RecordType | Should -Be 'Completed' -Because $command
                        @($whole | Where-Object PercentComplete -EQ 100).Count | Should -BeGreaterThan 0 -Because $command
                        $whole[-2].StatusDescription | Should -Match '^(?<size>.+) of \k<size>, (?<parts>\d+) of \k<parts> parts$'
                    }
                    finally { $aside.Shell.Dispose() }
                }
                Get-ContainerImage "$($secure.Address)/*" | Remove-ContainerImage
            }
        }
        finally { [void] (Receive-ContainerImage "$($bad.Address)/mine/index" -AllPlatforms -NoUnpack) }
    }
}
