#!/bin/sh
# Cleans up after a private containerd whose owner ended without doing so. Standard input is a pipe the owner holds open:
# the word "done" on it means that nothing is left to do, its end without that word that the owner is gone.
# Plain POSIX shell with the tools any busybox has. DaemonCleaner.cs is the same in C#; change both.
#
# watchdog.sh FOLDER ADDRESS RUNTIME

base=$1
address=$2
runtime=$3

# The shells we run under drop NUL bytes when reading, so a cheap look comes before the exact one.
has_argument_pair() {
    line=
    IFS= read -r line 2>/dev/null <"/proc/$1/cmdline"
    case $line in *"$3"*) ;; *) return 1 ;; esac
    tr '\0\n' '\n ' 2>/dev/null <"/proc/$1/cmdline" | {
        previous=
        while IFS= read -r argument; do
            [ "$previous" = "$2" ] && [ "$argument" = "$3" ] && exit 0
            previous=$argument
        done
        exit 1
    }
}

# Prints state and parent of a process; the name before them may hold anything but ends with the last parenthesis.
state_and_parent() {
    line=
    IFS= read -r line 2>/dev/null <"/proc/$1/stat" || return 1
    set -- ${line##*) }
    state=$1
    parent=$2
    [ "$state" != Z ] && [ "$state" != X ]
}

processes() {
    for entry in /proc/[0-9]*; do
        echo "${entry#/proc/}"
    done
}

daemons() {
    for id in $(processes); do
        has_argument_pair "$id" --root "$base/root" && state_and_parent "$id" && echo "$id"
    done
}

shims() {
    for id in $(processes); do
        has_argument_pair "$id" -address "$address" || continue
        case $line in *-namespace*-id*) state_and_parent "$id" && echo "$id" ;; esac
    done
}

# All living descendants of the given processes.
descendants() {
    known=" $* "
    grown=yes
    while [ -n "$grown" ]; do
        grown=
        for entry in /proc/[0-9]*; do
            id=${entry#/proc/}
            case $known in *" $id "*) continue ;; esac
            state_and_parent "$id" || continue
            case $known in
            *" $parent "*)
                known="$known$id "
                grown=yes
                echo "$id"
                ;;
            esac
        done
    done
}

pause() {
    sleep 0.05 2>/dev/null || sleep 1
}

# Kills what the given command prints until it prints nothing.
end_all() {
    attempts=100
    while [ $attempts -gt 0 ]; do
        targets=$("$@")
        [ -z "$targets" ] && return 0
        kill -9 $targets 2>/dev/null
        attempts=$((attempts - 1))
        pause
    done
    echo "still running: $targets"
}

shim_descendants() {
    parents=$(shims)
    [ -n "$parents" ] && descendants $parents
}

# Without its shim a container's first process is known by its id only, which may have been given to another since.
orphans() {
    for bundle in "$base"/state/*/*/*; do
        [ -f "$bundle/init.pid" ] || continue
        cgroup=$(json_text cgroupsPath "$bundle/config.json")
        init=
        IFS= read -r init 2>/dev/null <"$bundle/init.pid"
        [ -n "$init" ] && [ -n "$cgroup" ] || continue
        grep -q ":$cgroup\$" "/proc/$init/cgroup" 2>/dev/null && state_and_parent "$init" && echo "$init"
    done
}

json_text() {
    [ -f "$2" ] && sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$2" 2>/dev/null
}

# The runtime's folder for a container if its state is ours: another daemon's container may have the same id.
own_state() {
    namespace=${bundle%/*}
    namespace=${namespace##*/}
    id=${bundle##*/}
    root=$(json_text root "$bundle/options.json")
    root=${root:-/run/containerd/runc}/$namespace
    [ -d "$root/$id" ] || return 1
    if [ -s "$root/$id/state.json" ]; then
        grep -qF "\"bundle=$bundle\"" "$root/$id/state.json"
    else
        [ "$root/$id" -nt "$base/baseline" ]
    fi
}

was_there_before() {
    grep -qxF -- "$1" "$base/baseline"
}

remove_new_folder() {
    case $1 in /run/containerd*) was_there_before "$1" || rmdir "$1" 2>/dev/null ;; esac
}

