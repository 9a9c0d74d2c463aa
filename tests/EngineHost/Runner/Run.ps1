# Runs discovered files. The blocks of a test file are dot-sourced into the scopes made here, so that what BeforeAll
# sets is seen by the tests and what a test sets is gone after it. The names are long because the blocks see them.
param($______run)

$______test = {
    param($______node)
    if (-not $______run.Begin($______node)) { return }
    foreach ($______entry in $______node.Variables.GetEnumerator()) {
        $ExecutionContext.SessionState.PSVariable.Set($______entry.Key, $______entry.Value)
    }
    $______splat = $______node.Parameters
    try {
        foreach ($______script in $______node.BeforeEach) { $null = . $______script @______splat }
        if ($______node.TitleScript) { $______node.Title = . $______node.TitleScript }
        $______whole = $false
        foreach ($______once in 1) {
            $null = . $______node.Script @______splat
            $______whole = $true
        }
        if (-not $______whole) { throw 'The test was left by break or continue.' }
    }
    catch { $______run.Fail($______node, $_) }
    foreach ($______script in $______node.AfterEach) {
        try { $null = . $______script @______splat } catch { $______run.Fail($______node, $_) }
    }
    $______run.End($______node)
}

$______block = {
    param($______node)
    foreach ($______entry in $______node.Variables.GetEnumerator()) {
        $ExecutionContext.SessionState.PSVariable.Set($______entry.Key, $______entry.Value)
    }
    $______splat = $______node.Parameters
    $______ready = $true
    try {
        if ($______node.TitleScript) { $______node.Title = . $______node.TitleScript }
        $______run.Enter($______node)
        foreach ($______script in $______node.BeforeAll) { $null = . $______script @______splat }
    }
    catch {
        $______ready = $false
        $______run.FailAll($______node, $_)
    }
    if ($______ready) {
        foreach ($______item in $______node.Items) {
            if ($______item.IsBlock) { & $______block $______item } else { & $______test $______item }
        }
    }
    foreach ($______script in $______node.AfterAll) {
        try { $null = . $______script @______splat } catch { $______run.FailBlock($______node, $_) }
    }
    $______run.Leave($______node)
}

foreach ($______file in $______run.Files) { & $______block $______file }
