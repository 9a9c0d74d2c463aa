# What -WhatIf says would be done to something is no use when that is not there.

Describe 'What is asked about with -WhatIf' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        $folder = New-TestFolder
        $image = Import-ContainerImage -RootFileSystem $rootfs -Name box -Command sh -ErrorAction Stop
        [IO.File]::WriteAllText("$rootfs/more", 'more')
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name other -Command sh -ErrorAction Stop)
        [void] (New-ContainerSnapshot work)
        [void] (New-Container web -Image box)
        [void] (New-Container runs -Image box -Command sleep, 1000)
        Start-ContainerTask runs
        $digest = $image.Digest
        $missing = 'sha256:' + 'a' * 64
        [IO.File]::WriteAllText("$folder/there.tar", 'x')

        # What the host would be told: the words of -WhatIf go nowhere else.
        function Invoke-Line([string] $Line) {
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            try {
                [void] $shell.AddScript('param($module, $session, $folder, $rootfs, $digest, $missing, $line) Import-Module $module; Use-ContainerdSession $session; $base = (Get-ContainerSnapshot web).Parent; & ([scriptblock]::Create($line))')
                foreach ($argument in $modulePath, $daemon, $folder, $rootfs, $digest, $missing, $Line) { [void] $shell.AddArgument($argument) }
                $output = $shell.Invoke()
                [pscustomobject] @{ Output = @($output); Errors = @($shell.Streams.Error) }
            }
            finally {
                $shell.Dispose()
            }
        }

        function Get-State {
            (Get-ContainerSnapshot | ForEach-Object { "$($_.Key) $($_.Labels.Count) $($_.MountPoints)" }) -join "`n"
            (Get-Container | ForEach-Object { "$($_.Id) $($_.Status) $($_.Labels.Count)" }) -join "`n"
            (Get-ContainerImage | ForEach-Object { "$($_.Name) $($_.Digest) $($_.Labels.Count)" }) -join "`n"
            (Get-ContainerdContent | ForEach-Object { "$($_.Digest) $($_.Labels.Count)" }) -join "`n"
        }
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
        [IO.Directory]::Delete($folder, $true)
    }

    It 'is missed as in earnest: <line>' -ForEach @(
        @{ line = 'Remove-ContainerSnapshot nosuch'; id = 'SnapshotNotFound' }
        @{ line = 'Remove-ContainerSnapshot nosuch -Recurse -Force'; id = 'SnapshotNotFound' }
        @{ line = 'Mount-ContainerSnapshot nosuch'; id = 'SnapshotNotFound' }
        @{ line = 'Mount-ContainerSnapshot nosuch "$folder/mount"'; id = 'SnapshotNotFound' }
        @{ line = 'Complete-ContainerSnapshot nosuch other'; id = 'SnapshotNotFound' }
        @{ line = 'Expand-ContainerSnapshot nosuch $digest'; id = 'SnapshotNotFound' }
        @{ line = 'Set-ContainerSnapshot nosuch a=b'; id = 'SnapshotNotFound' }
        @{ line = 'Remove-ContainerdContent $missing'; id = 'BlobNotFound' }
        @{ line = 'Remove-ContainerdContent $missing -Force'; id = 'BlobNotFound' }
        @{ line = 'Set-ContainerdContent $missing a=b'; id = 'BlobNotFound' }
        @{ line = 'Export-ContainerdContent $missing "$folder/blob"'; id = 'BlobNotFound' }
        @{ line = 'Mount-ContainerImage nosuch'; id = 'ImageNotFound' }
        @{ line = 'Mount-ContainerImage box $rootfs'; id = 'MountPointNotEmpty'; category = 'InvalidOperation' }
        @{ line = 'Mount-ContainerSnapshot work $rootfs'; id = 'MountPointNotEmpty'; category = 'InvalidOperation' }
        @{ line = 'Export-ContainerImage box "$folder/none/box.tar"'; id = 'FolderNotFound' }
        @{ line = 'Export-ContainerImage box "$folder/there.tar" -NoClobber'; id = 'FileExists'; category = 'ResourceExists' }
        @{ line = 'Export-ContainerImage box $folder'; id = 'FileIsFolder'; category = 'InvalidArgument' }
        @{ line = 'Expand-ContainerImage nosuch'; id = 'ImageNotFound' }
        @{ line = 'Set-ContainerImage nosuch -Label a=b'; id = 'ImageNotFound' }
        @{ line = 'Set-ContainerImage box -Target nosuch'; id = 'ImageNotFound' }
        @{ line = 'Add-ContainerImageTag nosuch :2'; id = 'ImageNotFound' }
        @{ line = 'ConvertTo-ContainerImage nosuch :2'; id = 'ContainerNotFound' }
        @{ line = 'Add-ContainerImageTag other box'; id = 'ImageAlreadyExists'; category = 'ResourceExists' }
        @{ line = 'Add-ContainerImageTag box "x@$missing"'; id = 'DigestMismatch'; category = 'InvalidArgument' }
        @{ line = 'ConvertTo-ContainerImage web other'; id = 'ImageAlreadyExists'; category = 'ResourceExists' }
        @{ line = 'Remove-Container nosuch'; id = 'ContainerNotFound' }
        @{ line = 'Set-Container nosuch -Label a=b'; id = 'ContainerNotFound' }
        @{ line = 'Set-ContainerSpec nosuch { }'; id = 'ContainerNotFound' }
        @{ line = 'Set-ContainerLabel nosuch a=b'; id = 'ContainerNotFound' }
        @{ line = 'Remove-ContainerLabel nosuch a'; id = 'ContainerNotFound' }
        @{ line = 'Set-ContainerExtension nosuch a x'; id = 'ContainerNotFound' }
        @{ line = 'Remove-ContainerExtension nosuch a'; id = 'ContainerNotFound' }
        @{ line = 'New-ContainerTask nosuch'; id = 'ContainerNotFound' }
        @{ line = 'Start-ContainerTask nosuch'; id = 'ContainerNotFound' }
        @{ line = 'Stop-ContainerTask nosuch'; id = 'ContainerNotFound' }
        @{ line = 'Restart-ContainerTask nosuch'; id = 'ContainerNotFound' }
        @{ line = 'Suspend-ContainerTask nosuch'; id = 'ContainerNotFound' }
        @{ line = 'Resume-ContainerTask nosuch'; id = 'ContainerNotFound' }
        @{ line = 'Remove-ContainerTask nosuch'; id = 'ContainerNotFound' }
        @{ line = 'Set-ContainerTask nosuch -Memory 32m'; id = 'ContainerNotFound' }
        @{ line = 'Send-ContainerSignal nosuch KILL'; id = 'ContainerNotFound' }
        @{ line = 'Import-ContainerImage "$folder/none.tar"'; id = 'FileNotFound' }
        @{ line = 'Import-ContainerImage -LiteralPath "$folder/none.tar"'; id = 'FileNotFound' }
        @{ line = 'Import-ContainerImage -RootFileSystem "$folder/none" -Name x'; id = 'FileNotFound' }
        @{ line = 'Import-ContainerdContent "$folder/none"'; id = 'FileNotFound' }
        @{ line = 'Import-ContainerdContent "$folder/there.tar" -Lease nosuch'; id = 'LeaseNotFound' }
        @{ line = 'Remove-ContainerdIngest nosuch'; id = 'IngestNotFound' }
        @{ line = 'Remove-ContainerdIngest nosuch -Force'; id = 'IngestNotFound' }
        @{ line = 'New-ContainerSnapshot new nosuch'; id = 'SnapshotNotFound' }
        @{ line = 'New-ContainerSnapshot new -Image nosuch'; id = 'ImageNotFound' }
        @{ line = 'New-ContainerSnapshot new -Lease nosuch'; id = 'LeaseNotFound' }
        @{ line = 'New-Container new -Image nosuch'; id = 'ImageNotFound' }
        @{ line = 'Invoke-Container -Image nosuch'; id = 'ImageNotFound' }
        @{ line = 'Restore-Container -From nosuch'; id = 'ImageNotFound' }
        @{ line = 'Copy-ContainerItem nosuch:/etc/passwd $folder'; id = 'ContainerNotFound' }
        @{ line = 'Copy-ContainerItem "$folder/there.tar" nosuch:/tmp'; id = 'ContainerNotFound' }
        @{ line = 'Invoke-ContainerCommand nosuch id'; id = 'ContainerNotFound' }
        @{ line = 'Start-ContainerProcess nosuch id'; id = 'ContainerNotFound' }
        @{ line = 'Stop-ContainerProcess nosuch p'; id = 'ContainerNotFound' }
        @{ line = 'Remove-ContainerProcess nosuch p'; id = 'ContainerNotFound' }
        @{ line = 'Stop-ContainerProcess runs p'; id = 'ProcessNotFound' }
        @{ line = 'Remove-ContainerProcess runs p -Force'; id = 'ProcessNotFound' }
        @{ line = 'New-Container web -Image box'; id = 'ContainerAlreadyExists'; category = 'ResourceExists' }
        @{ line = 'Invoke-Container -Id web -Image box'; id = 'ContainerAlreadyExists'; category = 'ResourceExists' }
        @{ line = 'New-ContainerSnapshot work'; id = 'SnapshotAlreadyExists'; category = 'ResourceExists' }
        @{ line = 'New-ContainerSnapshot new work'; id = 'ParentNotCommitted'; category = 'InvalidOperation' }
        @{ line = 'Import-ContainerdContent $folder'; id = 'FileExpected'; category = 'InvalidArgument' }
        @{ line = 'Remove-ContainerdContent $digest'; id = 'BlobInUse'; category = 'InvalidOperation' }
        @{ line = 'Remove-ContainerSnapshot web'; id = 'SnapshotInUse'; category = 'InvalidOperation' }
        @{ line = 'Remove-ContainerSnapshot $base'; id = 'SnapshotHasChildren'; category = 'InvalidOperation' }
        @{ line = 'Remove-ContainerSnapshot $base -Recurse'; id = 'SnapshotInUse'; category = 'InvalidOperation' }
    ) {
        $before = Get-State
        $asked = Invoke-Line "$line -WhatIf"
        $earnest = Invoke-Line $line
        $asked.Output | Should -BeNullOrEmpty
        $asked.Errors.Count | Should -Be 1
        $asked.Errors[0].FullyQualifiedErrorId | Should -BeLike "$id,*"
        $asked.Errors[0].FullyQualifiedErrorId | Should -Be $earnest.Errors[0].FullyQualifiedErrorId
        $asked.Errors[0].Exception.Message | Should -Be $earnest.Errors[0].Exception.Message
        "$($asked.Errors[0].TargetObject)" | Should -Be "$($earnest.Errors[0].TargetObject)"
        $asked.Errors[0].CategoryInfo.Category | Should -Be ($category ?? 'ObjectNotFound')
        Get-State | Should -Be $before
    }

    It 'is also asked for by the preference of the session' {
        (Invoke-Line '$WhatIfPreference = $true; Remove-ContainerSnapshot nosuch').Errors[0].FullyQualifiedErrorId | Should -BeLike 'SnapshotNotFound,*'
        (Invoke-Line '$WhatIfPreference = $true; Remove-ContainerSnapshot work').Errors | Should -BeNullOrEmpty
        (Get-ContainerSnapshot work).Key | Should -Be 'work'
    }

    It 'stays as it is where it is there: <line>' -ForEach @(
        @{ line = 'Remove-ContainerSnapshot work' }
        @{ line = 'Mount-ContainerSnapshot work' }
        @{ line = 'Mount-ContainerSnapshot work "$folder/mount"' }
        @{ line = 'Complete-ContainerSnapshot work other' }
        @{ line = 'Set-ContainerSnapshot work a=b' }
        @{ line = 'Remove-ContainerdContent $digest -Force' }
        @{ line = 'Set-ContainerdContent $digest a=b' }
        @{ line = 'Export-ContainerdContent $digest "$folder/blob"' }
        @{ line = 'Mount-ContainerImage box' }
        @{ line = 'Set-ContainerImage box -Label a=b' }
        @{ line = 'Add-ContainerImageTag box :2' }
        @{ line = 'ConvertTo-ContainerImage web :2' }
        @{ line = 'Remove-Container web' }
        @{ line = 'Set-Container web -Label a=b' }
        @{ line = 'Set-ContainerLabel web a=b' }
        @{ line = 'Start-ContainerTask web' }
        @{ line = 'Import-ContainerImage "$folder/there.tar"' }
        @{ line = 'Import-ContainerImage -RootFileSystem $rootfs -Name x' }
        @{ line = 'Import-ContainerdContent "$folder/there.tar"' }
        @{ line = 'New-ContainerSnapshot new' }
        @{ line = 'New-ContainerSnapshot new -Image box' }
        @{ line = 'New-Container new -Image box' }
        @{ line = 'Invoke-Container -Image box' }
        @{ line = 'Copy-ContainerItem runs:/etc/passwd "$folder/blob"' }
        @{ line = 'Copy-ContainerItem "$folder/there.tar" runs:/' }
        @{ line = 'Invoke-ContainerCommand runs rm /etc/passwd' }
        @{ line = 'Start-ContainerProcess runs id' }
    ) {
        $before = Get-State
        $asked = Invoke-Line "$line -WhatIf"
        $asked.Errors | Should -BeNullOrEmpty
        $asked.Output | Should -BeNullOrEmpty
        Get-State | Should -Be $before
        [IO.File]::Exists("$folder/blob") | Should -BeFalse
    }
}
