Describe 'Limits of running tasks' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        $unified = [IO.File]::Exists('/sys/fs/cgroup/cgroup.controllers')

        # What the kernel says: the file of cgroup v1 or v2 that holds a limit of a container's first process.
        function Get-Limit([string] $Id, [string] $V1, [string] $V2) {
            $file = if ($unified) { $V2 } else { $V1 }
            $controller = $file.Split('.')[0]
            $line = [IO.File]::ReadAllLines("/proc/$((Get-ContainerTask $Id).ProcessId)/cgroup") | Where-Object { $unified -or $_.Split(':')[1].Split(',') -contains $controller } | Select-Object -Last 1
            $root = if ($unified) { '/sys/fs/cgroup' } else { "/sys/fs/cgroup/$controller" }
            [IO.File]::ReadAllText("$root$($line.Split(':')[2])/$file").Trim()
        }

        function Get-Memory([string] $Id) { Get-Limit $Id memory.limit_in_bytes memory.max }
        function Get-Pids([string] $Id) { Get-Limit $Id pids.max pids.max }

        function Start-Idle([string[]] $Id) {
            [void] (New-Container $Id -Image busybox -Command sleep, 1000 -Memory 64m -ErrorAction Stop)
            Start-ContainerTask $Id -ErrorAction Stop
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

    Context 'By name' {
        It 'changes them all' {
            Start-Idle c1
            Set-ContainerTask c1 -Memory 128m -MemorySwap 256m -MemoryReservation 32m -Cpu 1.5 -CpuShares 512 -CpusetCpus 0 -CpusetMems 0 -PidsLimit 50 -ErrorAction Stop | Should -BeNullOrEmpty
            Get-Memory c1 | Should -Be (128MB)
            Get-Pids c1 | Should -Be 50
            Get-Limit c1 memory.soft_limit_in_bytes memory.low | Should -Be (32MB)
            Get-Limit c1 cpuset.cpus cpuset.cpus | Should -Be 0
            Get-Limit c1 cpuset.mems cpuset.mems | Should -Be 0
            if ($unified) {
                Get-Limit c1 '' cpu.max | Should -Be '150000 100000'
                Get-Limit c1 '' memory.swap.max | Should -Be (128MB)
            }
            else {
                Get-Limit c1 cpu.cfs_quota_us '' | Should -Be 150000
                Get-Limit c1 cpu.shares '' | Should -Be 512
                Get-Limit c1 memory.memsw.limit_in_bytes '' | Should -Be (256MB)
            }
        }

        It 'leaves the others as they are' {
            Start-Idle c1
            Set-ContainerTask c1 -PidsLimit 20 -ErrorAction Stop
            Set-ContainerTask c1 -Cpu 0.5 -ErrorAction Stop
            Get-Memory c1 | Should -Be (64MB)
            Get-Pids c1 | Should -Be 20
        }

        It 'takes them away' {
            Start-Idle c1
            Set-ContainerTask c1 -PidsLimit 20 -Cpu 0.5 -ErrorAction Stop
            Set-ContainerTask c1 -PidsLimit -1 -Cpu -1 -Memory -1 -ErrorAction Stop
            Get-Pids c1 | Should -Be 'max'
            Get-Limit c1 cpu.cfs_quota_us cpu.max | Should -Match '^(-1|max \d+)$'
            Get-Memory c1 | Should -Match '^(max|9223372036854771712)$'
        }

        It 'works on many, by id and as objects, in the order they came' {
            Start-Idle c1, c2
            (Get-Container | Set-ContainerTask -PidsLimit 11 -PassThru -ErrorAction Stop).Container -join ' ' | Should -Be 'c1 c2'
            Get-Pids c1 | Should -Be 11
            Get-Pids c2 | Should -Be 11
            ('c2', 'c1' | Set-ContainerTask -PidsLimit 12 -PassThru -ErrorAction Stop).Container -join ' ' | Should -Be 'c2 c1'
            Measure-ContainerTask c1 -Interval 0 | Set-ContainerTask -PidsLimit 13 -ErrorAction Stop
            Get-Pids c1 | Should -Be 13
            Get-Pids c2 | Should -Be 12
        }

        It 'changes a task that is created, and one that is paused' {
            [void] (New-Container c1 -Image busybox -Command sleep, 1000)
            [void] (New-ContainerTask c1)
            (Set-ContainerTask c1 -PidsLimit 21 -PassThru -ErrorAction Stop).Status | Should -Be 'Created'
            Get-Pids c1 | Should -Be 21
            Start-ContainerTask c1
            Suspend-ContainerTask c1
            (Set-ContainerTask c1 -PidsLimit 22 -PassThru -ErrorAction Stop).Status | Should -Be 'Paused'
            Get-Pids c1 | Should -Be 22
            (Resume-ContainerTask c1 -PassThru).Status | Should -Be 'Running'
        }

        It 'does nothing under -WhatIf' {
            Start-Idle c1
            Set-ContainerTask c1 -Memory 32m -Persist -WhatIf
            Get-Memory c1 | Should -Be (64MB)
            (Get-ContainerSpec c1).Linux.Resources.Memory.Limit | Should -Be 64MB
        }
    }

    Context 'As OCI resources' {
        It 'takes an object, a hashtable, JSON, and the lines of a file' {
            Start-Idle c1
            $resources = (Get-ContainerSpec c1).Linux.Resources
            $resources.Memory.Limit = 80MB
            Set-ContainerTask c1 -Resource $resources -ErrorAction Stop
            Get-Memory c1 | Should -Be (80MB)
            Set-ContainerTask c1 -Resource @{ Memory = @{ Limit = 81MB }; pids = @{ limit = 31 } } -ErrorAction Stop
            Get-Memory c1 | Should -Be (81MB)
            Get-Pids c1 | Should -Be 31
            Set-ContainerTask c1 -Resource '{ "pids": { "limit": 32 }, "of-the-future": {} }' -ErrorAction Stop
            Get-Pids c1 | Should -Be 32
            Set-ContainerTask c1 -Resource '{', '"pids": { "limit": 33 }', '}' -ErrorAction Stop
            Get-Pids c1 | Should -Be 33
        }

        It 'puts parameters by name over it' {
            Start-Idle c1
            Set-ContainerTask c1 -Resource @{ Memory = @{ Limit = 80MB }; Pids = @{ Limit = 30 } } -PidsLimit 34 -ErrorAction Stop
            Get-Memory c1 | Should -Be (80MB)
            Get-Pids c1 | Should -Be 34
        }

        It 'refuses what the resources do not have: <what>' -ForEach @(
            @{ what = 'a name'; resource = @{ Memory = @{ Limits = 1 } }; says = "*'memory.Limits'*limit*" }
            @{ what = 'a name at the top'; resource = @{ Memroy = @{} }; says = "*'Memroy'*memory*" }
            @{ what = 'a value'; resource = @{ Pids = @{ Limit = 'many' } }; says = '*limit*' }
            @{ what = 'a value in JSON'; resource = '{ "pids": { "limit": "x" } }'; says = '*pids.limit*' }
            @{ what = 'no JSON'; resource = 'pids=3'; says = '*JSON*' }
            @{ what = 'a number'; resource = 5; says = '*Int32*' }
        ) {
            Start-Idle c1
            { Set-ContainerTask c1 -Resource $resource -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidResource*' -ExpectedMessage $says
            Get-Memory c1 | Should -Be (64MB)
        }

        It 'refuses those of Windows for a container of Linux' {
            Start-Idle c1
            { Set-ContainerTask c1 -Resource ([ContainerdPS.Oci.WindowsResources] @{ Memory = @{ Limit = 80MB } }) -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidResource*'
            { Set-ContainerTask c1 -Resource @{ Cpu = @{ Maximum = 5000 } } -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidResource*'
            Get-Memory c1 | Should -Be (64MB)
        }
    }

    Context 'For the next task as well' {
        It 'changes the spec by -Persist only' {
            Start-Idle c1
            Set-ContainerTask c1 -PidsLimit 41 -ErrorAction Stop
            (Get-ContainerSpec c1).Linux.Resources.Pids.Limit | Should -BeNullOrEmpty
            [void] (Set-ContainerSpec c1 { $_.Linux.Resources.Memory.Reservation = 16MB; $_.Annotations = $null })
            $before = (Get-ContainerSpec c1).ToJson() | ConvertFrom-Json
            Set-ContainerTask c1 -Memory 96m -PidsLimit 42 -Annotation @{ 'example.org/why' = 'more load' } -Persist -ErrorAction Stop
            $after = (Get-ContainerSpec c1).ToJson() | ConvertFrom-Json
            $after.linux.resources.memory.limit | Should -Be 96MB
            $after.linux.resources.pids.limit | Should -Be 42
            $after.annotations.'example.org/why' | Should -Be 'more load'

            # Nothing else of it.
            $after.linux.resources.memory.reservation | Should -Be 16MB
            ($after.linux.resources.memory.PSObject.Properties.Name | Sort-Object) -join ' ' | Should -Be 'limit reservation'
            ($after.linux.resources.devices | ConvertTo-Json -Compress) | Should -Be ($before.linux.resources.devices | ConvertTo-Json -Compress)
            ($after.process | ConvertTo-Json -Depth 9 -Compress) | Should -Be ($before.process | ConvertTo-Json -Depth 9 -Compress)
            Restart-ContainerTask c1 -Timeout 0
            Get-Memory c1 | Should -Be (96MB)
            Get-Pids c1 | Should -Be 42
        }

        It 'leaves the spec when the task refuses' {
            Start-Idle c1
            { Set-ContainerTask c1 -CpusetCpus 4000 -Persist -ErrorAction Stop } | Should -Throw -ErrorId 'CpusetNotAvailable*'
            (Get-ContainerSpec c1).Linux.Resources.Cpu | Should -BeNullOrEmpty
        }
    }

    Context 'What cannot be' {
        It 'refuses a memory limit below what is in use' {
            # Without swapping there is nowhere it could go.
            [void] (New-Container c1 -Image busybox -Memory 128m -Command sh, -c, 'x=$(yes | busybox head -c 20000000); sleep 1000; echo' -Spec { if (-not $unified) { $_.Linux.Resources.Memory.Swappiness = 0 } })
            Start-ContainerTask c1
            $limit = [datetime]::Now.AddSeconds(20)
            while ((Measure-ContainerTask c1 -Interval 0).MemoryAnonymous -lt 20000000 -and [datetime]::Now -lt $limit) { [Threading.Thread]::Sleep(20) }
            (Measure-ContainerTask c1 -Interval 0).MemoryAnonymous | Should -BeGreaterThan 19999999
            { Set-ContainerTask c1 -Memory 6m -ErrorAction Stop } | Should -Throw -ErrorId 'MemoryBelowUsage*' -ExpectedMessage '*MiB*'
            Get-Memory c1 | Should -Be (128MB)
            (Get-ContainerTask c1).Status | Should -Be 'Running'
        }

        It 'refuses swap below memory' {
            Start-Idle c1
            { Set-ContainerTask c1 -Memory 128m -MemorySwap 100m -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidLimit*'
            if (-not $unified) {
                Set-ContainerTask c1 -MemorySwap 100m -ErrorAction Stop
                { Set-ContainerTask c1 -Memory 200m -ErrorAction Stop } | Should -Throw -ErrorId 'ConflictingLimits*' -ExpectedMessage '*-MemorySwap*'
                { Set-ContainerTask c1 -MemorySwap 32m -ErrorAction Stop } | Should -Throw -ErrorId 'ConflictingLimits*'
                Set-ContainerTask c1 -Memory 200m -MemorySwap 200m -ErrorAction Stop
                Get-Memory c1 | Should -Be (200MB)
            }
        }

        It 'refuses processors and memory nodes that are not there' {
            Start-Idle c1
            { Set-ContainerTask c1 -CpusetCpus 4000 -ErrorAction Stop } | Should -Throw -ErrorId 'CpusetNotAvailable*'
            { Set-ContainerTask c1 -CpusetMems 4000 -ErrorAction Stop } | Should -Throw -ErrorId 'CpusetNotAvailable*'
        }

        It 'refuses what is no limit: <name> <value>' -ForEach @(
            @{ name = 'CpusetCpus'; value = 'all' }
            @{ name = 'CpusetCpus'; value = '3-1' }
            @{ name = 'Cpu'; value = 0.001 }
            @{ name = 'Cpu'; value = -2 }
            @{ name = 'CpuShares'; value = 1 }
            @{ name = 'PidsLimit'; value = 0 }
            @{ name = 'Memory'; value = 0 }
            @{ name = 'Memory'; value = '-5m' }
        ) {
            Start-Idle c1
            $more = @{ $name = $value }
            { Set-ContainerTask c1 @more -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidLimit*'
            Get-Memory c1 | Should -Be (64MB)
        }

        It 'refuses what reads like none' {
            { Set-ContainerTask c1 -Memory much -ErrorAction Stop } | Should -Throw -ExpectedMessage '*not a size*'
            { Set-ContainerTask c1 -ErrorAction Stop } | Should -Throw -ErrorId 'NothingToSet*'
            { Set-ContainerTask c1 -Annotation novalue -ErrorAction Stop } | Should -Throw
        }

        It 'tells a task that has ended, none, and no container apart' {
            [void] (New-Container c1, c2 -Image busybox -Command true)
            Start-ContainerTask c1
            [void] (Wait-ContainerTask c1)
            { Set-ContainerTask c1 -PidsLimit 5 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskStateStopped*'
            { Set-ContainerTask c2 -PidsLimit 5 -ErrorAction Stop } | Should -Throw -ErrorId 'TaskNotFound*'
            { Set-ContainerTask nosuch -PidsLimit 5 -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound*'
            { Set-ContainerTask 'no good' -PidsLimit 5 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidId*'
        }

        It 'works on the rest when one fails' {
            Start-Idle c1, c2
            'c1', 'nosuch', 'c2' | Set-ContainerTask -PidsLimit 17 -ErrorVariable failures -ErrorAction SilentlyContinue
            @($failures).Count | Should -Be 1
            $failures[0].TargetObject | Should -Be 'nosuch'
            Get-Pids c1 | Should -Be 17
            Get-Pids c2 | Should -Be 17
        }

        It 'passes annotations on' {
            Start-Idle c1
            Set-ContainerTask c1 -Annotation @{ 'example.org/a' = 'b' } -ErrorAction Stop
            Get-Memory c1 | Should -Be (64MB)
            (Get-ContainerTask c1).Status | Should -Be 'Running'
        }
    }
}
