Describe 'Invoke-Container' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
    }

    AfterEach {
        Get-Container | Should -BeNullOrEmpty
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
    }

    It 'gives the lines' {
        (Invoke-Container -Image busybox -Command sh, -c, 'echo one; echo two; printf three') -join ' ' | Should -Be 'one two three'
        $LASTEXITCODE | Should -Be 0
    }

    It 'runs as it is told' {
        Invoke-Container -Image busybox -User web -Command id | Should -BeLike 'uid=101(web) gid=102(web) groups=*200(extra)*'
        Invoke-Container -Image busybox -WorkingDirectory /tmp -Command pwd | Should -Be '/tmp'
        Invoke-Container -Image busybox -Environment @{ A = 'b c' } -Command sh, -c, 'echo $A' | Should -Be 'b c'
        Invoke-Container -Image busybox -Hostname box -Command hostname | Should -Be 'box'
        (Invoke-Container -Image busybox -ReadOnly -Command touch, /x -PassThru).ExitCode | Should -Be 1
        Invoke-Container -Image busybox -Terminal -Command sh, -c, 'test -t 1 && echo tty' | Should -Be 'tty'
    }

    It 'passes empty arguments on' {
        # No shell of the host is in between, and none of the container.
        Invoke-Container -Image busybox -Command busybox, printf, '[%s]', '', 'a', '' -ErrorAction Stop | Should -Be '[][a][]'
        Invoke-Container -Image busybox -Entrypoint echo, '', b, '' -Command @() -ErrorAction Stop | Should -Be ' b '
        (Get-ContainerSpec (New-Container c1 -Image busybox -Command sh, '')).Process.Args.Count | Should -Be 2
        Remove-Container c1
        { Invoke-Container -Image busybox -Command '', a -ErrorAction Stop } | Should -Throw -ExpectedMessage '*program to run is an empty text*'
        { Invoke-Container -Image busybox -Command @() -ErrorAction Stop } | Should -Throw -ExpectedMessage '*No command was given*'
        { Invoke-Container -Image busybox -Command a, $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'tells the exit status' {
        $e = { Invoke-Container -Image busybox -Command sh, -c, 'exit 3' -ErrorAction Stop } | Should -Throw -ErrorId 'NonZeroExitCode*' -PassThru
        $e.CategoryInfo.Category | Should -Be 'InvalidResult'
        $result = Invoke-Container -Image busybox -Command sh, -c, 'echo o; echo e >&2; exit 4' -PassThru
        $result.ExitCode | Should -Be 4
        $LASTEXITCODE | Should -Be 4
        $result.Output -join ' ' | Should -Be 'o'
        $result.Error -join ' ' | Should -Be 'e'
    }

    It 'puts error output into the information stream' {
        $lines = Invoke-Container -Image busybox -Command sh, -c, 'echo o; echo e >&2' -InformationVariable information
        $lines | Should -Be 'o'
        $information.MessageData | Should -Be 'e'
        $information.Tags | Should -Contain 'stderr'
    }

    It 'ends what nobody reads any more' {
        Invoke-Container -Image busybox -Command yes | Select-Object -First 3 | Should -HaveCount 3
    }

    It 'refuses to remove what runs' {
        $seen = Invoke-Container -Image busybox -Id job -Command sh, -c, 'echo up; sleep 60' | Select-Object -First 1 | ForEach-Object {
            $container = Get-Container job
            try { Remove-Container job -ErrorAction Stop } catch { $refusal = $_ }
            [pscustomobject]@{ Status = $container.Status; Refusal = $refusal.FullyQualifiedErrorId; Message = "$refusal" }
        }
        $seen.Status | Should -Be 'Running'
        $seen.Refusal | Should -BeLike 'ContainerHasTask*'
        $seen.Message | Should -BeLike 'Cannot delete running task job*'
    }

    It 'leaves nothing when it cannot start' {
        { Invoke-Container -Image busybox -Command nosuchprogram -ErrorAction Stop } | Should -Throw -ExpectedMessage '*nosuchprogram*'
        { Invoke-Container -Image nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound*'
        { Invoke-Container -Image busybox -Mount '/nosuchfolder:/x' -ErrorAction Stop } | Should -Throw
    }

    It 'says in plain words what cannot be made: <id>' -ForEach @(
        @{ id = 'MountFailed'; more = @{ Mount = '/nosuchhost:/m' }; says = "'/nosuchhost'*no such file*-Mount*" }
        @{ id = 'MountFailed'; more = @{ Mount = '/etc/passwd:/etc' }; says = "'/etc/passwd'*'/etc'*not a directory*-Mount*" }
        @{ id = 'MemoryLimitTooLow'; more = @{ Memory = '1k' }; says = '*too low*-Memory*' }
        @{ id = 'RuntimeNotFound'; more = @{ Runtime = 'io.containerd.nosuch.v2' }; says = '*nosuch*-Runtime*' }
    ) {
        $e = { Invoke-Container -Image busybox -Command true @more -ErrorAction Stop } | Should -Throw -ErrorId "$id,*" -PassThru
        $e.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
        $e.Exception.Message | Should -BeLike $says
        $e.Exception.Message | Should -Not -Match 'OCI runtime create failed|refused'
    }

    It 'runs each piped image once' {
        (Get-ContainerImage busybox | Invoke-Container -Command echo, hi) | Should -Be 'hi'
        ('busybox', 'busybox' | Invoke-Container -Command echo, hi) -join ' ' | Should -Be 'hi hi'
        $failures = @()
        $output = 'no image' | Invoke-Container -Image busybox -Command echo, hi -ErrorVariable failures -ErrorAction SilentlyContinue
        $output | Should -BeNullOrEmpty
        @($failures).Count | Should -Be 1
    }

    It 'does nothing under -WhatIf' {
        Invoke-Container -Image busybox -Command echo, hi -WhatIf | Should -BeNullOrEmpty
    }

    It 'is not held by a process left behind' {
        Invoke-Container -Image busybox -Command sh, -c, 'sleep 100 & echo done' | Should -Be 'done'
    }

    It 'leaves nothing when it is stopped while <Moment>' -ForEach @(
        @{ Moment = 'it runs'; Script = 'Invoke-Container -Image busybox -Command sleep, 100'; Status = 'Running' }
        @{ Moment = 'it writes'; Script = 'Invoke-Container -Image busybox -Command yes | Out-Null'; Status = 'Running' }
        @{ Moment = 'many run'; Script = '1..4 | ForEach-Object { Invoke-Container -Image busybox -Command sleep, 0.2 }'; Status = '*' }
    ) {
        $wanted = $Status
        Stop-Midway $Script { Get-Container | Where-Object Status -like $wanted }
    }

    # The moments come by chance, but there are many of them: the shell says when it begins, and is stopped a little later each time.
    It 'leaves nothing when it is stopped at any moment of a run' {
        for ($delay = 0; $delay -le 150; $delay += 10) {
            $begun = [Threading.ManualResetEventSlim]::new($false)
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            [void] $shell.AddScript({
                    param($module, $address, $namespace, $begun)
                    Import-Module $module
                    [void] (Connect-Containerd $address -Namespace $namespace)
                    $begun.Set()
                    Invoke-Container -Image busybox -Command true
                }).AddArgument($modulePath).AddArgument($daemon.Address).AddArgument($daemon.Namespace).AddArgument($begun)
            [void] $shell.BeginInvoke()
            $begun.Wait(20000) | Should -BeTrue
            [Threading.Thread]::Sleep($delay)
            $shell.Stop()
            $shell.Dispose()
            Get-Container | Should -BeNullOrEmpty -Because "it was stopped after $delay ms"
            Get-Leftover $daemon | Should -BeNullOrEmpty -Because "it was stopped after $delay ms"
        }
    }
}
