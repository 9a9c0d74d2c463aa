#!/usr/bin/env bash
# Fetches Debian's docker-registry, once. The last line it prints is the program or, with exit code 1, why it cannot be
# had here. Nothing is installed: the package would start a service.
#
# CONTAINERDPS_CACHE            where it is kept; default: containerdps below ${XDG_CACHE_HOME:-~/.cache}
set -euo pipefail

give_up() {
  echo "$*"
  exit 1
}

[ "$(uname -s)" = Linux ] || give_up "this is not Linux."
if command -v docker-registry; then exit; fi
cache=${CONTAINERDPS_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/containerdps}
program=$cache/docker-registry/usr/bin/docker-registry
if [ ! -x "$program" ]; then
  for tool in apt-get dpkg-deb flock; do command -v "$tool" >/dev/null || give_up "this machine has no $tool to fetch docker-registry with."; done
  mkdir -p "$cache" 2>/dev/null || give_up "the folder '$cache' for it cannot be made."

  # Two runs at once: the second finds what the first fetched.
  exec 9>"$cache/docker-registry.lock"
  flock 9
  if [ ! -x "$program" ]; then
    work=$(mktemp -d "$cache/.fetching-XXXXXX")
    trap 'rm -rf "$work"' EXIT
    chmod 755 "$work"
    cd "$work"
    if ! apt-get download docker-registry >log 2>&1 </dev/null; then
      apt-get update -qq >/dev/null 2>&1 </dev/null || true
      apt-get download docker-registry >log 2>&1 </dev/null || give_up "apt-get cannot fetch docker-registry: $(grep -E '^E:' log | tail -n 1 || true)"
    fi
    dpkg-deb -x docker-registry_*.deb root
    rm -rf "$cache/docker-registry"
    mv root "$cache/docker-registry"
  fi
fi
"$program" --version >/dev/null 2>&1 || give_up "docker-registry was fetched and does not run here."
echo "$program"
