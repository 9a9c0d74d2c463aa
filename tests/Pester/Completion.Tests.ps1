Describe 'Completion' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $other = Start-ContainerdDaemon -NoDefault
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name zz/box:1 -Command sh -ErrorAction Stop)
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name zz/box:1 -Command sh -Session $other -ErrorAction Stop)
        & ctr --address $daemon.Address --namespace $daemon.Namespace images tag docker.io/zz/box:1 "zzodd it's"
        [void] (New-Container zz-web -Image zz/box:1 -Label @{ app = 'x'; tier = 'front' })
        [void] (New-Container zz-db -Image zz/box:1 -Label @{ note = 'y' } -Runtime zz.runtime.v1)
        [void] (New-Container zz-other -Image zz/box:1 -Session $other)
        [void] (New-Container zz-there -Namespace zzspace -Spec (Get-ContainerSpec zz-web))

        # What the Tab key would offer at the end of a line.
        function Get-Offer([string] $Line) {
            @([Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, @{}).CompletionMatches)
        }
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon, $other
        [IO.Directory]::Delete($rootfs, $true)
    }

    It 'gives what there is for: <line>' -ForEach @(
        @{ line = 'Get-Container zz-'; offer = 'zz-db zz-web' }
        @{ line = 'Get-Container ZZ-w'; offer = 'zz-web' }
        @{ line = 'Get-Container -Id zz-d'; offer = 'zz-db' }
        @{ line = 'Get-Container zz-web, zz-d'; offer = 'zz-db' }
        @{ line = 'Get-Container *-web'; offer = 'zz-web' }
        @{ line = 'Remove-Container -Container zz-'; offer = 'zz-db zz-web' }
        @{ line = 'Set-ContainerLabel zz-w'; offer = 'zz-web' }
        @{ line = 'Get-ContainerImage docker.io/zz'; offer = 'docker.io/zz/box:1' }
        @{ line = 'New-Container zz -Image docker.io/zz'; offer = 'docker.io/zz/box:1' }
        @{ line = 'New-Container zz -Image zz/b'; offer = 'zz/box:1' }
        @{ line = 'New-Container zz -Image *box*'; offer = 'zz/box:1' }
        @{ line = 'Get-Container -Image zz/'; offer = 'zz/box:1' }
        @{ line = 'Remove-ContainerLabel zz-web '; offer = 'app tier' }
        @{ line = 'Remove-ContainerLabel zz-web, zz-db '; offer = 'app note tier' }
        @{ line = 'Remove-ContainerLabel zz-web app, t'; offer = 'tier' }
        @{ line = 'Get-ContainerLabel zz-db -Key '; offer = 'note' }
        @{ line = 'Get-Container -Label t'; offer = "'tier=front'" }
        @{ line = 'Import-ContainerImage -StopSignal SIGQ'; offer = 'SIGQUIT' }
        @{ line = 'ConvertTo-ContainerImage -StopSignal SIGQ'; offer = 'SIGQUIT' }
        @{ line = 'Import-ContainerImage -Platform linux/arm6'; offer = 'linux/arm64' }
        @{ line = 'Receive-ContainerImage zz/box:1 -Platform linux/arm6'; offer = 'linux/arm64' }
        @{ line = 'Send-ContainerImage zz/box:1 -Platform linux/'; offer = "linux/$([Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'Arm64' ? 'arm64' : 'amd64')" }
        @{ line = 'Export-ContainerImage zz/box:1 x.tar -Platform linux/'; offer = "linux/$([Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'Arm64' ? 'arm64' : 'amd64')" }
        @{ line = 'New-Container zz -Image x -Snapshotter n'; offer = 'native' }
        @{ line = 'Import-ContainerImage -Snapshotter over'; offer = 'overlayfs' }
        @{ line = 'Invoke-Container -Runtime '; offer = 'io.containerd.runc.v2 zz.runtime.v1' }
        @{ line = 'Get-Container -Namespace zzs'; offer = 'zzspace' }
        @{ line = 'Get-Container -Namespace zzspace zz-'; offer = 'zz-there' }
    ) {
        (Get-Offer $line).CompletionText -join ' ' | Should -Be $offer
    }

    It 'quotes what must be quoted, and as it was begun' {
        (Get-Offer 'Get-ContainerImage zzodd').CompletionText | Should -Be "'zzodd it''s'"
        (Get-Offer "Get-ContainerImage 'zzodd").CompletionText | Should -Be "'zzodd it''s'"
        (Get-Offer "Get-Container 'zz-w").CompletionText | Should -Be "'zz-web'"
        (Get-Offer 'Get-Container "zz-w').CompletionText | Should -Be "'zz-web'"
        $text = (Get-Offer 'Get-ContainerImage zzodd').CompletionText
        (& ([scriptblock]::Create("Get-ContainerImage $text"))).Name | Should -Be "zzodd it's"
    }

    It 'tells more beside it' {
        (Get-Offer 'Get-Container zz-w')[0].ToolTip | Should -Be 'docker.io/zz/box:1'
        (Get-Offer 'Get-Container zz-w')[0].ResultType | Should -Be 'ParameterValue'
    }

    It 'gives the folders at which something is mounted' {
        $folder = New-TestFolder
        try {
            [void] (Mount-ContainerImage zz/box:1 "$folder/zz one")
            [void] (Get-Container zz-web | Mount-ContainerSnapshot "$folder/zz-two")
            foreach ($command in 'Dismount-ContainerSnapshot', 'Dismount-ContainerImage') {
                (Get-Offer "$command -Path $folder/zz").CompletionText -join ' ' | Should -Be "'$folder/zz one' $folder/zz-two"
                (Get-Offer "$command -Path '$folder/zz o").CompletionText | Should -Be "'$folder/zz one'"
                (Get-Offer "$command -Path $folder/zz-").ToolTip | Should -BeLike "$folder/zz-two (snapshot 'zz-web' *"
            }
            Dismount-ContainerSnapshot -Path "$folder/zz one", "$folder/zz-two"
            (Get-Offer "Dismount-ContainerImage -Path $folder/zz").CompletionText | Should -Not -Contain "$folder/zz-two"
        }
        finally {
            Get-ContainerSnapshot | Where-Object MountPoints | Dismount-ContainerSnapshot -Force -ErrorAction SilentlyContinue
            [IO.Directory]::Delete($folder, $true)
        }
    }

    It 'asks the session that is typed' {
        (Get-Offer "Get-Container -Session $($other.Id) zz-").CompletionText | Should -Be 'zz-other'
        (Get-Offer 'Get-Container -Session 99999 zz-').CompletionText | Should -BeNullOrEmpty
        $offer = Get-Offer 'Get-Container -Session '
        $offer.CompletionText | Should -Contain "$($daemon.Id)"
        $offer.CompletionText | Should -Contain "$($other.Id)"
        ($offer | Where-Object { $_.CompletionText -eq "$($other.Id)" }).ToolTip | Should -BeLike "$($other.Address)*"
        (Get-Offer 'Disconnect-Containerd ').CompletionText | Should -Contain "$($other.Id)"
    }

    It 'dials nothing when no session is open' {
        $listener = [Net.Sockets.Socket]::new('Unix', 'Stream', 'Unspecified')
        $listener.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new("$rootfs/tmp/listen.sock"))
        $listener.Listen(5)
        $env:CONTAINERD_ADDRESS = "$rootfs/tmp/listen.sock"

        # A runspace of its own has no session yet, and with those here closed there is none for it to share.
        Get-ContainerdSession | Disconnect-Containerd
        $shell = [PowerShell]::Create([Management.Automation.Runspaces.InitialSessionState]::CreateDefault2())
        try {
            [void] $shell.AddScript({
                param($module)
                Import-Module $module
                foreach ($line in 'Get-Container zz-', 'Get-ContainerImage zz', 'Get-Container -Namespace zz', 'Get-Container -Session ') {
                    [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, @{}).CompletionMatches | ForEach-Object CompletionText
                }
                "sessions: $(@(Get-ContainerdSession).Count)"
            }.ToString()).AddArgument($modulePath)
            $shell.Invoke() -join ' ' | Should -Be 'sessions: 0'
            $listener.Poll(0, [Net.Sockets.SelectMode]::SelectRead) | Should -BeFalse
        }
        finally {
            $shell.Dispose()
            $env:CONTAINERD_ADDRESS = $null
            $listener.Dispose()
        }
    }
}
