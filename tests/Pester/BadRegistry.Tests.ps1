# Registries that answer wrongly: whoever receives or sends, this module or the daemon's Transfer service, the error is the
# same, says which image and which part of it, and nothing is left that the next try would stumble over.

BeforeDiscovery {
    . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
    $ways = Get-RegistryWay
    $daemons = @($ways | Where-Object { -not $_.Local })
    $layer = '^The layer 1 of 2 sha256:[0-9a-f]{64} of '
    $manifest = '^The manifest sha256:[0-9a-f]{64} of '
    $configuration = '^The configuration sha256:[0-9a-f]{64} of '
    $received = @(
        @{ Scenario = 'no-manifest'; Id = 'InvalidImage'; Category = 'InvalidArgument'; Part = $manifest }
        @{ Scenario = 'altered-manifest'; Id = 'WrongDigest'; Category = 'InvalidData'; Part = $manifest }
        @{ Scenario = 'lying-manifest'; Id = 'WrongDigest'; Category = 'InvalidData'; Part = $manifest }
        @{ Scenario = 'index-wrong-size'; Id = 'WrongSize'; Category = 'InvalidData'; Part = $manifest }
        @{ Scenario = 'huge-manifest'; Id = 'ManifestTooLarge'; Category = 'LimitsExceeded'; Part = '^' }
        @{ Scenario = 'huge-index'; Id = 'ManifestTooLarge'; Category = 'LimitsExceeded'; Part = '^' }
        @{ Scenario = 'grown-manifest'; Id = 'ManifestTooLarge'; Category = 'LimitsExceeded'; Part = $manifest }
        @{ Scenario = 'no-config'; Id = 'InvalidImage'; Category = 'InvalidArgument'; Part = $configuration }
        @{ Scenario = 'altered-config'; Id = 'WrongDigest'; Category = 'InvalidData'; Part = $configuration }
        @{ Scenario = 'wrong-digest'; Id = 'WrongDigest'; Category = 'InvalidData'; Part = $layer }
        @{ Scenario = 'wrong-size'; Id = 'WrongSize'; Category = 'InvalidData'; Part = $layer }
        @{ Scenario = 'too-long'; Id = 'WrongSize'; Category = 'InvalidData'; Part = $layer }
        @{ Scenario = 'no-tar'; Id = 'LayerUnpackFailed'; Category = 'InvalidData'; Part = '^The layer sha256:[0-9a-f]{64} of .* it is damaged: (?!failed to extract)' }
        @{ Scenario = 'cut'; Id = 'LayerUnpackFailed'; Category = 'InvalidData'; Part = '^The layer sha256:[0-9a-f]{64} of .* it is damaged: (?!failed to extract)' }
        @{ Scenario = 'other-diff-id'; Id = 'WrongDigest'; Category = 'InvalidData'; Part = '^The layer sha256:[0-9a-f]{64} of .* unpacks to sha256:' }
        @{ Scenario = 'encrypted'; Id = 'LayerEncrypted'; Category = 'NotImplemented'; Part = "^The layer sha256:[0-9a-f]{64} of the image '.*' is encrypted.*'application/vnd\.oci\.image\.layer\.v1\.tar\+gzip\+encrypted'" }
        @{ Scenario = 'truncated'; Id = 'TransferInterrupted'; Category = 'ConnectionError'; Part = $layer; Resumes = $true }
        @{ Scenario = 'stall'; Id = 'RegistryStalled'; Category = 'OperationTimeout'; Part = $layer; Resumes = $true }
        @{ Scenario = 'redirect-loop'; Id = 'RegistryRedirectLoop'; Category = 'InvalidOperation'; Part = $layer }
        @{ Scenario = 'no-layer'; Id = 'RegistryNotFound'; Category = 'ObjectNotFound'; Part = $layer }
        @{ Scenario = 'no-layer-of-many'; Id = 'RegistryNotFound'; Category = 'ObjectNotFound'; Part = '^The layer 1 of 30 sha256:[0-9a-f]{64} of ' }
        @{ Scenario = 'broken-layer'; Id = 'RegistryFailed'; Category = 'ConnectionError'; Part = $layer }
        @{ Scenario = 'denied-layer'; Id = 'RegistryDenied'; Category = 'PermissionDenied'; Part = $layer }
        @{ Scenario = 'always-throttled'; Id = 'RegistryTooManyRequests'; Category = 'LimitsExceeded'; Part = '^' }
        @{ Scenario = 'broken'; Id = 'RegistryFailed'; Category = 'ConnectionError'; Part = '^' }
        @{ Scenario = 'denied'; Id = 'RegistryDenied'; Category = 'PermissionDenied'; Part = '^' }
        @{ Scenario = 'basic'; Id = 'RegistryUnauthorized'; Category = 'AuthenticationError'; Part = '^' }
        @{ Scenario = 'login'; Id = 'RegistryUnauthorized'; Category = 'AuthenticationError'; Part = '^' }
        @{ Scenario = 'dead-token'; Id = 'RegistryUnauthorized'; Category = 'AuthenticationError'; Part = '^' }
        @{ Scenario = 'empty'; Id = 'RegistryNotFound'; Category = 'ObjectNotFound'; Part = '^' }
    )
    $one = '^The layer 1 of 1 sha256:[0-9a-f]{64} of '
    $any = '^(The (layer 1 of 1|configuration) sha256:[0-9a-f]{64} of )?'
    $sent = @(
        @{ Scenario = 'push-stall'; Id = 'RegistryStalled'; Category = 'OperationTimeout'; Part = $one }
        @{ Scenario = 'push-always-breaks'; Id = 'TransferInterrupted'; Category = 'ConnectionError'; Part = $one }
        @{ Scenario = 'push-loop'; Id = 'RegistryRedirectLoop'; Category = 'InvalidOperation'; Part = $any }
        @{ Scenario = 'push-redirect'; Id = 'RegistryRedirected'; Category = 'InvalidOperation'; Part = $any; Says = "*redirects to 'http*send the image to a name there*" }
        @{ Scenario = 'push-wrong-digest'; Id = 'WrongDigest'; Category = 'InvalidData'; Part = '^The (layer 1 of 1|configuration) sha256:[0-9a-f]{64} of ' }
        @{ Scenario = 'push-nowhere'; Id = 'RegistryUnexpected'; Category = 'InvalidOperation'; Part = $any }
        @{ Scenario = 'push-full'; Id = 'RegistryFailed'; Category = 'ConnectionError'; Part = $one }
        @{ Scenario = 'push-refuses'; Id = 'RegistryRefused'; Category = 'InvalidOperation'; Part = $manifest }
        @{ Scenario = 'push-alters'; Id = 'WrongDigest'; Category = 'InvalidData'; Part = $manifest }
        @{ Scenario = 'always-throttled'; Id = 'RegistryTooManyRequests'; Category = 'LimitsExceeded'; Part = $any }
        @{ Scenario = 'broken'; Id = 'RegistryFailed'; Category = 'ConnectionError'; Part = $any }
        @{ Scenario = 'denied'; Id = 'RegistryDenied'; Category = 'PermissionDenied'; Part = $any }
        @{ Scenario = 'basic'; Id = 'RegistryUnauthorized'; Category = 'AuthenticationError'; Part = $any }
        @{ Scenario = 'login'; Id = 'RegistryUnauthorized'; Category = 'AuthenticationError'; Part = $any }
        @{ Scenario = 'dead-token'; Id = 'RegistryUnauthorized'; Category = 'AuthenticationError'; Part = $any }
    )
}

