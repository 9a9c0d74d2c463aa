#!/usr/bin/env bash
# Runs a task of build.ps1 on a machine that may have no PowerShell:  ./build.sh Build|Test|TestReleases|Demo|Shell|Bench|Clean [name]
# CONTAINERDPS_SHELL=pwsh or engine forces the shell.
set -euo pipefail
cd "$(dirname "$0")"
export POWERSHELL_TELEMETRY_OPTOUT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# As the shell itself takes it: in any case.
task=${1:-Build}
for known in Build Test TestReleases Demo Shell Bench Clean; do
  [ "${task,,}" != "${known,,}" ] || task=$known
done
case "$task" in
  Build|Test|TestReleases|Demo|Shell|Bench|Clean) ;;
  *) echo "build.sh: '$task' is not a task. Tasks: Build, Test, TestReleases, Demo, Shell, Bench, Clean." >&2; exit 2 ;;
esac
command -v dotnet >/dev/null || { echo "build.sh: the .NET SDK 10 is missing. Install it from https://dot.net and run this again." >&2; exit 3; }

# What the daemon's tests and the demo need beside the SDK. Installed when that is possible, named when it is not.
need() {
  local missing=()
  command -v containerd >/dev/null || missing+=(containerd)
  command -v runc >/dev/null || [ -x /usr/sbin/runc ] || missing+=(runc)
  command -v busybox >/dev/null || missing+=(busybox-static)
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "build.sh: installing ${missing[*]}"
    if DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null 2>&1 &&
       DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null 2>&1; then
      return
    fi
  fi
  echo "build.sh: $task needs ${missing[*]}. Install them with the system's package manager (Debian: sudo apt-get install ${missing[*]}) and run this again." >&2
  exit 3
}
case "$task" in Test|TestReleases|Demo|Bench) need ;; esac

# Shells that live for seconds compile more than they run: what a second, better compilation would gain them later costs
# them now, a fifth of a test file's processor time.
case "$task" in Test|TestReleases) export DOTNET_TieredPGO=0 DOTNET_TC_CallCounting=0 ;; esac

new_enough() {
  "$@" -NoProfile -NonInteractive -Command 'exit [int]($PSVersionTable.PSVersion -lt [version]"7.4")' >/dev/null 2>&1
}

shell=()
wanted=${CONTAINERDPS_SHELL:-}
case "$wanted" in
  ''|pwsh|engine) ;;
  *) echo "build.sh: CONTAINERDPS_SHELL is '$wanted'. It can be pwsh, engine or nothing." >&2; exit 2 ;;
esac
if [ "$wanted" != engine ]; then
  if command -v pwsh >/dev/null && new_enough pwsh; then
    shell=(pwsh -NoProfile)
    name="pwsh of the PATH"
  # A registry that does not answer must not hold up a build that can do without.
  elif timeout 60 dotnet tool restore >/dev/null 2>&1 </dev/null && new_enough dotnet tool run pwsh --; then
    shell=(dotnet tool run pwsh -- -NoProfile)
    name="pwsh as a .NET tool"
  elif [ "$wanted" = pwsh ]; then
    echo "build.sh: CONTAINERDPS_SHELL=pwsh, but no pwsh 7.4 or newer is on the PATH and the .NET tool cannot be had." >&2
    exit 3
  fi
fi
if [ ${#shell[@]} -eq 0 ]; then
  host=tests/EngineHost/bin/Release/net10.0/EngineHost.dll
  if [ ! -f "$host" ] || [ -n "$(find tests/EngineHost -type f -newer "$host" -not -path '*/obj/*' -not -path '*/bin/*' -not -path '*/selftest/*' -print -quit)" ]; then
    dotnet build tests/EngineHost --configuration Release --nologo --verbosity quiet >/dev/null || { dotnet build tests/EngineHost --configuration Release --nologo; exit 1; }
    # A build that finds nothing to compile leaves the file's time as it was.
    touch "$host"
  fi
  shell=(dotnet "$host")
  name="the engine host"
fi
echo "build.sh: $task with $name"
exec "${shell[@]}" -File build.ps1 "$@"
