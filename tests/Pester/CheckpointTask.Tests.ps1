Describe 'Checkpoints of running tasks' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Checkpoints.ps1'))
        $reason = Get-CriuReason
        if ($reason) { Write-Host "SKIPPED: the tests of running tasks, as $reason" }

        function Get-Last([string] $Log) { [int] @([IO.File]::ReadAllLines($Log))[-1] }
    }

    BeforeEach {
        if ($reason) { Set-ItResult -Skipped -Because $reason }
    }

    AfterEach { Clear-Daemon }

    AfterAll { Remove-Setup }

    It 'let the processes go on where they were, beside those they were made of' {
        Start-Counter c1
        $kept = Checkpoint-Container c1 kept -ErrorAction Stop
        $count = Get-Count c1
        (Get-ContainerTask c1).Status | Should -Be 'Running'
        (Get-Part kept).manifests.mediaType -join ' ' | Should -BeLike '*criu.checkpoint.criu.tar*checkpoint.config.v1+proto*'
        $kept.Size | Should -BeGreaterThan (Get-ContainerImage busybox).Size
        Wait-Until { (Get-Count c1) -gt $count + 20 } 'that the first one is ahead'
        $restored = Restore-Container c2 kept -Live -LogPath "$folder/c2.log" -ErrorAction Stop
        $restored.Status | Should -Be 'Running'
        $restored.ProcessId | Should -BeGreaterThan 0
        Assert-Counting c2 3

        # It went on, and did not begin anew: its output and the file it had open have no small numbers.
        Wait-Until { [IO.File]::Exists("$folder/c2.log") -and [IO.File]::ReadAllLines("$folder/c2.log").Count -gt 3 } 'that it writes'
        $first = [int] [IO.File]::ReadAllLines("$folder/c2.log")[0]
        $first | Should -BeGreaterThan 2
        $open = [IO.File]::ReadAllLines("/proc/$($restored.ProcessId)/root/srv/open")
        [int] $open[0] | Should -Be 1
        for ($i = 1; $i -lt $open.Count; $i++) { [int] $open[$i] | Should -Be ([int] $open[$i - 1] + 1) }

        # Each in a cgroup of its own: ending the one leaves the other alone.
        Remove-Container c2 -Force
        Assert-Counting c1 (Get-Count c1)
    }

    It 'end the task with the dump where that is wanted' {
        Start-Counter c1
        [void] (Checkpoint-Container c1 kept -Exit -ErrorAction Stop)
        (Get-ContainerTask c1).Status | Should -Be 'Stopped'
        $last = Get-Last "$folder/c1.log"
        Remove-Container c1 -Force
        $restored = Restore-Container -From kept -Live -LogPath "$folder/c1.log" -ErrorAction Stop
        $restored.Id | Should -Be 'c1'
        Assert-Counting c1 $last

        # Nothing was counted twice or left out over the break.
        $lines = [IO.File]::ReadAllLines("$folder/c1.log")
        for ($i = 1; $i -lt $lines.Count; $i++) { [int] $lines[$i] | Should -Be ([int] $lines[$i - 1] + 1) }
    }

    It 'can be made again and again' {
        Start-Counter c1
        foreach ($i in 1..3) {
            [void] (Checkpoint-Container c1 "kept:$i" -ErrorAction Stop)
            (Get-Part "kept:$i").manifests.mediaType | Should -Contain 'application/vnd.containerd.container.criu.checkpoint.criu.tar'
            (Get-Part "kept:$i").manifests.mediaType | Should -Contain 'application/vnd.containerd.container.checkpoint.config.v1+proto'
        }

        [void] (Checkpoint-Container c1 kept:4 -Exit -ErrorAction Stop)
        Remove-Container c1 -Force
        foreach ($i in 1..4) {
            [void] (Restore-Container "r$i" "kept:$i" -Live -ErrorAction Stop)
            Assert-Counting "r$i" 3
        }
    }

    It 'can be made of what was restored, also where that has no output' {
        Start-Counter c1
        [void] (Checkpoint-Container c1 kept:1 -Exit -ErrorAction Stop)
        Remove-Container c1 -Force
        foreach ($i in 1..3) {
            [void] (Restore-Container c1 "kept:$i" -Live -ErrorAction Stop)
            Assert-Counting c1 ([Math]::Max((Get-Count c1), 3))
            (Get-Container c1).Labels.Count | Should -Be 0
            [void] (Checkpoint-Container c1 "kept:$($i + 1)" -Exit -ErrorAction Stop)
            Remove-Container c1 -Force
        }
    }

    It 'are restored by ctr' {
        Start-Counter c1
        [void] (Checkpoint-Container c1 kept -ErrorAction Stop)
        $count = Get-Count c1
        Remove-Container c1 -Force
        Invoke-Ctr containers restore --live --rw c1 docker.io/library/kept:latest
        $first = Get-Count c1
        Assert-Counting c1 ([Math]::Max($first, 2))
        Wait-Until { (Get-Count c1) -gt $count } 'that it counts on'
    }

    It 'of ctr are restored by us' {
        Start-Counter c1
        Invoke-Ctr containers checkpoint --rw --image --task c1 docker.io/library/theirs:1
        $count = Get-Last "$folder/c1.log"
        [void] (Restore-Container c2 theirs:1 -Live -LogPath "$folder/c2.log" -ErrorAction Stop)
        (Get-ContainerSpec c2).Linux.CgroupsPath | Should -Be "/$($daemon.Namespace)/c2"
        Wait-Until { [IO.File]::Exists("$folder/c2.log") -and [IO.File]::ReadAllLines("$folder/c2.log").Count -gt 3 } 'that it writes'
        [int] [IO.File]::ReadAllLines("$folder/c2.log")[0] | Should -BeIn @(($count - 5)..($count + 5))
    }

    It 'move a process to another daemon, with its memory and its files' {
        Start-Counter c1
        [void] (Checkpoint-Container c1 kept -Exit -ErrorAction Stop)
        $last = Get-Last "$folder/c1.log"
        [void] (Export-ContainerImage kept "$folder/kept.tar" -ErrorAction Stop)
        Get-Container | Remove-Container -Force
        $second = Start-ContainerdDaemon
        try {
            Use-ContainerdSession $daemon
            $moved = Import-ContainerImage "$folder/kept.tar" -Session $second -ErrorAction Stop | Restore-Container -Live -LogPath "$folder/c1.log" -ErrorAction Stop
            $moved.Session.Address | Should -Be $second.Address
            $moved.Status | Should -Be 'Running'
            Assert-Counting c1 $last $second
            $lines = [IO.File]::ReadAllLines("/proc/$($moved.ProcessId)/root/srv/open")
            [int] $lines[0] | Should -Be 1
            [int] $lines[-1] | Should -Be $lines.Count
            $moved | Remove-Container -Force
        }
        finally { Stop-ContainerdDaemon $second }
    }

    It 'are whole although the daemon collects its garbage all the while' {
        Start-Counter c1
        Invoke-AmidCollections { 1..3 | ForEach-Object { [void] (Checkpoint-Container c1 "kept:$_" -ErrorAction Stop) } }

        # The image and its snapshots go too; restored, it is all made again amid the collections.
        Remove-Container c1 -Force
        Remove-ContainerImage busybox -ErrorAction Stop
        Invoke-Collection
        try {
            Invoke-AmidCollections { 1..3 | ForEach-Object { [void] (Restore-Container "r$_" "kept:$_" -Live -ErrorAction Stop) } }
            Invoke-Collection
            1..3 | ForEach-Object { Assert-Counting "r$_" (Get-Count "r$_") }
        }
        finally { if (-not (Get-ContainerImage busybox*)) { [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command echo, 'from the image') } }
    }

    It 'go into a folder as well, and come out of it' {
        Start-Counter c1
        $dump = Checkpoint-Container c1 -ImagePath "$folder/dump" -WorkPath "$folder/work" -ErrorAction Stop
        try {
            $dump | Should -BeOfType ([IO.DirectoryInfo])
            [IO.File]::Exists("$folder/dump/inventory.img") | Should -BeTrue
            [IO.File]::Exists("$folder/work/dump.log") | Should -BeTrue
            (Get-ContainerTask c1).Status | Should -Be 'Running'
            @(Get-ContainerImage).Count | Should -Be 1
            Stop-ContainerTask c1 -Signal KILL
            [void] (Remove-ContainerTask c1)
            Start-ContainerTask c1 -LogPath "$folder/again.log" -RuntimeOption @{ CriuImagePath = "$folder/dump" } -ErrorAction Stop
            Wait-Until { [IO.File]::Exists("$folder/again.log") -and [IO.File]::ReadAllLines("$folder/again.log").Count -gt 3 } 'that it writes'
            [int] [IO.File]::ReadAllLines("$folder/again.log")[0] | Should -BeGreaterThan 2
        }
        finally { foreach ($name in 'dump', 'work') { if ([IO.Directory]::Exists("$folder/$name")) { [IO.Directory]::Delete("$folder/$name", $true) } } }
    }

    It 'go into a folder each, and never two into one' {
        Start-Counter c1
        Start-Counter c2
        $failures = $null
        foreach ($way in @{ ImagePath = "$folder/one" }, @{ ImagePath = { "$folder/one/$($_.Id)" }; WorkPath = "$folder/work/" }, @{ Name = { "kept:$($_.Id)" }; WorkPath = "$folder/work" }) {
            $made = @(Get-Container c1, c2 | Checkpoint-Container @way -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failures)
            $made.Count | Should -Be 1
            $failures.Count | Should -Be 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'FolderNotUnique,*'
            "$($failures[0].TargetObject)" | Should -Be 'c2'
        }

        # Of a folder to work in, the runtime makes the last part only.
        [void] [IO.Directory]::CreateDirectory("$folder/logs")
        $dumps = Get-Container c1, c2 | Checkpoint-Container -ImagePath { "$folder/each/$($_.Id)" } -WorkPath { "$folder/logs/$($_.Id)" } -ErrorAction Stop
        (Checkpoint-Container c1 -ImagePath "$folder/all" -WorkPath "$folder/all/" -ErrorAction Stop).Name | Should -Be 'all'
        $dumps.Name | Should -Be 'c1', 'c2'
        foreach ($id in 'c1', 'c2') {
            [IO.File]::Exists("$folder/each/$id/inventory.img") | Should -BeTrue
            [IO.File]::Exists("$folder/logs/$id/dump.log") | Should -BeTrue
            (Get-ContainerTask $id).Status | Should -Be 'Running'
        }
    }

    It 'keep a terminal' {
        foreach ($option in @{}, @{ Terminal = $true }) {
            [void] (New-Container c1 -Image busybox -Command $counter -Terminal)
            Start-ContainerTask c1 -ErrorAction Stop
            Wait-Until { (Get-Count c1) -ge 3 } 'that it counts'
            [void] (Checkpoint-Container c1 kept -Exit -Force @option -ErrorAction Stop)
            Remove-Container c1 -Force
            [void] (Restore-Container c1 kept -Live -ErrorAction Stop)
            (Get-ContainerTask c1).Terminal | Should -BeTrue
            Assert-Counting c1 3
            Remove-Container c1 -Force
        }
    }

    It 'hold locks on files, unless they are not to' {
        # Busybox has nothing that holds a lock; the daemon's own system has.
        [void] (New-Container c1 -Image busybox -Mount /usr:/usr:ro -Command /usr/bin/flock, -x, /srv/lock, sh, -c, 'n=0; while :; do n=$((n+1)); echo $n > /srv/count; sleep 0.05; done')
        Start-ContainerTask c1 -ErrorAction Stop
        Wait-Until { (Get-Count c1) -ge 3 } 'that it counts'
        $before = Get-Kept $daemon
        $e = { Checkpoint-Container c1 kept -FileLocks:$false -ErrorAction Stop } | Should -Throw -ErrorId 'CriuFailed*' -PassThru
        $e.Exception.Message | Should -BeLike "*CRIU's log says:*file-lock*"
        Get-Kept $daemon | Should -Be $before
        Assert-Counting c1 (Get-Count c1)
        $e.Exception.Message | Should -BeLike '*-FileLocks, which is on by default*'
        (Checkpoint-Container c1 kept -Exit -ErrorAction Stop).Name | Should -Be 'docker.io/library/kept:latest'

        # Held again: nobody else gets it.
        Remove-Container c1 -Force
        [void] (Restore-Container c2 kept -Live -ErrorAction Stop)
        Assert-Counting c2 3
        (Invoke-ContainerCommand c2 /usr/bin/flock, -n, -x, /srv/lock, true -PassThru -ErrorAction SilentlyContinue).ExitCode | Should -Be 1
        (Get-ContainerSpec c2).Annotations | Should -BeNullOrEmpty
    }

    It 'keep open TCP connections where that is wanted' {
        # Both ends are in the container, which says what has gone over. Its network is the host's: a network of its own takes the program ip to be restored.
        $talk = 'use IO::Socket::INET; $| = 1; my $l = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die;
            if (!fork) { my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $l->sockport) or die; for (my $n = 1;; $n++) { print $c "$n\n"; <$c>; select(undef, undef, undef, 0.05) } }
            my $s = $l->accept; while (my $n = <$s>) { open(F, ">", "/srv/next"); print F $n; close F; rename("/srv/next", "/srv/count"); print $s "ok\n"; $s->flush }'
        [void] (New-Container c1 -Image busybox -HostNetwork -Mount /usr:/usr:ro -Command /usr/bin/perl, -e, $talk)
        Start-ContainerTask c1 -LogPath "$folder/c1.log" -ErrorAction Stop
        Wait-Until { (Get-Count c1) -ge 3 } 'that it talks'
        $before = Get-Kept $daemon
        $e = { Checkpoint-Container c1 kept -ErrorAction Stop } | Should -Throw -ErrorId 'CriuFailed*' -PassThru
        Get-Kept $daemon | Should -Be $before
        Assert-Counting c1 (Get-Count c1)
        if ($e.Exception.Message -like "*Can't get 1:16 opt*") { Set-ItResult -Skipped -Because 'this CRIU cannot dump network sockets on this kernel'; return }
        $e.Exception.Message | Should -BeLike '*Connected TCP socket*-TcpEstablished keeps open TCP connections*'
        [void] (Checkpoint-Container c1 kept -TcpEstablished -Exit -ErrorAction Stop)
        Remove-Container c1 -Force

        # Again and again, and without a trace of how in the spec.
        foreach ($i in 1..2) {
            [void] (Restore-Container c2 kept -Live -LogPath "$folder/c2.log" -ErrorAction Stop)
            Assert-Counting c2 ([Math]::Max((Get-Count c2), 3))
            (Get-ContainerSpec c2).Annotations | Should -BeNullOrEmpty
            [void] (Checkpoint-Container c2 kept -TcpEstablished -Exit -Force -ErrorAction Stop)
            Remove-Container c2 -Force
        }

        # A configuration of the user's own stays as it is: this one says nothing, and CRIU says what it misses.
        [IO.File]::WriteAllText("$folder/criu.conf", "file-locks`n")
        $e = { Restore-Container c2 kept -Live -ErrorAction Stop -Spec {
                $_.Annotations = [Collections.Generic.Dictionary[string, string]]::new()
                $_.Annotations['org.criu.config'] = "$folder/criu.conf"
            } } | Should -Throw -ErrorId 'CriuFailed*' -PassThru
        $e.Exception.Message | Should -BeLike '*Connected TCP socket in image*tcp-established*/etc/criu/runc.conf*org.criu.config*'
        Get-Container | Should -BeNullOrEmpty
    }

    It 'keep unix sockets that lead outside where that is wanted' {
        [void] [IO.Directory]::CreateDirectory("$folder/outside")
        $outside = [Net.Sockets.Socket]::new('Unix', 'Dgram', 'Unspecified')
        try {
            $outside.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new("$folder/outside/socket"))
            $talk = 'use Socket; socket(S, AF_UNIX, SOCK_DGRAM, 0) or die; connect(S, sockaddr_un("/outside/socket")) or die;
                for (my $n = 1;; $n++) { send(S, "$n", MSG_DONTWAIT); open(F, ">", "/srv/next"); print F $n; close F; rename("/srv/next", "/srv/count"); select(undef, undef, undef, 0.05) }'

            # Of a network of its own CRIU does not see the other end at all.
            [void] (New-Container c1 -Image busybox -HostNetwork -Mount /usr:/usr:ro, "$folder/outside:/outside" -Command /usr/bin/perl, -e, $talk)
            Start-ContainerTask c1 -LogPath "$folder/c1.log" -ErrorAction Stop
            Wait-Until { (Get-Count c1) -ge 3 } 'that it talks'
            $before = Get-Kept $daemon
            $e = { Checkpoint-Container c1 kept -ErrorAction Stop } | Should -Throw -ErrorId 'CriuFailed*' -PassThru
            $e.Exception.Message | Should -BeLike '*External socket is used*-ExternalUnixSockets keeps unix sockets*'
            Get-Kept $daemon | Should -Be $before
            (Checkpoint-Container c1 kept -ExternalUnixSockets -ErrorAction Stop).Name | Should -Be 'docker.io/library/kept:latest'
            Assert-Counting c1 (Get-Count c1)
        }
        finally { $outside.Dispose() }
    }

    It 'leave namespaces empty, and the log of CRIU where it is wanted' {
        Start-Counter c1
        $before = Get-Kept $daemon
        $e = { Checkpoint-Container c1 kept -EmptyNamespace nonsense -ErrorAction Stop } | Should -Throw -ErrorId 'CriuFailed*' -PassThru
        $e.Exception.Message | Should -BeLike '*"nonsense" is not supported*'
        Get-Kept $daemon | Should -Be $before
        [void] (Checkpoint-Container c1 kept -EmptyNamespace network -WorkPath "$folder/work" -ErrorAction Stop)
        [IO.File]::ReadAllText("$folder/work/dump.log") | Should -BeLike '*Dumping finished successfully*'
        $options = @((Get-Part kept).manifests | Where-Object mediaType -Like '*checkpoint.options*')[0]
        (Invoke-Ctr content get $options.digest) -join '' | Should -BeLike '*network*'
        [void] (Restore-Container c2 kept -Live -ErrorAction Stop)
        Assert-Counting c2 3
    }

    It 'are whole also after an earlier one, which containerd makes nothing of and a warning says so' {
        [void] (New-Container c1 -Image busybox -Command $hoarder)
        Start-ContainerTask c1 -ErrorAction Stop
        Wait-Until { (Get-Count c1) -ge 3 } 'that it counts'
        $first = Checkpoint-Container c1 kept:1 -Task -ErrorAction Stop
        $words = @()
        $second = Checkpoint-Container c1 kept:2 -ParentCheckpoint kept:1 -WarningVariable words -WarningAction SilentlyContinue -ErrorAction Stop
        "$words" | Should -BeLike '*-ParentCheckpoint has no effect*'
        $second.Size | Should -BeGreaterThan $first.Size
        { Checkpoint-Container c1 kept:3 -ParentCheckpoint nosuch -WarningAction SilentlyContinue -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound*'
        Remove-ContainerImage kept:1
        Remove-Container c1 -Force
        Invoke-Collection
        [void] (Restore-Container c2 kept:2 -Live -ErrorAction Stop)
        Assert-Counting c2 3
    }

    Context 'What goes wrong' {
        It 'tells with the lines of CRIU''s log why processes cannot go on, and leaves nothing' {
            Start-Counter c1
            [void] (Checkpoint-Container c1 kept -ErrorAction Stop)
            Remove-Container c1 -Force
            $before = Get-Kept $daemon

            # Without the read-write layer the file they had open is not there.
            $e = { Restore-Container c2 kept -Live -NoReadWriteLayer -ErrorAction Stop } | Should -Throw -ErrorId 'CriuFailed*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'InvalidOperation'
            $e.TargetObject | Should -Be 'c2'
            $e.Exception.Message | Should -BeLike "*'c2'*were not restored*CRIU's log says:*srv/*has gone with the task*CriuWorkPath*"
            Get-Kept $daemon | Should -Be $before
            Get-Container | Should -BeNullOrEmpty

            # And where its whole log is, where that stays.
            [void] (Restore-Container c2 kept -NoReadWriteLayer -ErrorAction Stop)
            $e = { Start-ContainerTask c2 -Checkpoint kept -RuntimeOption @{ CriuWorkPath = "$folder/work" } -ErrorAction Stop } | Should -Throw -ErrorId 'CriuFailed*' -PassThru
            $e.Exception.Message | Should -BeLike "*CRIU's log says:*srv/*The whole log is in '$folder/work/restore.log'.*"
            [IO.File]::Exists("$folder/work/restore.log") | Should -BeTrue
        }

        It 'says who is in the way where a spec leads into a cgroup in use' {
            $version = (Get-ContainerdInfo).Version
            if ($version.StartsWith('1.')) { Set-ItResult -Skipped -Because "the runc of containerd $version puts processes into a cgroup that others are in"; return }
            Start-Counter c1
            [void] (Checkpoint-Container c1 kept -ErrorAction Stop)
            $path = (Get-ContainerSpec c1).Linux.CgroupsPath
            $e = { Restore-Container c2 kept -Live -Spec { $_.Linux.CgroupsPath = $path } -ErrorAction Stop } | Should -Throw -ErrorId 'CgroupInUse*' -PassThru
            $e.Exception.Message | Should -BeLike "*'c2'*others run in the cgroup*"
            (Get-Container).Id | Should -Be 'c1'
            Assert-Counting c1 (Get-Count c1)
        }

        It 'runs on when the dump is stopped halfway, and leaves nothing' {
            [void] (New-Container c1 -Image busybox -Command $hoarder)
            Start-ContainerTask c1 -ErrorAction Stop
            Wait-Until { (Get-Count c1) -ge 3 } 'that it counts'
            $before = Get-Kept $daemon
            Stop-Midway 'Checkpoint-Container c1 kept -Task' { (Get-ContainerTask c1).Status -eq 'Paused' }
            Wait-Until { (Get-Kept $daemon) -eq $before } 'that nothing is left'
            Wait-Until { (Get-ContainerTask c1).Status -eq 'Running' } 'that the task runs on'
            Assert-Counting c1 (Get-Count c1)
        }

        It 'keeps what it has ended although it is stopped' {
            [void] (New-Container c1 -Image busybox -Command $hoarder)
            Start-ContainerTask c1 -ErrorAction Stop
            Wait-Until { (Get-Count c1) -ge 3 } 'that it counts'
            Stop-Midway 'Checkpoint-Container c1 kept -Exit' { (Get-ContainerTask c1).Status -eq 'Paused' }
            Wait-Until { (Get-ContainerTask c1).Status -in 'Stopped', 'Running' } 'that it is decided'

            # Either it was stopped before the dump, or the dump is kept: nothing in between.
            if ((Get-ContainerTask c1).Status -eq 'Stopped') {
                Wait-Until { @(Get-ContainerImage).Count -eq 2 } 'that the checkpoint has its name'
                Wait-Until { -not (Get-Leftover $daemon | Where-Object { $_ -notmatch '^c1\s' }) } 'that the lease is gone'
                Remove-Container c1 -Force
                [void] (Restore-Container -From kept -Live -ErrorAction Stop)
                Assert-Counting c1 3
            }
            else { @(Get-ContainerImage).Count | Should -Be 1 }
        }
    }
}