# Sockets and fifos of the shims in folders that all daemons share.
outside_files() {
    for file in "$base"/state/*/*/*/address "$base"/state/*/*/*/bootstrap.json; do
        [ -f "$file" ] && printf '%s"\n' "$(cat "$file")" | sed -n 's/.*unix:\/\/\(\/run\/containerd\/[^"]*\)".*/\1/p'
    done
    for id in $(shims); do
        for link in /proc/"$id"/fd/*; do
            target=$(readlink "$link") || continue
            case $target in
            /run/containerd/fifo/*)
                echo "$target"
                ;;
            socket:*)
                inode=${target#*[}
                sed -n "s/^.* ${inode%]} \(\/run\/containerd\/.*\)\$/\1/p" /proc/net/unix
                ;;
            esac
        done
    done
}

hierarchies() {
    if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
        echo /sys/fs/cgroup
    else
        for entry in /sys/fs/cgroup/*; do
            [ -d "$entry" ] && [ ! -L "$entry" ] && echo "$entry"
        done
    fi
}

remove_cgroup() {
    case $1 in /?*) ;; *) return ;; esac
    case $1/ in */../*) return ;; esac
    for hierarchy in $(hierarchies); do
        was_there_before "$hierarchy$1" && continue
        attempts=20
        while [ -d "$hierarchy$1" ] && [ $attempts -gt 0 ]; do
            find "$hierarchy$1" -depth -type d -exec rmdir {} \; 2>/dev/null
            [ -d "$hierarchy$1" ] && pause
            attempts=$((attempts - 1))
        done
        top=${1#/}
        was_there_before "$hierarchy/${top%%/*}" && continue
        parent=${1%/*}
        while [ -n "$parent" ]; do
            rmdir "$hierarchy$parent" 2>/dev/null
            [ -d "$hierarchy$parent" ] && break
            parent=${parent%/*}
        done
    done
}

# Mount points below the folder, the latest first, which is the order they can be unmounted in. With an argument also those
# at which something of the folder is mounted, told by its name: a bind mount of what is in it, or an overlay.
mounts() {
    found=
    while read -r _ _ _ inner point rest; do
        case $point in *\\*) point=$(printf '%b' "$point") ;; esac
        case $point in
        "$base"/*) ;;
        *)
            [ -n "$1" ] || continue
            case "$inner $rest" in *"/${base##*/}/"*) ;; *) continue ;; esac
            ;;
        esac
        found="$point
$found"
    done </proc/self/mountinfo
    printf '%s' "$found"
}

clean_up() {
    end_all daemons
    outside=$(outside_files)

    for bundle in "$base"/state/*/*/*; do
        own_state || continue
        named=
        [ -f "$bundle/runtime" ] && IFS= read -r named <"$bundle/runtime"
        case $named in /*) ;; *) named=$runtime ;; esac
        "$named" --root "$root" delete --force "$id" </dev/null
    done
    end_all shim_descendants
    end_all orphans
    end_all shims

    printf '%s\n' "$outside" | while IFS= read -r path; do
        [ -n "$path" ] || continue
        rm -f "$path"
        case $path in /run/containerd/fifo/*/*) rmdir "${path%/*}" 2>/dev/null ;; esac
    done

    for bundle in "$base"/state/*/*/*; do
        [ -d "$bundle" ] || continue
        own_state && rm -rf "${root:?}/${id:?}"
        remove_cgroup "$(json_text cgroupsPath "$bundle/config.json")"
        remove_new_folder "$root"
    done
    for path in "$base"/state/*/*; do
        [ -d "$path" ] || continue
        remove_new_folder "/run/containerd/runc/${path##*/}"
        for hierarchy in $(hierarchies); do
            was_there_before "$hierarchy/${path##*/}" || rmdir "$hierarchy/${path##*/}" 2>/dev/null
        done
    done
    for folder in /run/containerd/runc /run/containerd/s /run/containerd/fifo /run/containerd; do
        remove_new_folder "$folder"
    done

    mounts all | while IFS= read -r point; do
        umount "$point" 2>/dev/null || umount -l "$point"
    done

    # Deleting through a mount that is still there would delete what is mounted.
    if [ -n "$(mounts)" ]; then
        echo "still mounted: $(mounts)"
        exit 1
    fi
    rm -rf "${base:?}"
}

main() {
    cd / || exit 1
    trap '' HUP INT TERM
    while IFS= read -r word; do
        [ "$word" = "done" ] && exit 0
    done
    [ -f "$base/watchdog.sh" ] && clean_up
    exit
}

main
