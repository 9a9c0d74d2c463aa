Describe 'Copying files' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [IO.File]::WriteAllText("$rootfs/srv/page", "page`n")
        foreach ($name in 'proc', 'sys', 'dev', 'run') { [void] [IO.Directory]::CreateDirectory("$rootfs/$name") }
        foreach ($name in 'mv', 'ln', 'rm', 'mkdir', 'stat', 'cp', 'mkfifo', 'chmod') { [void] [IO.File]::CreateSymbolicLink("$rootfs/bin/$name", 'busybox') }
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sh -ErrorAction Stop)
        $folder = New-TestFolder
        $canary = New-TestFolder
        [IO.File]::WriteAllText("$canary/secret", 'not of the container')

        # Only what shows this daemon's snapshots: others on the machine mount what they like.
        function Get-Mounted { @([IO.File]::ReadAllLines('/proc/self/mountinfo') | Where-Object { $_.Contains("$($daemon.Daemon.Path)/root/") }) }

        function New-Running([string[]] $Id, [hashtable] $More = @{}, [string[]] $Command = @('sleep', '1000')) {
            foreach ($one in $Id) {
                [void] (New-Container $one -Image busybox -Command $Command -ErrorAction Stop @More)
                Start-ContainerTask $one -ErrorAction Stop
            }
        }

        function New-LocalFile([string] $Name, [string] $Text = $Name) {
            [void] [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName("$folder/$Name"))
            [IO.File]::WriteAllText("$folder/$Name", $Text)
            "$folder/$Name"
        }

        function Get-Text([string] $Name) { [IO.File]::ReadAllText("$folder/$Name").TrimEnd("`n") }

        function Get-Inside([string] $Command, [string] $Id = 'web') { (Invoke-ContainerCommand $Id -Command sh, -c, $Command) -join ' ' }

        function Get-Place([string] $Path) { @([IO.Directory]::GetFileSystemEntries($Path) | ForEach-Object { [IO.Path]::GetFileName($_) } | Sort-Object) -join ' ' }
    }

    AfterEach {
        Get-Container | Remove-Container -Force
        & chmod -R u+w $folder
        foreach ($entry in [IO.Directory]::GetFileSystemEntries($folder)) { & rm -rf $entry }
        Get-Leftover $daemon | Should -BeNullOrEmpty
        [IO.File]::ReadAllText("$canary/secret") | Should -Be 'not of the container'
        Get-Place $canary | Should -Be 'secret'
    }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        foreach ($used in $rootfs, $folder, $canary) { [IO.Directory]::Delete($used, $true) }
    }

    Context 'Out of a container' {
        It 'copies a file under its own name and another' {
            New-Running web
            Copy-ContainerItem web:/srv/page $folder | Should -BeNullOrEmpty
            Copy-ContainerItem web:srv/page "$folder/other"
            Copy-ContainerItem -FromContainer web -Path /srv/page -Destination "$folder/third"
            Get-Place $folder | Should -Be 'other page third'
            Get-Text other | Should -Be 'page'
        }

        It 'copies a folder with modes, times, links and fifos' {
            New-Running web
            Get-Inside 'mkdir -p /srv/t/d; echo x > /srv/t/d/x; chmod 750 /srv/t; chmod 6755 /srv/t/d/x; ln -s ../none /srv/t/l; ln /srv/t/d/x /srv/t/again; mkfifo /srv/t/p; touch -d "2001-02-03 04:05:06" /srv/t/d/x'
            $item = Copy-ContainerItem web:/srv/t "$folder/new" -PassThru
            $item | Should -BeOfType ([IO.DirectoryInfo])
            $item.FullName | Should -Be "$folder/new"
            (& find "$folder/new" -mindepth 1 -printf '%P %m %y %n %TY\n' | Sort-Object) -join ',' | Should -BeLike 'again 755 f 2 2001,d 755 d 2 *,d/x 755 f 2 2001,l 777 l 1 *,p 644 p 1 *'
            [int] ([IO.DirectoryInfo]::new("$folder/new").UnixFileMode) | Should -Be ([Convert]::ToInt32('750', 8))
            Copy-ContainerItem web:/srv/t $folder -Archive
            & stat -c %a "$folder/t/d/x" | Should -Be '6755'
        }

        It 'takes wildcards, and takes them literally' {
            New-Running web
            Get-Inside 'cd /srv; echo a > a1.txt; echo b > a2.txt; echo c > .hidden.txt; echo d > "a[1].txt"; mkdir sub1 sub2; echo e > sub1/e; echo f > sub2/f'
            $items = Copy-ContainerItem 'web:/srv/a?.txt' $folder -PassThru
            $items.Name -join ' ' | Should -Be 'a1.txt a2.txt'
            Copy-ContainerItem 'web:/srv/*.txt' $folder -Force
            Copy-ContainerItem -LiteralPath 'web:/srv/a[1].txt' "$folder/literal"
            Copy-ContainerItem -FromContainer web -LiteralPath '/srv/a[1].txt' -Destination "$folder/literal2"
            Copy-ContainerItem 'web:/srv/sub*/?' $folder
            Get-Place $folder | Should -Be '.hidden.txt a[1].txt a1.txt a2.txt e f literal literal2'
            { Copy-ContainerItem 'web:/srv/x*' $folder -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound*'
            { Copy-ContainerItem 'web:/srv/*.txt' "$folder/none" -ErrorAction Stop } | Should -Throw -ErrorId 'DestinationNotFound*'
        }

        It 'takes containers from the pipeline, each to a place of its own' {
            New-Running web, db
            Get-Container | Copy-ContainerItem -Path /etc/passwd -Destination { "$folder/$_-passwd" }
            'web', 'db' | Copy-ContainerItem -Path /etc/group -Destination { "$folder/$_-group" }
            Get-Place $folder | Should -Be 'db-group db-passwd web-group web-passwd'
            Get-Container db, web | Copy-ContainerItem -Path /etc/passwd -Destination "$folder/same" -ErrorAction SilentlyContinue -ErrorVariable failure
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'DestinationTaken*'
            $failure[0].Exception.Message | Should -BeLike "*container 'web'*"
        }

        It 'leaves devices and what is the kernel''s out of a whole root' {
            New-Running web
            Copy-ContainerItem web:/ "$folder/root" -WarningVariable warnings -WarningAction SilentlyContinue
            Get-Place "$folder/root" | Should -BeLike 'bin*etc*proc*srv*'
            Get-Place "$folder/root/proc" | Should -BeNullOrEmpty
            "$warnings" | Should -BeLike '*/dev/*'
            Copy-ContainerItem web:/proc/version "$folder/version"
            Get-Text version | Should -Be ([IO.File]::ReadAllText('/proc/version').TrimEnd("`n"))
        }

        It 'copies what a link leads to, inside the container' {
            New-Running web
            Get-Inside "ln -s /srv/page /tmp/l; ln -s $canary/secret /tmp/out; ln -s $canary /tmp/folder"
            Copy-ContainerItem web:/tmp/l "$folder/link"
            Copy-ContainerItem web:/tmp/l "$folder/page" -FollowSymlink
            [IO.FileInfo]::new("$folder/link").LinkTarget | Should -Be '/srv/page'
            Get-Text page | Should -Be 'page'
            { Copy-ContainerItem web:/tmp/out "$folder/x" -FollowSymlink -ErrorAction Stop } | Should -Throw -ErrorId 'LinkTargetNotFound*'
            { Copy-ContainerItem web:/tmp/folder/secret "$folder/x" -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound*'
            { Copy-ContainerItem web:/tmp/../../../../../../$canary/secret "$folder/x" -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound*'
        }
    }

    Context 'Into a container' {
        It 'copies files and folders, and tells what is there then' {
            New-Running web
            [void] (New-LocalFile 'tree/a')
            [void] (New-LocalFile 'tree/b/c')
            $item = Copy-ContainerItem "$folder/tree/a" web:/srv -PassThru
            $item | Should -BeOfType ([ContainerdPS.ContainerItem])
            "$item" | Should -Be 'web:/srv/a'
            $item.Length | Should -Be 6
            $item.Kind | Should -Be 'File'
            $item.Namespace | Should -Be $daemon.Namespace
            $item | Out-String | Should -BeLike '*-rw-r--r-- 0:0*6 B*/srv/a*'
            Copy-ContainerItem "$folder/tree" web:/srv/new
            Copy-ContainerItem "$folder/tree/." web:/tmp
            Copy-ContainerItem "$folder/tree" web:/srv -Recurse
            Get-Inside 'cat /srv/a /srv/new/b/c /tmp/b/c /srv/tree/a' | Should -Be 'tree/atree/b/ctree/b/ctree/a'
        }

        It 'gives it to whom it is told' {
            New-Running web
            $file = New-LocalFile one
            & chown 1234:5678 $file
            & chmod 4755 $file
            Copy-ContainerItem $file web:/tmp/plain
            Copy-ContainerItem $file web:/tmp/archived -Archive
            Copy-ContainerItem $file web:/tmp/named -Owner web
            Copy-ContainerItem $file web:/tmp/mixed -Owner 7:extra
            Get-Inside 'cd /tmp; stat -c "%n %u:%g %a" archived mixed named plain' | Should -Be 'archived 1234:5678 4755 mixed 7:200 755 named 101:102 755 plain 0:0 755'
            { Copy-ContainerItem $file web:/tmp -Owner nobodyhere -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidOwner*'
        }

        It 'takes many files from the pipeline' {
            New-Running web
            1..200 | ForEach-Object { [void] (New-LocalFile "f/$_") }
            [IO.DirectoryInfo]::new("$folder/f").GetFiles() | ForEach-Object FullName | Copy-ContainerItem -ToContainer web -Destination /tmp
            Get-Inside 'ls /tmp' | Should -BeLike '1 10 100 *99'
            ((Get-Inside 'ls /tmp') -split ' ').Count | Should -Be 200
            Copy-ContainerItem "$folder/f/1*" web:/srv/
            ((Get-Inside 'ls /srv') -split ' ').Count | Should -Be 112
        }

        It 'copies to many containers, and between two' {
            New-Running web, db
            $file = New-LocalFile one
            $items = Copy-ContainerItem $file -ToContainer web, db -Destination /tmp/ -PassThru
            $items.Container -join ' ' | Should -Be 'web db'
            Get-Inside 'echo changed > /tmp/one'
            Copy-ContainerItem web:/tmp/one db:/srv/one
            Copy-ContainerItem -FromContainer web -Path /tmp/one -ToContainer db -Destination /srv/two
            Get-Inside 'cat /srv/one /srv/two' db | Should -Be 'changed changed'
        }

        It 'replaces what is read-only only by force, and by a new file' {
            New-Running web
            $file = New-LocalFile one
            Get-Inside 'cd /tmp; echo old > one; ln one other; chmod 444 one'
            { Copy-ContainerItem $file web:/tmp -ErrorAction Stop } | Should -Throw -ErrorId 'DestinationReadOnly*'
            Copy-ContainerItem $file web:/tmp -Force
            Get-Inside 'cat /tmp/one; cat /tmp/other' | Should -Be 'oneold'
        }

        It 'asks, and tells without doing' {
            New-Running web
            $file = New-LocalFile one
            Copy-ContainerItem $file web:/tmp -WhatIf
            Get-Inside 'ls /tmp' | Should -BeNullOrEmpty
        }

        It 'maps owners into a user namespace' {
            $spec = {
                $_.Linux.Namespaces.Add([ContainerdPS.Oci.LinuxNamespace]@{ Type = 'user' })
                $map = [ContainerdPS.Oci.LinuxIdMapping]@{ ContainerId = 0; HostId = 200000; Size = 1000 }
                $_.Linux.UidMappings = [Collections.Generic.List[ContainerdPS.Oci.LinuxIdMapping]]@($map)
                $_.Linux.GidMappings = [Collections.Generic.List[ContainerdPS.Oci.LinuxIdMapping]]@($map)
            }
            New-Running web @{ Spec = $spec }
            $file = New-LocalFile one
            & chown 5:6 $file
            Copy-ContainerItem $file web:/srv/plain
            Copy-ContainerItem $file web:/srv/archived -Archive
            Get-Inside 'stat -c %u:%g /srv/plain /srv/archived' | Should -Be '0:0 5:6'
            Copy-ContainerItem web:/srv/archived "$folder/back" -Archive
            & stat -c %u:%g "$folder/back" | Should -Be '5:6'
            & chown 1000 $file
            { Copy-ContainerItem $file web:/srv/x -Archive -ErrorAction Stop } | Should -Throw -ErrorId 'OwnerNotMapped*'
        }
    }

    Context 'Of a container that does not run' {
        It 'copies before the first start' {
            [void] (New-Container web -Image busybox -Command cat, /srv/one)
            Copy-ContainerItem (New-LocalFile one) web:/srv/
            Copy-ContainerItem web:/srv/one "$folder/back"
            Get-Text back | Should -Be one
            Start-ContainerTask web -LogPath "$folder/log"
            [void] (Wait-ContainerTask web -Timeout 20)
            Remove-ContainerTask web
            Get-Text log | Should -Be one
        }

        It 'copies while a task is created, paused, ended and deleted' {
            [void] (New-Container web -Image busybox -Command sleep, 1000)
            [void] (New-ContainerTask web)
            $file = New-LocalFile one
            Copy-ContainerItem $file web:/srv/created
            Start-ContainerTask web
            Suspend-ContainerTask web
            Copy-ContainerItem $file web:/srv/paused
            Resume-ContainerTask web
            Stop-ContainerTask web -Timeout 0
            Copy-ContainerItem $file web:/srv/ended
            Copy-ContainerItem web:/srv "$folder/ended"
            Remove-ContainerTask web
            Copy-ContainerItem $file web:/srv/deleted
            Copy-ContainerItem web:/srv "$folder/deleted"
            Get-Place "$folder/ended" | Should -Be 'created ended page paused'
            Get-Place "$folder/deleted" | Should -Be 'created deleted ended page paused'
            Start-ContainerTask web
            Get-Inside 'ls /srv' | Should -Be 'created deleted ended page paused'
        }

        It 'leaves nothing mounted and nothing open' {
            [void] (New-Container web -Image busybox -Command sleep, 1000)
            $file = New-LocalFile one
            Copy-ContainerItem $file web:/srv/first
            [GC]::Collect()
            $open = [IO.Directory]::GetFileSystemEntries('/proc/self/fd').Count
            1..20 | ForEach-Object { Copy-ContainerItem $file "web:/srv/$_"; Copy-ContainerItem web:/srv/page "$folder/$_" }
            [GC]::Collect()
            [IO.Directory]::GetFileSystemEntries('/proc/self/fd').Count | Should -BeLessThan ($open + 10)
            Get-Mounted | Should -BeNullOrEmpty
        }

        It 'sees the mounts of its spec' {
            [void] [IO.Directory]::CreateDirectory("$folder/v")
            [void] (New-Container web -Image busybox -Command sleep, 1000 -Mount "$folder/v:/srv", "$folder/v:/tmp:ro")
            $file = New-LocalFile one
            Copy-ContainerItem $file web:/srv/
            Get-Text v/one | Should -Be one
            Copy-ContainerItem web:/tmp/one "$folder/back"
            Get-Text back | Should -Be one
            { Copy-ContainerItem $file web:/tmp/two -ErrorAction Stop } | Should -Throw -ErrorId 'ReadOnlyFileSystem*'
        }

        It 'tells what it mounts and cannot be reached' {
            [void] (New-Container web -Image busybox -Command sleep, 1000 -Mount "$folder/gone:/srv")
            Copy-ContainerItem web:/srv/page $folder -WarningVariable warnings -WarningAction SilentlyContinue
            "$warnings" | Should -BeLike "*'/srv'*could not be reached*"
        }
    }

    Context 'What is mounted in a running one' {
        It 'is seen as the container sees it' {
            [void] [IO.Directory]::CreateDirectory("$folder/v")
            New-Running web @{ Mount = "$folder/v:/srv", "$folder/v:/tmp:ro" }
            $file = New-LocalFile one
            Copy-ContainerItem $file web:/srv/
            Get-Text v/one | Should -Be one
            Copy-ContainerItem web:/tmp/one "$folder/back"
            { Copy-ContainerItem $file web:/tmp/two -ErrorAction Stop } | Should -Throw -ErrorId 'ReadOnlyFileSystem*'
            { Copy-ContainerItem "$folder/v/one" web:/srv/ -ErrorAction Stop } | Should -Throw -ErrorId 'SameFile*'
            Copy-ContainerItem web:/srv/. "$folder/v" -ErrorAction SilentlyContinue -ErrorVariable failure
            $failure.FullyQualifiedErrorId | Should -BeLike 'CopyIntoItself*'
        }

        It 'refuses a root that is read-only, and a file something is mounted on' {
            $hosts = New-LocalFile hosts
            New-Running web @{ ReadOnly = $true }
            New-Running db @{ Mount = "${hosts}:/etc/passwd", "${hosts}:/etc/group" }
            $file = New-LocalFile one
            { Copy-ContainerItem $file web:/srv/ -ErrorAction Stop } | Should -Throw -ErrorId 'ReadOnlyFileSystem*'
            { Copy-ContainerItem $file db:/etc/passwd -ErrorAction Stop } | Should -Throw -ErrorId 'DestinationIsMountPoint*'
            Get-Inside 'ls -a /etc; cat /etc/passwd' db | Should -Be '. .. group passwd hosts'
            [void] (New-LocalFile 'etc/group' 'other')
            Copy-ContainerItem "$folder/etc" db:/ -ErrorAction SilentlyContinue -ErrorVariable failure
            $failure.FullyQualifiedErrorId | Should -BeLike 'DestinationIsMountPoint,*'
            Get-Inside 'cat /etc/group' db | Should -Be 'hosts'
        }
    }

    Context 'A container that moves its folders meanwhile' {
        BeforeAll {
            # Folder and link change places in a loop; the link leads to a folder of this machine.
            $exchange = 'sh', '-c', "mkdir -p /srv/d; echo inside > /srv/d/secret; ln -s $canary /srv/l; cd /srv; while :; do mv d e; mv l d; mv d l; mv e d; done"
        }

        It 'leads no copy out of it' {
            New-Running web -Command $exchange
            [void] [IO.Directory]::CreateDirectory("$folder/o")
            1..2000 | ForEach-Object { "web:/srv/$(('d/secret', 'd/.', 'd', 'l/secret')[$_ % 4])" } |
                Copy-ContainerItem -Destination { "$folder/o/$([guid]::NewGuid())" } -ErrorAction SilentlyContinue
            [IO.Directory]::GetFileSystemEntries("$folder/o").Count | Should -BeGreaterThan 200
            & grep -rl 'not of the container' "$folder/o" | Should -BeNullOrEmpty
        }

        It 'leads no copy elsewhere' {
            New-Running web -Command $exchange
            $file = New-LocalFile secret 'changed'
            [void] (New-LocalFile 'd/secret' 'changed')
            [void] (New-LocalFile 'd/planted' 'changed')
            1..1000 | ForEach-Object {
                $null = Copy-ContainerItem $file 'web:/srv/d/secret' -ErrorAction SilentlyContinue
                $null = Copy-ContainerItem "$folder/d" 'web:/srv' -ErrorAction SilentlyContinue
            }
            Stop-ContainerTask web -Timeout 0
            Copy-ContainerItem web:/srv "$folder/after"
            @(& find "$folder/after" -name '.containerdps-*') | Should -BeNullOrEmpty
            @(& find "$folder/after" -type f -name secret).Count | Should -BeGreaterThan 0
        }
    }

    Context 'Large files, and stopping' {
        It 'arrives whole through a small buffer' {
            New-Running web
            $block = [byte[]]::new(1MB)
            [Random]::new(7).NextBytes($block)
            $stream = [IO.File]::Create("$folder/big")
            1..300 | ForEach-Object { $block[$_] = $_ % 251; $stream.Write($block, 0, $block.Length) }
            $stream.Dispose()
            Copy-ContainerItem "$folder/big" web:/tmp/warm
            $before = [GC]::GetTotalAllocatedBytes()
            Copy-ContainerItem "$folder/big" web:/tmp/big
            Copy-ContainerItem web:/tmp/big "$folder/back"
            [GC]::GetTotalAllocatedBytes() - $before | Should -BeLessThan 32MB
            & cmp "$folder/big" "$folder/back" | Should -BeNullOrEmpty
            $LASTEXITCODE | Should -Be 0
        }

        It 'takes the file at hand back when it is stopped' {
            New-Running web
            & truncate -s 1G "$folder/big"
            & fallocate -l 4G "$folder/big"
            Get-Inside 'echo old > /srv/big'
            Stop-Midway "Copy-ContainerItem '$folder/big' web:/srv/big" { (Get-Inside 'ls -a /srv') -like '*.containerdps-*' }
            Get-Inside 'ls -a /srv; cat /srv/big' | Should -Be '. .. big page old'
        }
    }

    Context 'What is not there, or not so' {
        It 'tells of <from> to <to>: <reason>' -ForEach @(
            @{ from = 'web:/none'; to = 'x'; reason = 'PathNotFound' }
            @{ from = 'web:/srv/page/'; to = 'x'; reason = 'NotAFolder' }
            @{ from = 'web:/srv/page/x'; to = 'x'; reason = 'NotAFolder' }
            @{ from = 'web:/dev/null'; to = 'x'; reason = 'UnsupportedFileType' }
            @{ from = 'web:/proc'; to = 'x'; reason = 'KernelFileSystem' }
            @{ from = 'web:/srv/page'; to = 'no/such/x'; reason = 'DestinationNotFound' }
            @{ from = 'web:/srv/page'; to = 'no/'; reason = 'DestinationNotFound' }
            @{ from = 'web:/srv'; to = 'one'; reason = 'DestinationNotFolder' }
            @{ from = 'nosuch:/srv'; to = 'x'; reason = 'ContainerNotFound' }
            @{ from = 'one'; to = 'web:/no/such/x'; reason = 'DestinationNotFound' }
            @{ from = 'one'; to = 'web:/srv/page/'; reason = 'DestinationNotFolder' }
            @{ from = 'one'; to = 'web:/proc/x'; reason = 'DestinationTakesNoFiles' }
            @{ from = 'none'; to = 'web:/srv/'; reason = 'PathNotFound' }
            @{ from = 'none*'; to = 'web:/srv/'; reason = 'PathNotFound' }
            @{ from = 'one'; to = 'x'; reason = 'NoContainer' }
            @{ from = 'Env:PATH'; to = 'web:/srv/'; reason = 'InvalidPath' }
            @{ from = 'web:/srv/page'; to = 'nosuchdrive-:x'; reason = 'InvalidPath' }
        ) {
            New-Running web
            [void] (New-LocalFile one)
            Set-Location $folder
            try {
                { Copy-ContainerItem $from $to -ErrorAction Stop } | Should -Throw -ErrorId "$reason,*"
                Get-Place $folder | Should -Be 'one'
            }
            finally { Set-Location / }
        }

        It 'tells of names that are too long' {
            New-Running web
            { Copy-ContainerItem web:/srv/page "$folder/$('n' * 300)" -ErrorAction Stop } | Should -Throw -ErrorId 'NameTooLong,*'
            { Copy-ContainerItem "web:/$('d/' * 3000)" $folder -ErrorAction Stop } | Should -Throw -ErrorId 'NameTooLong,*'
        }

        It 'asks for a destination in the container' {
            New-Running web
            { Copy-ContainerItem (New-LocalFile one) -ToContainer web -ErrorAction Stop } | Should -Throw -ErrorId 'DestinationRequired,*'
        }

        It 'goes on after one that fails' {
            New-Running web
            'web:/srv/page', 'web:/none', 'web:/etc/group' | Copy-ContainerItem -Destination $folder -ErrorAction SilentlyContinue -ErrorVariable failure
            Get-Place $folder | Should -Be 'group page'
            $failure.Count | Should -Be 1
            $failure[0].TargetObject | Should -Be 'web:/none'
        }

        It 'does not copy one of many over another' {
            New-Running web
            'web:/srv/page', 'web:/etc/group' | Copy-ContainerItem -Destination "$folder/x" -ErrorAction SilentlyContinue -ErrorVariable failure
            $failure.FullyQualifiedErrorId | Should -BeLike 'DestinationTaken,*'
            Get-Text x | Should -Be page
            'web:/srv', 'web:/etc' | Copy-ContainerItem -Destination "$folder/y" -ErrorAction SilentlyContinue -ErrorVariable failure
            $failure.FullyQualifiedErrorId | Should -BeLike 'DestinationTaken,*'
            { Copy-ContainerItem web:/srv/page, web:/etc/group "$folder/z" -ErrorAction Stop } | Should -Throw -ErrorId 'DestinationNotFound,*'
        }
    }

    Context 'Completion' {
        BeforeAll {
            function Get-Offer([string] $Line) {
                @([Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, @{}).CompletionMatches.CompletionText) -join ' '
            }
        }

        It 'offers containers and the paths in a running one' {
            New-Running web
            [void] (New-Container wet -Image busybox)
            Get-Offer 'Copy-ContainerItem we' | Should -BeLike 'web: wet:*'
            Get-Offer 'Copy-ContainerItem web:/et' | Should -Be 'web:/etc/'
            Get-Offer 'Copy-ContainerItem web:/etc/' | Should -Be 'web:/etc/group web:/etc/passwd'
            Get-Offer 'Copy-ContainerItem x web:/srv/p' | Should -Be 'web:/srv/page'
            Get-Offer 'Copy-ContainerItem -FromContainer web -Path /etc/pa' | Should -Be '/etc/passwd'
            Get-Offer 'Copy-ContainerItem x -ToContainer web -Destination /sr' | Should -Be '/srv/'
            Get-Offer 'Copy-ContainerItem -FromContainer we' | Should -Be 'web wet'
            Get-Offer 'Copy-ContainerItem wet:/et' | Should -BeNullOrEmpty
        }
    }
}
