#!/bin/sh
# `make bare`: the README's words tried in a fresh clone on a bare Debian 12, as root and as an ordinary user.
# Needs root. The way to the package servers (apt, pip, certificates, proxy) is copied from this machine while it runs and is never committed.
set -eu

house=$(cd "$(dirname "$0")/.." && pwd)
bare=${BARE:-/var/tmp/lineside-bare}
suite=bookworm
roots_home=$(getent passwd root | cut -d: -f6)
tell() { printf '\n== %s\n' "$*"; }

[ "$(id -u)" = 0 ] || { echo "make bare needs root: sudo make bare" >&2; exit 1; }
command -v debootstrap >/dev/null || { apt-get update -qq; apt-get install -y -qq --no-install-recommends debootstrap; }

release() {
    # a run that was broken off may leave the embedded server behind: end only what lives inside the bare root
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/root" 2>/dev/null)" = "$bare" ]; then kill "${process#/proc/}" 2>/dev/null || true; fi
    done
    awk -v root="$bare/" 'index($2, root) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mounted; do umount -l "$mounted"; done
}
trap release EXIT INT TERM
release

tell "A bare Debian 12 in $bare"
mirror=$(sed -n 's/^URIs: *\(http[^ ]*debian\) *$/\1/p; s/^deb \(http[^ ]*debian\/*\) .*main.*/\1/p' /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1)
[ -e "$bare/etc/debian_version" ] || debootstrap --variant=minbase --include=ca-certificates "$suite" "$bare" "${mirror:-http://deb.debian.org/debian}"

tell "The way to the package servers, as on this machine"
for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/xdg/pip "$roots_home/.config/pip" "$roots_home/.pip" /etc/ssl/certs/ca-certificates.crt /etc/apt/apt.conf.d /etc/apt/auth.conf.d; do
    if [ -e "$file" ]; then mkdir -p "$bare$(dirname "$file")"; cp -rL "$file" "$bare$(dirname "$file")/"; fi
done
rm -f "$bare/etc/apt/apt.conf.d/docker-clean"
mount -t proc proc "$bare/proc"
mount --rbind /dev "$bare/dev" && mount --make-rslave "$bare/dev"
# folders of this machine that pip's settings name
{ env | sed -n 's/^PIP_[A-Z_]*=//p'; python3 -m pip config list 2>/dev/null | sed "s/^[^=]*='\(.*\)'$/\1/"; } | tr ' ' '\n' | sed 's#^file://##' | sort -u | while read -r folder; do
    case $folder in
        /*) if [ -d "$folder" ]; then top=$(echo "$folder" | cut -d/ -f1-3); mkdir -p "$bare$top"; mountpoint -q "$bare$top" || mount --bind -o ro "$top" "$bare$top"; fi ;;
    esac
done

tell "The packages of tools/debian-packages.txt, by the README's command"
packages=$(grep -v '^#' "$house/tools/debian-packages.txt" | tr '\n' ' ')
inside() { # inside USER COMMAND…
    user=$1; shift
    home=$(chroot "$bare" getent passwd "$user" | cut -d: -f6)
    chroot "$bare" setpriv --reuid "$user" --regid "$user" --init-groups env -i HOME="$home" USER="$user" LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin $(env | grep -E '^(PIP_[A-Z_]*|[a-z]*_proxy|[A-Z]*_PROXY)=' | grep -v ' ') "$@"
}
inside root apt-get update -qq
# shellcheck disable=SC2086 # a list of words
inside root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
chroot "$bare" getent passwd clerk >/dev/null || inside root useradd --create-home --shell /bin/bash clerk
for folder in .config/pip .pip; do
    if [ -e "$roots_home/$folder" ]; then mkdir -p "$bare/home/clerk/$(dirname "$folder")"; cp -rL "$roots_home/$folder" "$bare/home/clerk/$(dirname "$folder")/"; fi
done
chroot "$bare" chown -R clerk:clerk /home/clerk

for user in root clerk; do
    home=$(chroot "$bare" getent passwd "$user" | cut -d: -f6)
    tell "A fresh clone for $user"
    rm -rf "$bare$home/lineside"
    git -c safe.directory='*' clone -q --no-hardlinks "$house" "$bare$home/lineside"
    chroot "$bare" chown -R "$user:$user" "$home/lineside"
    for command in ${BARE_COMMANDS:-test run}; do
        tell "make $command as $user"
        inside "$user" make -C "$home/lineside" "$command" </dev/null
    done
done
tell "make ${BARE_COMMANDS:-test run}: each works as root and as an ordinary user on a bare Debian 12"
