#!/usr/bin/env bash
# Prepares a release of containerd in a root folder of its own, once. The last line it prints is the folder with the
# release's programs or, with exit code 1, why it cannot be had here.
#
#   prepare.sh RELEASE            one of: 1.6 1.7 2
#
# CONTAINERDPS_CACHE            where the roots are kept; default: containerdps below ${XDG_CACHE_HOME:-~/.cache}
# CONTAINERDPS_DEBIAN_MIRROR    the Debian archive; default: the one this machine's apt is set up with
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# To be changed with what is done to a root below: older roots are then made anew.
recipe=1
packages=containerd,runc,criu,iptables,busybox-static
tools=(debootstrap unshare pivot_root flock)

give_up() {
  echo "$*"
  exit 1
}

release=${1-}
case "$release" in
  1.6) suite=bookworm ;;
  1.7) suite=trixie ;;
  2)   suite=forky ;;
  *) give_up "'$release' is no release this can prepare. Name 1.6, 1.7 or 2." ;;
esac

# Prints the address of the archive; apt knows the mirrors of this machine, whichever files they are written in.
mirror() {
  if [ -n "${CONTAINERDPS_DEBIAN_MIRROR:-}" ]; then
    echo "$CONTAINERDPS_DEBIAN_MIRROR"
    return
  fi
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Component: main' 2>/dev/null |
    sort | uniq -c | sort -rn | awk 'NR == 1 { print $2 }'
}

install_tools() {
  local missing=() tool
  for tool in "${tools[@]}"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  [ ${#missing[@]} -eq 0 ] && return
  if [ "${missing[*]}" = debootstrap ]; then
    echo "installing debootstrap"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null 2>&1 </dev/null || true
    apt-get install -y -qq --no-install-recommends debootstrap >/dev/null 2>&1 </dev/null && return
  fi
  give_up "${missing[*]} cannot be found, and it takes that to prepare a root folder."
}

# Debian's debootstrap of one release does not know the later ones by name; their script is that of sid.
scripts() {
  if [ -e "/usr/share/debootstrap/scripts/$suite" ]; then
    echo /usr/share/debootstrap
    return
  fi
  cp -a /usr/share/debootstrap "$work/debootstrap"
  ln -s sid "$work/debootstrap/scripts/$suite"
  echo "$work/debootstrap"
}

# debootstrap fetches by itself, past apt's own settings.
use_proxy_of_apt() {
  local proxy
  proxy=$(apt-config shell proxy Acquire::http::Proxy 2>/dev/null) || return 0
  eval "$proxy"
  if [ -n "${proxy:-}" ] && [ "$proxy" != DIRECT ] && [ -z "${http_proxy:-}" ]; then export http_proxy=$proxy; fi
}

make_root() {
  local root=$work/root archive
  install_tools
  archive=$(mirror)
  if [ -z "$archive" ]; then
    apt-get update -qq >/dev/null 2>&1 </dev/null || true
    archive=$(mirror)
  fi
  [ -n "$archive" ] || give_up "apt is set up with no Debian archive to take '$suite' from. CONTAINERDPS_DEBIAN_MIRROR can name one."
  use_proxy_of_apt

  echo "preparing containerd $release from Debian $suite in $place (some 230 MB, a minute or two)"
  # In a mount namespace of its own, so that what it mounts in the root goes with it however it ends.
  DEBOOTSTRAP_DIR=$(scripts) unshare --mount debootstrap --variant=minbase --include="$packages" "$suite" "$root" "$archive" \
    >"$work/log" 2>&1 </dev/null ||
    give_up "debootstrap could not make '$suite': $(grep -E '^(E|W):' "$work/log" | tail -n 1 | tr -d '\n' || true)"

  # A daemon that pulls by name from this machine looks there.
  printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
  mkdir -p "$root/.outside"
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/cache/apt/*.bin "$root"/var/lib/apt/lists/* \
    "$root"/usr/share/{doc,locale,man}
  mkdir -p "$place"
  rm -rf "$place/root" "$place/prepared"
  mv "$root" "$place/root"
  echo "$recipe" >"$place/prepared"
}

[ "$(uname -s)" = Linux ] || give_up "this is not Linux."
[ "$(id -u)" -eq 0 ] || give_up "it takes root to prepare a root folder."
command -v apt-get >/dev/null || [ -n "${CONTAINERDPS_DEBIAN_MIRROR:-}" ] || give_up "this machine has no apt to ask for a Debian archive. CONTAINERDPS_DEBIAN_MIRROR can name one."

cache=${CONTAINERDPS_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/containerdps}
mkdir -p "$cache" 2>/dev/null || give_up "the folder '$cache' for the releases cannot be made."
cache=$(cd "$cache" && pwd -P)
place=$cache/containerd-$release

# Two runs at once: the second finds what the first made.
exec 9>"$cache/containerd-$release.lock"
flock 9
work=$(mktemp -d "$cache/.making-XXXXXX")
trap 'rm -rf "$work"' EXIT
[ "$(cat "$place/prepared" 2>/dev/null)" = "$recipe" ] || make_root

# Written each time, so that roots kept from earlier have the present one; moved, because a daemon may be starting by it.
mkdir -p "$place/bin"
cp "$here/enter-root.sh" "$work/enter-root.sh"
chmod 755 "$work/enter-root.sh"
mv -f "$work/enter-root.sh" "$place/bin/containerd"
for program in runc containerd-shim-runc-v2; do ln -sfn containerd "$place/bin/$program"; done

# Not for the tests, whose ctr is the machine's own: for benchmarks against that of the same release.
mkdir -p "$place/clients"
ln -sfn ../bin/containerd "$place/clients/ctr"

# The same paths name the same programs inside, for who is told a program's path and starts it there.
mkdir -p "$place/root$place/bin"
for program in bin/containerd bin/containerd-shim-runc-v2 sbin/runc; do
  ln -sfn "/usr/$program" "$place/root$place/bin/${program#*/}"
done

version=$("$place/bin/containerd" --version 2>"$work/log") ||
  give_up "the root folder cannot be entered: $(tail -n 1 "$work/log")"
echo "containerd $release is prepared: $version"
echo "$place/bin"
