Describe 'Changing containers' {
    BeforeAll {
        . ([IO.Path]::Combine($PSScriptRoot, 'Support', 'Common.ps1'))
        $daemon = Start-ContainerdDaemon
        $rootfs = New-TestRootFileSystem
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name busybox -Command sleep, 60 -ErrorAction Stop)
        [void] (Import-ContainerImage -RootFileSystem $rootfs -Name other -Command sleep, 60 -ErrorAction Stop)

        function Invoke-Ctr { & ctr --address $daemon.Address --namespace $daemon.Namespace @args }

        # A container without an image: the spec names a root filesystem of its own.
        function New-ImagelessContainer([string] $Id) {
            New-Container $Id -Spec "{ `"ociVersion`": `"1.0.2`", `"root`": { `"path`": `"$rootfs`" }, `"process`": { `"args`": [ `"true`" ], `"cwd`": `"/`" } }"
        }
    }

    BeforeEach { $c1 = New-Container c1 -Image busybox -Label @{ keep = 'k' } -ErrorAction Stop }

    AfterEach { Get-Container | Remove-Container -Force }

    AfterAll {
        Stop-ContainerdDaemon $daemon
        [IO.Directory]::Delete($rootfs, $true)
    }

    Context 'Set-Container' {
        It 'changes what is given and nothing else, and is silent' {
            Set-Container c1 -Image other | Should -BeNullOrEmpty
            Set-Container c1 -Label @{ app = 'web' } | Should -BeNullOrEmpty
            Set-Container c1 -Extension @{ 'a.b/c' = @{ TypeUrl = 't/U'; Value = 'v' } } | Should -BeNullOrEmpty
            $after = Get-Container c1
            $after.Image | Should -Be 'docker.io/library/other:latest'
            $after.Labels['app'] | Should -Be 'web'
            $after.Labels['keep'] | Should -Be 'k'
            $after.Extensions['a.b/c'] | Should -Be 't/U'
            $after.SnapshotKey | Should -Be $c1.SnapshotKey
            $after.Snapshotter | Should -Be $c1.Snapshotter
            $after.Runtime | Should -Be $c1.Runtime
            $after.CreatedAt | Should -Be $c1.CreatedAt
            $after.Spec.ToJson() | Should -Be $c1.Spec.ToJson()
        }

        It 'changes all at once and gives what came of it' {
            Invoke-Ctr snapshots prepare spare
            $changed = Set-Container c1 -Image other -Label a=1, keep= -SnapshotKey spare -Spec { $_.Hostname = 'h' } -PassThru -Extension @{ e = @{ typeurl = 'T'; value = [byte[]] (0, 255) } }
            $changed.Image | Should -Be 'docker.io/library/other:latest'
            $changed.Labels['a'] | Should -Be '1'
            $changed.Labels.ContainsKey('keep') | Should -BeFalse
            $changed.SnapshotKey | Should -Be 'spare'
            $changed.Spec.Hostname | Should -Be 'h'
            (Get-ContainerExtension c1 e).Value -join ' ' | Should -Be '0 255'
            (Get-Container c1).UpdatedAt | Should -Be $changed.UpdatedAt
            # Nothing refers to it any more: the daemon may have collected it by now.
            Invoke-Ctr snapshots rm c1 2>$null
        }

        It 'says what can be set when nothing is' {
            $e = { Set-Container c1 -ErrorAction Stop } | Should -Throw -ErrorId 'NothingToSet,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'InvalidArgument'
            foreach ($name in '-Image', '-Label', '-Extension', '-SnapshotKey', '-Spec') { $e.Exception.Message | Should -BeLike "*$name*" }
            { Set-Container c1 -Label @{} -ErrorAction Stop } | Should -Throw
        }

        It 'refuses an image that is not there, unless forced' {
            $e = { Set-Container c1 -Image nosuch -Label @{ a = '1' } -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $e.Exception.Message | Should -BeLike "*'docker.io/library/nosuch:latest'*'c1' was not changed*-Force*"
            (Get-Container c1).Image | Should -Be 'docker.io/library/busybox:latest'
            (Get-Container c1).Labels.ContainsKey('a') | Should -BeFalse
            (Set-Container c1 -Image nosuch -Force -PassThru).Image | Should -Be 'docker.io/library/nosuch:latest'
            (Set-Container c1 -Image (Get-ContainerImage busybox) -PassThru).Image | Should -Be 'docker.io/library/busybox:latest'
        }

        It 'refuses a snapshot that cannot be the root filesystem' {
            $e = { Set-Container c1 -SnapshotKey none -Label @{ a = '1' } -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $e.Exception.Message | Should -BeLike "*'none'*'overlayfs'*'c1' was not changed*"
            Invoke-Ctr snapshots prepare s1
            Invoke-Ctr snapshots commit s2 s1
            { Set-Container c1 -SnapshotKey s2 -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotCommitted,*'
            $after = Get-Container c1
            $after.SnapshotKey | Should -Be 'c1'
            $after.Labels.ContainsKey('a') | Should -BeFalse
            Invoke-Ctr snapshots rm s2
            [void] (New-ImagelessContainer bare)
            { Set-Container bare -SnapshotKey c1 -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotterRequired,*'
        }

        It 'refuses a label over the limit before anything is changed' {
            { Set-Container c1 -Image other -Label @{ big = 'x' * 4096 } -ErrorAction Stop } | Should -Throw -ErrorId 'LabelTooLong,*'
            (Get-Container c1).Image | Should -Be 'docker.io/library/busybox:latest'
        }

        It 'refuses an extension without a type' {
            { Set-Container c1 -Extension @{ e = @{ Value = 'v' } } -ErrorAction Stop } | Should -Throw -ErrorId 'ExtensionTypeRequired,*'
            { Set-Container c1 -Extension @{ e = @{ TypeUrl = 't'; Text = 'v' } } -ErrorAction Stop } | Should -Throw -ExpectedMessage "*'Text'*"
            { Set-Container c1 -Extension e=v -ErrorAction Stop } | Should -Throw -ExpectedMessage '*TypeUrl*'
        }

        It 'names the namespace that has the container' {
            $e = { Set-Container c1 -Label @{ a = '1' } -Namespace elsewhere -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*' -PassThru
            $e.Exception.Message | Should -BeLike "*Namespace '$($daemon.Namespace)' has one*"
            { Set-Container 'c*' -Label @{ a = '1' } -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidId,*'
        }

        It 'changes nothing with -WhatIf' {
            Set-Container c1 -Image other -Label @{ a = '1' } -Spec { throw 'no' } -WhatIf
            (Get-Container c1).Image | Should -Be 'docker.io/library/busybox:latest'
        }

        It 'works on many, in the order given, and goes on after a bad one' {
            $ids = 2..20 | ForEach-Object { "c$_" }
            $ids | New-Container -Image busybox | Out-Null
            $failures = @()
            $changed = @('c1'; 'zz'; $ids) | Set-Container -Label @{ n = 'x' } -PassThru -ErrorAction SilentlyContinue -ErrorVariable failures
            ($changed.Id -join ' ') | Should -Be (@('c1'; $ids) -join ' ')
            @($failures).Count | Should -Be 1
            $failures[0].TargetObject | Should -Be 'zz'
            $changed = Get-Container c1, c2 | Set-Container -Spec { $_.Hostname = 'both' } -PassThru
            ($changed.Spec.Hostname -join ' ') | Should -Be 'both both'
        }
    }

    Context 'Set-ContainerSpec' {
        It 'takes an object, JSON, lines of JSON and a script block' {
            $spec = Get-ContainerSpec c1
            $spec.Hostname = 'one'
            Set-ContainerSpec c1 $spec | Should -BeNullOrEmpty
            (Get-ContainerSpec c1).Hostname | Should -Be 'one'
            Set-ContainerSpec c1 -Spec $spec.ToJson().Replace('"one"', '"two"')
            (Get-ContainerSpec c1).Hostname | Should -Be 'two'
            Set-ContainerSpec c1 -Spec ($spec.ToJson().Replace('"one"', '"three"') -split "`n")
            (Get-ContainerSpec c1).Hostname | Should -Be 'three'
            (Set-ContainerSpec c1 { $_.Hostname += '-four' } -PassThru).Spec.Hostname | Should -Be 'three-four'
            (Set-ContainerSpec c1 { [ContainerdPS.Oci.RuntimeSpec]::FromJson($_.ToJson().Replace('three', 'five')) } -PassThru).Spec.Hostname | Should -Be 'five-four'
        }

        It 'keeps what no version knows, at every depth' {
            $document = Get-ContainerSpec c1 -AsJson | ConvertFrom-Json -AsHashtable
            $odd = @{ deep = @(1, @{ x = $null }); text = 'é<&"'; big = 'BIG' }
            $document['x-top'] = $odd
            $document['process']['x-process'] = $odd
            $document['process']['user']['x-user'] = $odd
            $document['mounts'][0]['x-mount'] = $odd
            $document['linux']['x-linux'] = $odd
            $document['linux']['resources']['x-resources'] = $odd
            $document['linux']['resources']['devices'][0]['x-device'] = $odd
            $document['linux']['namespaces'][0]['x-namespace'] = $odd
            Set-ContainerSpec c1 (ConvertTo-Json -InputObject $document -Depth 20).Replace('"BIG"', '1844674407370955161500.50')
            Set-ContainerSpec c1 { $_.Hostname = 'changed'; $_.Linux.Resources.Pids = [ContainerdPS.Oci.LinuxPids]::new() }
            Set-Container c1 -Spec { $_.Process.Args = 'true' }
            $after = Get-ContainerSpec c1 -AsJson | ConvertFrom-Json -AsHashtable
            $after['hostname'] | Should -Be 'changed'
            $places = $after, $after['process'], $after['process']['user'], $after['mounts'][0], $after['linux'], $after['linux']['resources'],
                $after['linux']['resources']['devices'][0], $after['linux']['namespaces'][0]
            foreach ($place in $places) {
                $name = @($place.Keys | Where-Object { $_ -like 'x-*' })
                $name.Count | Should -Be 1
                $place[$name[0]]['text'] | Should -Be 'é<&"'
                $place[$name[0]]['deep'][0] | Should -Be 1
                $place[$name[0]]['deep'][1].Keys | Should -Contain 'x'
            }
            ([regex]::Matches((Get-ContainerSpec c1 -AsJson), '"big":1844674407370955161500\.50[,}]')).Count | Should -Be 8
        }

        It 'is what the daemon runs, and goes under the bare type name' {
            Set-ContainerSpec c1 { $_.Process.Args = 'echo', 'changed' }
            (Invoke-Ctr containers info c1 | ConvertFrom-Json).Spec.process.args -join ' ' | Should -Be 'echo changed'
            Invoke-Ctr tasks start c1 | Should -Be 'changed'
        }

        It 'is refused as <what>' -ForEach @(
            @{ what = 'null'; spec = $null; message = '*null*Get-ContainerSpec*' }
            @{ what = 'JSON null'; spec = 'null'; message = '*null*object*' }
            @{ what = 'empty text'; spec = ''; message = '*line 1*' }
            @{ what = 'malformed JSON'; spec = "{`n  `"process`": {`n    `"args`": [1]`n  }`n}"; message = '*line 3*args*' }
            @{ what = 'malformed lines'; spec = @('{', '"hostname": 5 }'); message = '*line 2*hostname*' }
            @{ what = 'a number'; spec = 5; message = '*Int32*' }
            @{ what = 'an empty list'; spec = @(); message = '*empty*' }
        ) {
            foreach ($command in { Set-ContainerSpec c1 -Spec $spec -ErrorAction Stop }, { Set-Container c1 -Label @{ a = '1' } -Spec $spec -ErrorAction Stop }) {
                $e = $command | Should -Throw -ErrorId 'InvalidSpec,*' -PassThru
                $e.Exception.Message | Should -BeLike $message
                $e.TargetObject | Should -Be 'c1'
            }

            $after = Get-Container c1
            $after.Labels.ContainsKey('a') | Should -BeFalse
            $after.Spec.ToJson() | Should -Be $c1.Spec.ToJson()
        }

        It 'leaves the container alone when the script block throws' {
            $e = { Set-ContainerSpec c1 { $_.Hostname = 'no'; throw 'stop here' } -ErrorAction Stop } | Should -Throw -ErrorId 'SpecScriptFailed,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'c1' was not changed*stop here*"
            (Get-ContainerSpec c1).Hostname | Should -Be $c1.Spec.Hostname
        }

        It 'changes a running container with its next task' {
            Invoke-Ctr tasks start -d c1
            Set-Container c1 -Image other -Spec { $_.Hostname = 'later' }
            Invoke-Ctr tasks exec --exec-id e1 c1 hostname | Should -Not -Be 'later'
            (Get-Container c1).Status | Should -Be 'Running'
            [void] (Invoke-Ctr tasks rm -f c1)
            Invoke-Ctr tasks start -d c1
            Invoke-Ctr tasks exec --exec-id e2 c1 hostname | Should -Be 'later'
        }
    }

    Context 'Two at once' {
        It 'keeps what others write between its reading and its writing' {
            Set-Container c1 -Label @{ mine = '1' } -Spec {
                Set-ContainerLabel c1 @{ theirs = '2' }
                Set-ContainerExtension c1 theirs 'x' T
                Set-Container c1 -Image other
                $_.Hostname = 'mine'
            }
            $after = Get-Container c1
            $after.Labels['mine'], $after.Labels['theirs'], $after.Labels['keep'], $after.Extensions['theirs'], $after.Image, $after.Spec.Hostname -join ' ' |
                Should -Be '1 2 k T docker.io/library/other:latest mine'
        }

        It 'has every writer win: label a, label b, extension, spec' {
            1..4 | ForEach-Object -ThrottleLimit 4 -Parallel {
                $number = $_
                Import-Module $using:modulePath
                $container = $using:c1
                for ($i = 1; $i -le 20; $i++) {
                    switch ($number) {
                        1 { $container | Set-Container -Label @{ a = "$i" } -ErrorAction Stop }
                        2 { $container | Set-Container -Label @{ b = "$i" } -ErrorAction Stop }
                        3 { $container | Set-ContainerExtension -Name e -Value "$i" -TypeUrl T -ErrorAction Stop }
                        4 { $container | Set-ContainerSpec -Spec { $_.Hostname = "h$i" } -ErrorAction Stop }
                    }
                }
            }
            $after = Get-Container c1
            $after.Labels['a'], $after.Labels['b'], (Get-ContainerExtension c1 e).Text, $after.Spec.Hostname, $after.Labels['keep'] -join ' ' | Should -Be '20 20 20 h20 k'
        }
    }

    Context 'Extensions' {
        It 'keeps any type and every byte' {
            $all = [byte[]] (0..255)
            Set-ContainerExtension c1 bytes $all type.example/Any.Thing | Should -BeNullOrEmpty
            Set-ContainerExtension c1 -Name 'a.b/c d' -Value 'grüße' -TypeUrl 'x://y z'
            Set-ContainerExtension c1 none ([byte[]] @()) T
            $found = @(Get-ContainerExtension c1)
            $found.Name -join '|' | Should -Be 'a.b/c d|bytes|none'
            $found[0].Text | Should -Be 'grüße'
            $found[0].TypeUrl | Should -Be 'x://y z'
            $found[1].Value -join ' ' | Should -Be ($all -join ' ')
            $found[1].Value.GetType().Name | Should -Be 'Byte[]'
            $found[1].TypeUrl | Should -Be 'type.example/Any.Thing'
            $found[1].Text | Should -BeNullOrEmpty
            $found[1].Container, $found[1].Namespace, $found[1].Size -join ' ' | Should -Be "c1 $($daemon.Namespace) 256"
            $found[1].Session.Id | Should -Be $daemon.Id
            $found[2].Size | Should -Be 0
            (Get-Container c1).Extensions['none'] | Should -Be 'T'
            # The word of somebody else about the bytes.
            $info = Invoke-Ctr containers info c1 | ConvertFrom-Json
            $info.Extensions.bytes.type_url | Should -Be 'type.example/Any.Thing'
            $info.Extensions.bytes.value | Should -Be ([Convert]::ToBase64String($all))
        }

        It 'keeps the type where none is given, and other extensions' {
            Set-ContainerExtension c1 e '1' T
            Set-ContainerExtension c1 f '2' U
            Set-ContainerExtension c1 e '3'
            (Get-ContainerExtension c1 | ForEach-Object { "$($_.Name)=$($_.TypeUrl):$($_.Text)" }) -join ' ' | Should -Be 'e=T:3 f=U:2'
            (Set-ContainerExtension c1 e '4' -TypeUrl V -PassThru).Extensions['e'] | Should -Be 'V'
            $e = { Set-ContainerExtension c1 g five -ErrorAction Stop } | Should -Throw -ErrorId 'ExtensionTypeRequired,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'g'*'c1'*nothing was changed*"
            { Set-ContainerExtension c1 g five '' -ErrorAction Stop } | Should -Throw -ErrorId 'ExtensionTypeRequired,*'
            { Set-ContainerExtension c1 '' five T -ErrorAction Stop } | Should -Throw
            { Set-ContainerExtension c1 g @{ a = 1 } T -ErrorAction Stop } | Should -Throw -ExpectedMessage '*ConvertTo-Json*'
            { Set-ContainerExtension c1 g 5 T -ErrorAction Stop } | Should -Throw -ExpectedMessage "*'5'*text*"
            { Set-ContainerExtension c1 g (1, 256) T -ErrorAction Stop } | Should -Throw -ExpectedMessage '*256*'
            { Set-ContainerExtension zz g five T -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        }

        It 'finds by name and wildcard' {
            'one', 'two', 'three' | ForEach-Object { Set-ContainerExtension c1 $_ $_ T }
            (Get-ContainerExtension c1 t*).Name -join ' ' | Should -Be 'three two'
            (Get-ContainerExtension c1 one, t*).Name -join ' ' | Should -Be 'one three two'
            Get-ContainerExtension c1 x* | Should -BeNullOrEmpty
            $e = { Get-ContainerExtension c1 four -ErrorAction Stop } | Should -Throw -ErrorId 'ExtensionNotFound,*' -PassThru
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            { Get-ContainerExtension zz -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
            (Get-Container c1 | Get-ContainerExtension -Name one).Text | Should -Be 'one'
        }

        It 'copies from one container to another' {
            [void] (New-Container c2 -Image busybox)
            [void] (New-Container c3 -Image busybox)
            Set-ContainerExtension c1 one ([byte[]] (1, 200)) T
            Set-ContainerExtension c1 two 'text' U
            Get-ContainerExtension c1 | Set-ContainerExtension -Container c2
            Set-Container c3 -Extension (Get-ContainerExtension c1)
            foreach ($id in 'c2', 'c3') {
                (Get-ContainerExtension $id | ForEach-Object { "$($_.Name)=$($_.TypeUrl):$($_.Value -join ',')" }) -join ' ' | Should -Be 'one=T:1,200 two=U:116,101,120,116'
            }
        }

        It 'removes those named and leaves the others' {
            'one', 'two', 'three', 'four' | ForEach-Object { Set-ContainerExtension c1 $_ $_ T }
            Remove-ContainerExtension c1 one -WhatIf
            @(Get-ContainerExtension c1).Count | Should -Be 4
            Remove-ContainerExtension c1 one, notthere | Should -BeNullOrEmpty
            (Get-ContainerExtension c1).Name -join ' ' | Should -Be 'four three two'
            @(Get-ContainerExtension c1 t* | Remove-ContainerExtension -PassThru).Id -join ' ' | Should -Be 'c1 c1'
            (Get-Container c1).Extensions.Keys -join ' ' | Should -Be 'four'
            { Get-ContainerExtension c1 one -ErrorAction Stop } | Should -Throw -ErrorId 'ExtensionNotFound,*'
            { Set-ContainerExtension c1 one new -ErrorAction Stop } | Should -Throw -ErrorId 'ExtensionTypeRequired,*'
            Set-ContainerExtension c1 one again U
            (Get-ContainerExtension c1 one).Text | Should -Be 'again'
            { Remove-ContainerExtension zz one -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'

            # What no request can do is take the name itself out of the daemon's record; this holds it empty.
            $extensions = (Invoke-Ctr containers info c1 | ConvertFrom-Json -AsHashtable)['Extensions']
            $extensions.ContainsKey('two') | Should -BeTrue
            "$($extensions['two']['type_url'])$($extensions['two']['value'])" | Should -Be ''
            $extensions.ContainsKey('notthere') | Should -BeFalse
        }

        It 'completes names and shows a view' {
            Set-ContainerExtension c1 example.org/owner ops example.org/Owner
            $line = 'Get-ContainerExtension c1 -Name exa'
            $found = [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
            $found.CompletionMatches.CompletionText -join ' ' | Should -Be 'example.org/owner'
            $shown = Get-ContainerExtension c1 | Out-String -Width 160
            $shown | Should -Match 'example\.org/owner\s+example\.org/Owner\s+3 B\s+ops'
        }
    }

    Context 'The image of a container' {
        It 'is given for a piped container, read anew' {
            ($c1 | Get-ContainerImage).Name | Should -Be 'docker.io/library/busybox:latest'
            Set-Container c1 -Image other
            ($c1 | Get-ContainerImage).Name | Should -Be 'docker.io/library/other:latest'
            (Get-Container c1 | Get-ContainerImage | Get-ContainerImage).Name | Should -Be 'docker.io/library/other:latest'
        }

        It 'is an error where there is none' {
            $bare = New-ImagelessContainer bare
            $e = { $bare | Get-ContainerImage -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerWithoutImage,*' -PassThru
            $e.Exception.Message | Should -BeLike "*'bare'*container not created from an image*"
            $e.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $e.TargetObject.Id | Should -Be 'bare'
            Set-Container c1 -Image gone -Force
            { Get-Container c1 | Get-ContainerImage -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
            Set-Container bare -Image other
            ($bare | Get-ContainerImage).Name | Should -Be 'docker.io/library/other:latest'
        }
    }

    It 'leaves nothing behind' {
        Get-Container | Remove-Container -Force
        Get-Leftover $daemon | Should -BeNullOrEmpty
    }
}
