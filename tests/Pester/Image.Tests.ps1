Describe 'Images' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        $folder = New-TestFolder
    }

    AfterEach {
        Get-ContainerImage | Remove-ContainerImage
        Get-Leftover $daemon | Should -BeNullOrEmpty
        & ctr --address $daemon.Address --namespace $daemon.Namespace content ls -q | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    It 'makes an image of a folder' {
        $image = Import-ContainerImage -RootFileSystem $rootfs -Name mine/box:1.0 -Command sh -Environment @{ A = 'b' }
        $image.Name | Should -Be 'docker.io/mine/box:1.0'
        $image.Digest | Should -Match '^sha256:[0-9a-f]{64}$'
        $image.Platforms.Count | Should -Be 1
        $image.Size | Should -BeGreaterThan 100000
        Invoke-Container -Image mine/box:1.0 -Command sh, -c, 'echo $A' | Should -Be 'b'
    }

    It 'makes an image of a tar, and reads an archive back' {
        & tar -C $rootfs -cf "$folder/root.tar" .
        [void] (Import-ContainerImage -RootFileSystem "$folder/root.tar" -Name box -Command echo, hi)
        Invoke-Container -Image box | Should -Be 'hi'
        & ctr --address $daemon.Address --namespace $daemon.Namespace images export "$folder/box.tar" docker.io/library/box:latest
        Get-ContainerImage | Remove-ContainerImage
        (Import-ContainerImage "$folder/box.tar").Name | Should -Be 'docker.io/library/box:latest'
        Invoke-Container -Image box | Should -Be 'hi'
        (Import-ContainerImage "$folder/box.tar" -Name other).Name | Should -Be 'docker.io/library/other:latest'
        (Get-ContainerImage o*).Name | Should -Be 'docker.io/library/other:latest'
        (Get-ContainerImage box | Get-ContainerImage).Name | Should -Be 'docker.io/library/box:latest'
        @(Get-ContainerImage).Count | Should -Be 2
    }

    It 'is not run on a machine of another kind, unless that is asked for' {
        $foreign = if ([Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'Arm64') { 'linux/amd64' } else { 'linux/arm64' }
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name foreign -Command sh -Platform $foreign -WarningAction SilentlyContinue)
        foreach ($script in { New-Container c1 -Image foreign -ErrorAction Stop }, { Invoke-Container -Image foreign -ErrorAction Stop }, { New-Container c1 -Image foreign -Platform linux/s390x -ErrorAction Stop }) {
            $e = $script | Should -Throw -ErrorId 'PlatformNotFound,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $e.Exception.Message | Should -BeLike "*foreign*$foreign*-Platform*"
        }

        { New-Container c1 -Image foreign -Platform 'no platform' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidPlatform,*'
        Get-Container | Should -BeNullOrEmpty

        # The files are this machine's in truth.
        Invoke-Container -Image foreign -Platform $foreign -Command echo, emulated -ErrorAction Stop | Should -Be 'emulated'
        (New-Container c1 -Image foreign -Platform $foreign).Id | Should -Be 'c1'
        Remove-Container c1
    }

    It 'takes paths with [ and * in them as they are' {
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name box)
        & ctr --address $daemon.Address --namespace $daemon.Namespace images export "$folder/br[1].tar" docker.io/library/box:latest
        foreach ($script in
            { Get-Item -LiteralPath "$folder/br[1].tar" | Import-ContainerImage },
            { [IO.FileInfo]::new("$folder/br[1].tar") | Import-ContainerImage },
            { [pscustomobject]@{ PSPath = "$folder/br[1].tar" } | Import-ContainerImage },
            { Import-ContainerImage -LiteralPath "$folder/br[1].tar" },
            { Import-ContainerImage -LiteralPath "$folder/br[1].tar" -Name box },
            { Import-ContainerImage "$folder/br*.tar" },
            { Import-ContainerImage ([WildcardPattern]::Escape("$folder/br[1].tar")) },
            { "$folder/b[r]*" | Import-ContainerImage }) {
            (& $script).Name | Should -Be 'docker.io/library/box:latest'
        }

        [void] [IO.Directory]::CreateDirectory("$folder/root[1]")
        (Import-ContainerImage -RootFileSystem "$folder/root[1]" -Name odd).Name | Should -Be 'docker.io/library/odd:latest'
        $e = { Import-ContainerImage "$folder/br[1].tar" -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotFound*' -PassThru
        $e.Exception.Message | Should -BeLike '*-LiteralPath*'
        $e = { Import-ContainerImage -LiteralPath "$folder/br[2].tar" -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotFound*' -PassThru
        $e.TargetObject | Should -Be "$folder/br[2].tar"
    }

    It 'refuses what cannot be imported and leaves nothing' {
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name box)
        & ctr --address $daemon.Address --namespace $daemon.Namespace images export "$folder/whole.tar" docker.io/library/box:latest
        Get-ContainerImage | Remove-ContainerImage
        $bytes = [IO.File]::ReadAllBytes("$folder/whole.tar")
        [IO.File]::WriteAllBytes("$folder/cut.tar", $bytes[0..([int]($bytes.Length / 2))])
        [IO.File]::WriteAllText("$folder/text.tar", 'this is no archive at all')
        $e = { Import-ContainerImage "$folder/cut.tar" -ErrorAction Stop } | Should -Throw -PassThru
        $e.TargetObject | Should -Be "$folder/cut.tar"
        $e.Exception.Message | Should -BeLike '*cut.tar*'
        { Import-ContainerImage "$folder/text.tar" -ErrorAction Stop } | Should -Throw
        { Import-ContainerImage "$folder/none.tar" -ErrorAction Stop } | Should -Throw -ExpectedMessage '*no such file*'
        { Import-ContainerImage -RootFileSystem "$folder/none" -Name x -ErrorAction Stop } | Should -Throw
        Get-ContainerImage | Should -BeNullOrEmpty
    }

    It 'keeps the signal to stop by under its full name' {
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name box -Command sh -StopSignal int)
        [void] (New-Container stopped -Image box)
        (Get-ContainerLabel stopped -Key io.containerd.image.config.stop-signal).Value | Should -Be 'SIGINT'
        Remove-Container stopped
    }

    It 'is shown with its sizes on a narrow terminal' {
        [IO.File]::WriteAllBytes("$rootfs/srv/filler", [Security.Cryptography.RandomNumberGenerator]::GetBytes(900))
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name box -Command sh)
        $lines = (Get-ContainerImage | Out-String -Width 80) -replace '\e\[[\d;]*m' -split '\r?\n' | Where-Object { $_.Trim() }
        $lines[1] | Should -Match '^Name +Digest +Platforms +Size +Unpacked *$'
        $lines[3] | Should -Match '^box:latest +[0-9a-f]{12} \S+ +[\d.,]+ .?iB +[\d.,]+ .?iB *$'
        foreach ($size in 1023L, 1048000L, 1047552L, 1023999L, 1073741823L) {
            [ContainerdPS.Formatting]::Size($size).Length | Should -BeLessOrEqual 9
        }
    }

    It 'says which image is not there' {
        $e = { Get-ContainerImage nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound*' -PassThru
        $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        { Remove-ContainerImage nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound*'
    }
}
