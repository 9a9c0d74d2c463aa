Describe 'The load context' {
    It 'works beside another Google.Protobuf, loaded first' {
        $modulePath = if ($env:CONTAINERDPS_MODULE) { $env:CONTAINERDPS_MODULE } else { [IO.Path]::Combine($PSScriptRoot, '..', '..', 'artifacts', 'ContainerdPS') }

        # An assembly of that name and of another version, made here: whoever resolves by name alone gets this one.
        $name = [Reflection.AssemblyName]::new('Google.Protobuf, Version=1.0.0.0')
        $builder = [Reflection.Emit.PersistedAssemblyBuilder]::new($name, [object].Assembly)
        [void] $builder.DefineDynamicModule('Google.Protobuf')
        $stream = [IO.MemoryStream]::new()
        $builder.Save($stream)
        $old = [Runtime.Loader.AssemblyLoadContext]::Default.LoadFromStream([IO.MemoryStream]::new($stream.ToArray()))
        $old.GetName().Version | Should -Be ([version] '1.0.0.0')

        Import-Module $modulePath -ErrorAction Stop
        Test-Containerd '/nonexistent/containerd.sock' | Should -BeFalse
        (Test-Containerd '/nonexistent/containerd.sock' -Detailed).Reason | Should -Be 'SocketNotFound'
        $loaded = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'Google.Protobuf' }
        @($loaded).Count | Should -Be 2
        @($loaded | Where-Object { [Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name -eq 'ContainerdPS' }).Count | Should -Be 1
    }

    It 'carries no engine and comes back after it was removed' {
        $modulePath = if ($env:CONTAINERDPS_MODULE) { $env:CONTAINERDPS_MODULE } else { [IO.Path]::Combine($PSScriptRoot, '..', '..', 'artifacts', 'ContainerdPS') }
        [IO.Directory]::GetFiles([IO.Path]::Combine($modulePath, 'bin'), 'System.Management.Automation.dll', 'AllDirectories') | Should -BeNullOrEmpty
        Import-Module $modulePath
        Remove-Module ContainerdPS
        Get-Command Get-Container -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Import-Module $modulePath
        Test-Containerd '/nonexistent/containerd.sock' | Should -BeFalse
    }

    It 'takes every private daemon along that was started where it is removed, or where nobody is any more' {
        $modulePath = if ($env:CONTAINERDPS_MODULE) { $env:CONTAINERDPS_MODULE } else { [IO.Path]::Combine($PSScriptRoot, '..', '..', 'artifacts', 'ContainerdPS') }
        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
        $paths = $shell.AddScript({
                param($module)
                Import-Module $module
                $daemon = Start-ContainerdDaemon
                Disconnect-Containerd -WarningAction SilentlyContinue
                $other = [powershell]::Create([initialsessionstate]::CreateDefault2())
                $other.AddScript('param($module) Import-Module $module; (Start-ContainerdDaemon).Daemon.Path').AddArgument($module).Invoke()
                $other.Runspace.Dispose()
                $daemon.Daemon.Path
                Remove-Module ContainerdPS
            }).AddArgument($modulePath).Invoke()
        $shell.Dispose()
        $paths.Count | Should -Be 2
        foreach ($path in $paths) { [IO.Directory]::Exists($path) | Should -BeFalse -Because "$path is nobody's any more" }
    }

    It 'shows no type of a library in a public signature' {
        $modulePath = if ($env:CONTAINERDPS_MODULE) { $env:CONTAINERDPS_MODULE } else { [IO.Path]::Combine($PSScriptRoot, '..', '..', 'artifacts', 'ContainerdPS') }
        Import-Module $modulePath
        $own = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'ContainerdPS' } | Select-Object -First 1
        $shown = foreach ($type in $own.GetExportedTypes() | Where-Object { $_.Namespace -notlike 'ContainerdPS.Wire*' }) {
            "$type : $($type.BaseType.Assembly.GetName().Name)"
            foreach ($member in $type.GetProperties()) { "$type.$($member.Name): $($member.PropertyType.Assembly.GetName().Name)" }
            foreach ($member in $type.GetFields()) { "$type.$($member.Name): $($member.FieldType.Assembly.GetName().Name)" }
            foreach ($member in @($type.GetMethods()) + $type.GetConstructors()) {
                if ($member.ReturnType) { "$type.$($member.Name): $($member.ReturnType.Assembly.GetName().Name)" }
                foreach ($parameter in $member.GetParameters()) { "$type.$($member.Name) -$($parameter.Name): $($parameter.ParameterType.Assembly.GetName().Name)" }
            }
        }
        @($shown).Count | Should -BeGreaterThan 500
        @($shown | Where-Object { $_ -notmatch ': (System\..+|ContainerdPS)$' }) | Should -BeNullOrEmpty
    }
}