Describe 'Receive-ContainerImage <Way> from a bad registry' -ForEach $ways {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $pair = Start-RegistryPair -Secure:$Secure
        $daemon, $bad = $pair.Daemon, $pair.Bad

        # What is not there for the next try to go on from.
        function Assert-NothingLeft([string] $Because) {
            $limit = [datetime]::Now.AddSeconds(20)
            while ((Get-Leftover $daemon | Where-Object { $_ -notmatch '^layer-sha256:' }) -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(50) }
            Get-Leftover $daemon | Where-Object { $_ -notmatch '^layer-sha256:' } | Should -BeNullOrEmpty -Because $Because
        }
    }

    AfterEach {
        Get-ContainerImage | Remove-ContainerImage
        Get-ContainerdIngest | Remove-ContainerdIngest
    }

    AfterAll {
        Stop-RegistryPair $pair
    }

    It 'says what is wrong where it is <Scenario>, and receives the image once it is mended' -ForEach $received {
        $repository = "$Folder/$Scenario"
        $name = "$($bad.Address)/$repository"
        $result = Receive-ContainerImage $name -Local:$Local -StallTimeout 4 -MaximumRetryCount 1 -ErrorAction SilentlyContinue -ErrorVariable failures
        $result | Should -BeNullOrEmpty
        @($failures).Count | Should -Be 1
        $said = $failures[0].Exception.Message
        $failures[0].FullyQualifiedErrorId | Should -BeLike "$Id,*" -Because $said
        $failures[0].CategoryInfo.Category | Should -Be $Category -Because $said
        $failures[0].TargetObject | Should -Be $name
        $said | Should -BeLike "*'${name}:latest'*"
        $said | Should -Match $Part
        if (-not $Resumes -and $said -match 'sha256:[0-9a-f]{64}') {
            $digest = $Matches[0]
            Get-ContainerdIngest | Where-Object { $_.Reference -like "*$digest" } | Should -BeNullOrEmpty
        }

        # Of what was only begun there is nothing to go on from.
        Get-ContainerdIngest | Where-Object Written -EQ 0 | Should -BeNullOrEmpty -Because $said
        Get-ContainerImage | Should -BeNullOrEmpty
        Assert-NothingLeft $said

        Repair-Registry $bad $repository
        $image = Receive-ContainerImage $name -Local:$Local -MaximumRetryCount 1
        $image.Name | Should -Be "${name}:latest"
        $image | Test-ContainerImage -Unpacked | Should -BeTrue
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    It 'keeps an encrypted layer as it is, and says that it is one where it is unpacked' {
        $image = Receive-ContainerImage "$($bad.Address)/$Folder/kept/encrypted" -Local:$Local -NoUnpack
        $digest = ($image | Get-ContainerdContent | Where-Object MediaType -Like '*+encrypted').Digest
        $e = { $image | Expand-ContainerImage -ErrorAction Stop } | Should -Throw -ErrorId 'LayerEncrypted,*' -PassThru
        $e.Exception.Message | Should -BeLike "The layer $digest of the image '$($image.Name)' is encrypted*"
        [void] (New-ContainerSnapshot work)
        $layer = $image | Get-ContainerdContent | Where-Object Digest -EQ $digest
        $e = { Expand-ContainerSnapshot work $layer -ErrorAction Stop } | Should -Throw -ErrorId 'LayerEncrypted,*' -PassThru
        $e.Exception.Message | Should -BeLike "The layer $digest is encrypted*"
        Remove-ContainerSnapshot work
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }
}

