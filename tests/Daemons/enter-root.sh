#!/bin/sh
# Runs the program it is called by the name of (containerd, runc) in the root folder beside this folder:
#   RELEASE/bin/containerd ARGUMENT...  ->  containerd ARGUMENT... with RELEASE/root as its root
# in a mount namespace of its own, as the same process. A chroot would not do: CRIU wants the root to be a mount.
#
# The same inside and outside, at the same paths: processes, devices, cgroups, /run (runc's states, the shims' sockets)
# and the one folder in which the daemon's own folder and the tests' files are. All mounts end with the last process.
set -eu

enter() {
    mount --bind "$root" "$root"
    mount --rbind /proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mount --bind /run "$root/run"
    mkdir -p "$root$shared"
    mount --bind "$shared" "$root$shared"
    cd "$root"
    pivot_root . .outside
    # From here on every program is the release's own.
    umount -l /.outside
    cd /
}

if [ "${1-}" != --entered ]; then
    self=$(readlink -f "$0")
    root=$(dirname "$(dirname "$self")")/root
    # A daemon's folder is named by its --root FOLDER/root; what lies beside it is the temporary folder.
    shared=/tmp
    previous=
    for argument in "$@"; do
        if [ "${0##*/}" = containerd ] && [ "$previous" = --root ]; then
            shared=$(dirname "$(dirname "$argument")")
        fi
        previous=$argument
    done
    exec unshare --mount --propagation private "$self" --entered "$root" "$shared" "${0##*/}" "$@"
fi

root=$2
shared=$3
program=$4
shift 4
enter
exec "$program" "$@"
