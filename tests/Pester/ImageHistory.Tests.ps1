Describe 'What images are made of' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Archives.ps1'))
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Layers.ps1'))
        $daemon = Start-ContainerdDaemon
        $folder = New-TestFolder
        $rootfs = New-TestRootFileSystem
        $base = Get-FolderTar $rootfs
        $first = New-TextLayer ([ordered]@{ 'data/' = ''; 'data/one' = 'one' })
        $second = New-TextLayer ([ordered]@{ 'data/two' = 'two' * 1000; 'data/.wh.one' = '' })
        $history = @(
            @{ created = '2024-05-01T10:00:00Z'; created_by = 'COPY rootfs /'; author = 'someone' }
            @{ created = '2024-05-01T10:01:00Z'; created_by = 'COPY one /data/'; comment = 'the first' }
            @{ created = '2024-05-01T10:02:00Z'; created_by = 'CMD ["sh"]'; empty_layer = $true }
            @{ created = '2024-05-01T10:03:00Z'; created_by = 'RUN rm /data/one' }
        )
        $files = [Collections.Specialized.OrderedDictionary]::new()
        $mine = Add-LayoutImage $files @($base, $first, $second) -Config @{ Cmd = @('sh') } -History $history
        $foreign = Add-LayoutImage $files @(, $first) -Architecture s390x
        Save-Layout "$folder/layers.tar" $files @{
            'docker.io/test/layers:1' = Add-LayoutIndex $files @($mine, $foreign)
            'docker.io/test/untold:1' = Add-LayoutImage $files @($first, $second)
            'docker.io/test/short:1' = Add-LayoutImage $files @($first, $second) -History $history[1]
        }
        [void] (Import-ContainerImage "$folder/layers.tar")
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    It 'tells the steps, newest first' {
        $steps = @(Get-ContainerImageHistory test/layers:1)
        $steps.Index -join ' ' | Should -Be '4 3 2 1'
        $steps.CreatedBy -join '; ' | Should -Be 'RUN rm /data/one; CMD ["sh"]; COPY one /data/; COPY rootfs /'
        $steps.IsEmptyLayer -join ' ' | Should -Be 'False True False False'
        $steps[1].Digest | Should -BeNullOrEmpty
        $steps[1].Size | Should -Be 0
        $steps[0].DiffId | Should -Be (Get-Digest $second)
        $steps[0].Digest | Should -Be (Get-Digest (Compress-Bytes $second))
        $steps[2].DiffId | Should -Be (Get-Digest $first)
        $steps[2].Comment | Should -Be 'the first'
        $steps[3].Author | Should -Be 'someone'
        $steps[3].ChainId | Should -Be $steps[3].DiffId
        $steps[0].CreatedAt.ToUniversalTime().ToString('s') | Should -Be '2024-05-01T10:03:00'
        "$($steps[0].Platform)" | Should -Be "linux/$(Get-HostArchitecture)"
        & ctr --address $daemon.Address --namespace $daemon.Namespace snapshots info $steps[0].ChainId | Should -Not -BeNullOrEmpty
        $steps[3].UnpackedSize | Should -BeGreaterThan $steps[3].Size
    }

    It 'tells them of another platform' {
        $steps = @(Get-ContainerImageHistory test/layers:1 -Platform linux/s390x)
        $steps.Count | Should -Be 1
        $steps[0].UnpackedSize | Should -Be (@(Get-ContainerImageHistory test/untold:1)[-1].UnpackedSize)
        "$($steps[0].Platform)" | Should -Be 'linux/s390x'
    }

    It 'gives the layers of an image that tells nothing of them, or too little' {
        $steps = @(Get-ContainerImageHistory test/untold:1)
        $steps.Count | Should -Be 2
        $steps[0].DiffId | Should -Be (Get-Digest $second)
        $steps[0].CreatedBy | Should -Be ''
        $steps = @(Get-ContainerImage test/short:1 | Get-ContainerImageHistory)
        $steps.Count | Should -Be 2
        $steps[1].CreatedBy | Should -Be 'COPY one /data/'
        $steps[0].CreatedBy | Should -Be ''
    }

    It 'sums up sizes, platforms and uses' {
        'web', 'db' | New-Container -Image test/layers:1 | Out-Null
        $image = Get-ContainerImage test/layers:1
        $image.Platforms -join ' ' | Should -Be "linux/$(Get-HostArchitecture) linux/s390x"
        $layers = @(Get-ContainerImageHistory test/layers:1)
        $image.Size | Should -BeGreaterThan ($layers | Measure-Object Size -Sum).Sum
        $image.UnpackedSize | Should -Be ($layers | Measure-Object UnpackedSize -Sum).Sum
        $image.Snapshotters | Should -Be 'overlayfs'
        ($image.Containers | Sort-Object) -join ' ' | Should -Be 'db web'
        $image.BuiltAt | Should -BeNullOrEmpty
        (Get-ContainerImage test/untold:1).Containers | Should -BeNullOrEmpty
        (Get-Container web | Get-ContainerImage).Containers.Count | Should -Be 2
        @(Get-Container web | Get-ContainerImageHistory).Count | Should -Be 4
        @(Get-ContainerImage | Where-Object Containers).Count | Should -Be 1
        Get-Container | Remove-Container
    }

    It 'tells that an image is not unpacked' {
        $image = Import-ContainerImage "$folder/layers.tar" -NoUnpack -Namespace packed | Where-Object Name -Match layers
        $image.UnpackedSize | Should -BeNullOrEmpty
        $image.Snapshotters | Should -BeNullOrEmpty
        $image.Size | Should -BeGreaterThan 1000
        @($image | Get-ContainerImageHistory | Where-Object { $null -ne $_.UnpackedSize }).Count | Should -Be 0
        Get-ContainerImage -Namespace packed | Remove-ContainerImage
    }

    It 'shows images and steps in views that fit' {
        $text = Get-ContainerImage test/layers:1 | Out-String -Width 100
        $text | Should -Match 'Name +Digest +Platforms +Size +Unpacked +Age'
        $text | Should -Match 'test/layers:1'
        $text = Get-ContainerImageHistory test/layers:1 | Out-String -Width 80
        $text | Should -Match 'Step +Age +Size +Unpacked CreatedBy'
        $text | Should -Match '2 +\d+d +.+ COPY one /data/'
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a platform the image is not for'; script = { Get-ContainerImageHistory test/layers:1 -Platform linux/mips64 -ErrorAction Stop }; id = 'PlatformNotFound'; category = 'ObjectNotFound' }
        @{ what = 'another platform of an image for one'; script = { Get-ContainerImageHistory test/untold:1 -Platform linux/mips64 -ErrorAction Stop }; id = 'PlatformNotFound'; category = 'ObjectNotFound' }
        @{ what = 'a platform that is none'; script = { Get-ContainerImageHistory test/layers:1 -Platform abacus -ErrorAction Stop }; id = 'InvalidPlatform'; category = 'InvalidArgument' }
        @{ what = 'an unknown image'; script = { Get-ContainerImageHistory nosuch -ErrorAction Stop }; id = 'ImageNotFound'; category = 'ObjectNotFound' }
    ) {
        $e = $script | Should -Throw -ErrorId "$id,*" -PassThru
        $e.CategoryInfo.Category | Should -Be $category
    }

    It 'completes platforms and snapshotters' {
        function Get-Offer([string] $Line) { @([Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, @{}).CompletionMatches).CompletionText -join ' ' }
        Get-Offer 'Get-ContainerImageHistory test/layers:1 -Platform ' | Should -Be "linux/$(Get-HostArchitecture) linux/s390x"
        Get-Offer 'Get-ContainerImageHistory -Platform linux/arm/' | Should -Be 'linux/arm/v6 linux/arm/v7'
        Get-Offer 'Get-ContainerImageHistory test/layers:1 -Snapshotter over' | Should -Be 'overlayfs'
        Get-Offer 'Add-ContainerImageTag docker.io/test/l' | Should -Be 'docker.io/test/layers:1'
        Get-Offer 'Set-ContainerImage x -Target docker.io/test/l' | Should -Be 'docker.io/test/layers:1'
    }

    It 'tells of an image whose layers are gone' {
        $image = Get-ContainerImage test/short:1
        $layer = @(Get-ContainerImageHistory test/short:1)[0].Digest
        [void] (Import-ContainerImage "$folder/layers.tar" -NoUnpack -Namespace gone)
        Get-ContainerImage test/layers:1, test/untold:1 -Namespace gone | Remove-ContainerImage
        & ctr --address $daemon.Address --namespace gone content rm $layer | Out-Null
        $broken = Get-ContainerImage test/short:1 -Namespace gone
        $broken.Platforms | Should -BeNullOrEmpty
        $broken.Size | Should -BeLessThan $image.Size
        @($broken | Get-ContainerImageHistory).Count | Should -Be 2
        $broken | Remove-ContainerImage
    }
}