Describe 'Receive-ContainerImage where the daemon is told otherwise than we are' -ForEach $daemons {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $pair = Start-RegistryPair -Secure:$Secure
        $daemon, $bad = $pair.Daemon, $pair.Bad
    }

    AfterAll {
        Stop-RegistryPair $pair
    }

    It 'receives it from here where what the daemon gets is damaged, and says so' {
        $lines = Receive-ContainerImage "$($bad.Address)/bad-for-daemon" -Verbose *>&1
        @($lines | Where-Object { $_ -is [ContainerdPS.ContainerImage] }).Name | Should -Be "$($bad.Address)/bad-for-daemon:latest"
        "$lines" | Should -BeLike '*The daemon says *It is done from here instead.*'
        @($lines | Where-Object { $_ -is [Management.Automation.ErrorRecord] }).Count | Should -Be 0
        Get-Leftover $daemon | Should -BeNullOrEmpty
        Get-ContainerImage | Remove-ContainerImage
    }

    It 'says what the daemon met with where we may not come' {
        $lines = Receive-ContainerImage "$($bad.Address)/bad-and-denied" -Verbose -ErrorAction SilentlyContinue -ErrorVariable failures *>&1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'WrongSize,*' -Because $failures[0].Exception.Message
        $failures[0].Exception.Message | Should -Match "^The manifest sha256:[0-9a-f]{64} of '$($bad.Address)/bad-and-denied:latest'"
        "$lines" | Should -BeLike '*From here it cannot be done either:*403*'
        Get-ContainerImage | Should -BeNullOrEmpty
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }
}

Describe 'Send-ContainerImage <Way> to a bad registry' -ForEach $ways {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Registry.ps1'))
        $pair = Start-RegistryPair -Secure:$Secure
        $daemon, $bad = $pair.Daemon, $pair.Bad
        $rootfs = New-TestFolder
        [IO.File]::WriteAllBytes("$rootfs/random", [Security.Cryptography.RandomNumberGenerator]::GetBytes(1500000))
        $image = Import-ContainerImage -RootFileSystem $rootfs -Name good -Command sh
    }

    AfterAll {
        Stop-RegistryPair $pair
        [IO.Directory]::Delete($rootfs, $true)
    }

    It 'says what is wrong where it is <Scenario>, and sends the image once it is mended' -ForEach $sent {
        $repository = "$Folder/$Scenario"
        $name = "$($bad.Address)/$repository"
        $result = Send-ContainerImage $image.Name $name -Local:$Local -StallTimeout 4 -MaximumRetryCount 1 -ErrorAction SilentlyContinue -ErrorVariable failures
        $result | Should -BeNullOrEmpty
        @($failures).Count | Should -Be 1
        $said = $failures[0].Exception.Message
        $failures[0].FullyQualifiedErrorId | Should -BeLike "$Id,*" -Because $said
        $failures[0].CategoryInfo.Category | Should -Be $Category -Because $said
        $failures[0].TargetObject | Should -Be $image.Name
        $said | Should -BeLike "*'$($image.Name)' cannot be sent to '${name}:latest'*"
        $said | Should -Match $Part
        if ($Says) { $said | Should -BeLike $Says }
        Get-Leftover $daemon | Should -BeNullOrEmpty

        # The daemon calls nothing off, as its own client does not.
        if ($Local) { $pair.Http.GetStringAsync("$($pair.Scheme)://$($bad.Address)/uploads/$repository").Result | Should -Be '0' }

        Repair-Registry $bad $repository
        $result = Send-ContainerImage $image.Name $name -Local:$Local -MaximumRetryCount 1
        $result.Name, $result.Digest | Should -Be "${name}:latest", $image.Digest
        $result.Sent + $result.Present | Should -Be $result.Size
        Get-Leftover $daemon | Should -BeNullOrEmpty
        $pair.Http.GetAsync("$($pair.Scheme)://$($bad.Address)/v2/$repository/manifests/latest").Result.Headers.GetValues('Docker-Content-Digest') | Should -Be $image.Digest
    }
}
