Describe 'Bad input to tasks and processes' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        $fifos = "$($daemon.Daemon.Path)/fifo"

        # Runs what must fail with one error and gives that.
        function Get-Failure([scriptblock] $Script) {
            $failures = @()
            try { $failures = @(& $Script 2>&1) } catch { $failures += $_ }
            $failures.Count | Should -Be 1
            $failures[0] | Should -BeOfType ([Management.Automation.ErrorRecord])
            $failures[0]
        }

        function Start-Idle([string] $Id = 'c1') {
            [void] (New-Container $Id -Image busybox -Command sleep, 1000 -ErrorAction Stop)
            Start-ContainerTask $Id -ErrorAction Stop
        }

        # Kills the shim of a task as nobody can prevent.
        function Stop-Shim([string] $Id) {
            $process = (Get-ContainerTask $Id).ProcessId
            $shim = [int] ([IO.File]::ReadAllText("/proc/$process/stat") -replace '^.*\) \S (\d+) .*$', '$1' -replace '\s')
            [Diagnostics.Process]::GetProcessById($shim).Kill()
            $process
        }

        # A command in a runspace of its own.
        function Start-Command([string] $Script) {
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            [void] $shell.AddScript("param(`$module, `$address, `$namespace) Import-Module `$module; [void] (Connect-Containerd `$address -Namespace `$namespace); $Script").AddArgument($modulePath).AddArgument($daemon.Address).AddArgument($daemon.Namespace)
            @{ Shell = $shell; Running = $shell.BeginInvoke() }
        }
    }

    AfterEach {
        Get-Container | Remove-Container -Force
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
    }

    It 'is refused as a signal, before anything is done: <signal>' -ForEach @(@{ signal = 'FOO' }, @{ signal = 'SIGFOO' }, @{ signal = '0' }, @{ signal = '65' }, @{ signal = '-9' }, @{ signal = 'RTMIN+99' }) {
        Start-Idle
        foreach ($script in { Send-ContainerSignal c1 $signal }, { Stop-ContainerTask c1 -Signal $signal }, { Restart-ContainerTask c1 -Signal $signal }, { Stop-ContainerProcess c1 any -Signal $signal }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'InvalidSignal,*'
            $e.CategoryInfo.Category | Should -Be 'InvalidArgument'
            $e.TargetObject | Should -Be $signal
        }
        (Get-ContainerTask c1).Status | Should -Be 'Running'
    }

    It 'is told: a command that is not in the image' {
        [void] (New-Container none -Image busybox -Command nosuchprogram)
        [void] (New-Container noexec -Image busybox -Command /etc/passwd)
        Start-Idle
        foreach ($script in
            { Start-ContainerTask none },
            { New-ContainerTask none },
            { Invoke-Container -Image busybox -Command nosuchprogram },
            { Invoke-ContainerCommand c1 nosuchprogram },
            { Start-ContainerProcess c1 nosuchprogram },
            { Invoke-ContainerCommand c1 /no/such/program }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'CommandNotFound,*'
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $e.Exception.Message | Should -BeLike '*no*such*program*'
        }
        (Get-Failure { Start-ContainerTask noexec }).FullyQualifiedErrorId | Should -BeLike 'CommandNotExecutable,*'
        (Get-ContainerTask).Container | Should -Be 'c1'
        (Get-ContainerProcess c1).Count | Should -Be 1
    }

    It 'is told: a working directory that cannot be entered' {
        Start-Idle
        foreach ($script in { Invoke-ContainerCommand c1 pwd -WorkingDirectory /no/such }, { Start-ContainerProcess c1 pwd -WorkingDirectory /etc/passwd }, { Invoke-Container -Image busybox -WorkingDirectory /etc/passwd -Command pwd }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'WorkingDirectoryNotFound,*'
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $e.Exception.Message | Should -BeLike "*'/*'*: no*-WorkingDirectory*"
            $e.Exception.Message | Should -Not -Match 'OCI|config\.json'
        }
        @(Get-ContainerProcess c1).Count | Should -Be 1
    }

    It 'is told: <id>, of how a task is made' -ForEach @(
        @{ id = 'RootMountFailed'; how = @{ RootFileSystemMount = 'type=bind,source=/no/such,options=rbind' }; says = '*root filesystem*no such file*-RootFileSystemMount*' }
        @{ id = 'RuntimeProgramNotFound'; how = @{ RuntimeOption = @{ BinaryName = '/no/such/runc' } }; says = "*'/no/such/runc'*no such file*-RuntimeOption*" }
        @{ id = 'RuntimeProgramNotFound'; how = @{ RuntimeOption = @{ BinaryName = 'nosuchrunc' } }; says = "*'nosuchrunc'*not found*-RuntimeOption*" }
        @{ id = 'LogProgramFailed'; how = @{ LogUri = 'binary:///no/such' }; says = "*'/no/such'*no such file*-LogUri*" }
    ) {
        [void] (New-Container c1 -Image busybox -Command true)
        $e = Get-Failure { New-ContainerTask c1 @how }
        $e.FullyQualifiedErrorId | Should -BeLike "$id,*"
        $e.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
        $e.Exception.Message | Should -BeLike $says
        # containerd 1.7 does not say which mount.
        if ($id -eq 'RootMountFailed' -and (Get-ContainerdInfo).Version -notmatch '^v?1\.7') { $e.Exception.Message | Should -BeLike "*(bind of '/no/such')*" }
        $e.Exception.Message | Should -Not -Match 'shim task|log\.json|refused|\n'
        Get-ContainerTask | Should -BeNullOrEmpty
    }

    It 'is told: a log that cannot be written' {
        Start-Idle
        [void] (New-Container c2 -Image busybox -Command true)
        foreach ($script in { Start-ContainerTask c2 -LogPath $rootfs }, { New-ContainerTask c2 -LogPath /proc/no/such }, { Start-ContainerProcess c1 id -LogPath $rootfs }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'LogFileFailed,*'
            $e.CategoryInfo.Category | Should -Be 'InvalidOperation'
            $e.Exception.Message | Should -BeLike "The log '/*' of the *cannot be written:*-LogPath*"
        }
        @(Get-ContainerTask).Container | Should -Be 'c1'
        @(Get-ContainerProcess c1).Count | Should -Be 1
    }

    It 'is told: a user that is not there' {
        Start-Idle
        foreach ($script in
            { New-Container x -Image busybox -User nobodyhere },
            { Invoke-Container -Image busybox -User nobodyhere },
            { Invoke-ContainerCommand c1 id -User nobodyhere },
            { Start-ContainerProcess c1 id -User nobodyhere }) {
            $e = Get-Failure $script
            $e.CategoryInfo.Category | Should -BeIn 'InvalidArgument', 'ObjectNotFound'
            $e.Exception.Message | Should -BeLike "*nobodyhere*"
        }
        (Get-Container).Id | Should -Be 'c1'
        (Get-ContainerProcess c1).Count | Should -Be 1
    }

    It 'is told: a command in a task that has ended, is paused, or was never started' {
        Start-Idle
        Suspend-ContainerTask c1
        [void] (New-Container ended, created, bare -Image busybox -Command true)
        Start-ContainerTask ended
        [void] (Wait-ContainerTask ended)
        [void] (New-ContainerTask created)
        foreach ($case in @(@{ Id = 'c1'; Error = 'TaskStatePaused' }, @{ Id = 'ended'; Error = 'TaskStateStopped' }, @{ Id = 'bare'; Error = 'TaskNotFound' })) {
            foreach ($script in { Invoke-ContainerCommand $case.Id id }, { Start-ContainerProcess $case.Id id }) {
                $e = Get-Failure $script
                $e.FullyQualifiedErrorId | Should -BeLike "$($case.Error),*"
                $e.Exception.Message | Should -BeLike "*'$($case.Id)'*ContainerTask*"
            }
        }

        # The runtimes of containerd differ in whether they take one that is not started.
        [void] @(Invoke-ContainerCommand created id -ErrorAction SilentlyContinue)
        (Resume-ContainerTask c1 -PassThru).Status | Should -Be 'Running'
        (Get-ContainerProcess c1).Count | Should -Be 1
    }

    It 'is told: an id that another process has' {
        Start-Idle
        [void] (Start-ContainerProcess c1 sleep 1000 -Id taken)
        foreach ($script in { Start-ContainerProcess c1 sleep 1000 -Id taken }, { Invoke-ContainerCommand c1 id -Id taken }) {
            $e = Get-Failure $script
            $e.FullyQualifiedErrorId | Should -BeLike 'ProcessAlreadyExists,*'
            $e.CategoryInfo.Category | Should -Be 'ResourceExists'
        }
        (Get-ContainerProcess c1 taken).Status | Should -Be 'Running'
        Remove-ContainerProcess c1 taken -Force
    }

    It 'is told: a folder for fifos that cannot be written' {
        [void] (New-Container c1 -Image busybox -Command sleep, 1000)
        foreach ($folder in '/proc/nowhere', '/etc/passwd', '/etc/passwd/below') {
            foreach ($script in { New-ContainerTask c1 -Attachable -FifoDirectory $folder }, { Start-ContainerTask c1 -Attachable -FifoDirectory $folder }) {
                $e = Get-Failure $script
                $e.FullyQualifiedErrorId | Should -BeLike 'FifoFolderNotWritable,*'
                $e.Exception.Message | Should -BeLike "*'$folder'*"
            }
        }
        Get-ContainerTask | Should -BeNullOrEmpty

        # The daemon's own, where a file is in its place.
        Start-ContainerTask c1
        $aside = "$fifos-aside"
        if ([IO.Directory]::Exists($fifos)) { [IO.Directory]::Move($fifos, $aside) }
        [IO.File]::WriteAllText($fifos, '')
        try {
            foreach ($script in { Invoke-ContainerCommand c1 id }, { Invoke-Container -Image busybox -Command id }) {
                (Get-Failure $script).FullyQualifiedErrorId | Should -BeLike 'FifoFolderNotWritable,*'
            }
        }
        finally {
            [IO.File]::Delete($fifos)
            if ([IO.Directory]::Exists($aside)) { [IO.Directory]::Move($aside, $fifos) }
        }
        (Get-Container).Id | Should -Be 'c1'
        (Get-ContainerProcess c1).Count | Should -Be 1
        Invoke-ContainerCommand c1 echo hi | Should -Be 'hi'
    }

    It 'is told: a shim that was killed, to each command about its task' {
        $ids = 'exec', 'signal', 'suspend', 'limits', 'list', 'wait', 'stop', 'measure'
        foreach ($id in $ids) { Start-Idle $id }
        $scripts = @{
            exec = { Invoke-ContainerCommand exec id }; signal = { Send-ContainerSignal signal TERM }; suspend = { Suspend-ContainerTask suspend }
            limits = { Set-ContainerTask limits -PidsLimit 5 }; list = { Get-ContainerProcess list }; wait = { Wait-ContainerTask wait -Timeout 60 }
            stop = { Stop-ContainerTask stop -Timeout 5 }; measure = { Measure-ContainerTask measure -Interval 0 }
        }
        $processes = foreach ($id in $ids) {
            Stop-Shim $id

            # At once, while the daemon may not have noticed. What it still knows is then the end of the task.
            $outcome = @(try { & $scripts[$id] 2>&1 } catch { $_ })
            foreach ($failure in $outcome | Where-Object { $_ -is [Management.Automation.ErrorRecord] }) {
                $failure.FullyQualifiedErrorId | Should -Match '^(ShimDied|TaskNotFound|TaskStateStopped|MetricsNotFound),' -Because $id
            }
        }
        foreach ($id in $ids) { Remove-Container $id -Force -ErrorAction Stop }
        $limit = [datetime]::Now.AddSeconds(20)
        foreach ($process in $processes) {
            while ([IO.Directory]::Exists("/proc/$process") -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(50) }
            [IO.Directory]::Exists("/proc/$process") | Should -BeFalse
        }
    }

    It 'is told: a shim that was killed, to commands that are under way' {
        Start-Idle
        $waiting = Start-Command 'Wait-ContainerTask c1'
        $executing = Start-Command 'Invoke-ContainerCommand c1 sleep 777'
        $limit = [datetime]::Now.AddSeconds(30)
        while (-not (Get-ContainerProcess c1 | Where-Object Command -eq 'sleep 777') -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(50) }
        [void] (Stop-Shim c1)
        foreach ($command in $waiting, $executing) {
            $command.Running.AsyncWaitHandle.WaitOne(60000) | Should -BeTrue
            $failures = @(try { $command.Shell.EndInvoke($command.Running) | Where-Object ExitCode -eq 0; $command.Shell.Streams.Error } catch { $_ })
            foreach ($failure in $failures) { $failure.FullyQualifiedErrorId | Should -Match '^(ShimDied|TaskNotFound|ProcessNotFound|TaskStateStopped|NonZeroExitCode),' }
            $command.Shell.Dispose()
        }
        Remove-Container c1 -Force -ErrorAction Stop
    }

    It 'does not hinder the next task: a shim that was killed' {
        foreach ($turn in 1..3) {
            Start-Idle
            [void] (Stop-Shim c1)
            Remove-Container c1 -Force -ErrorAction Stop
        }
        Start-Idle
        (Get-ContainerTask c1).Status | Should -Be 'Running'
    }

    It 'has a start before its end, however short it is' {
        Start-Idle
        foreach ($turn in 1..5) {
            $before = [datetimeoffset]::Now
            foreach ($result in (Invoke-ContainerCommand c1 true -PassThru), (Invoke-Container -Image busybox -Command true -PassThru)) {
                $result.StartedAt | Should -BeGreaterOrEqual $before
                $result.ExitedAt | Should -BeGreaterThan $result.StartedAt
                $result.Duration | Should -Be ($result.ExitedAt - $result.StartedAt)
                $result.Duration | Should -BeGreaterThan ([timespan]::Zero)
            }
        }
    }
}
