#!/usr/bin/env bash
# Proves the two commands on a machine with nothing on it: a minimal Debian 12 with Node 20 (this machine's own), npm and
# git, once as root (home 0700) and once as an ordinary user (home 0700), each in a fresh clone of what is committed here.
# Usage, as root, with debootstrap installed:  scripts/fresh-machine.sh [start|test]     (start when nothing is said)
# Leaves nothing behind: everything is mounted in a namespace of its own and lies in one folder under ${TMPDIR:-/tmp}.
set -euo pipefail
what=${1:-start}
repository=$(cd "$(dirname "$0")/.." && pwd)

if [ -z "${JIESU_TEST_FRESH:-}" ]; then
  [ "$(id -u)" = 0 ] || { echo "run this as root: it makes a Debian in a folder"; exit 1; }
  command -v debootstrap >/dev/null || { echo "debootstrap is missing: apt-get install debootstrap"; exit 1; }
  folder=$(mktemp -d "${TMPDIR:-/tmp}/jiesu-fresh-XXXXXX")
  trap 'rm -rf --one-file-system "$folder"' EXIT
  export JIESU_TEST_FRESH=$folder
  unshare --mount --pid --fork --kill-child "$0" "$what" # mounts and processes end with it
  exit
fi

debian=$JIESU_TEST_FRESH/debian
chmod 755 "$JIESU_TEST_FRESH"
echo "making a minimal Debian…"
debootstrap --variant=minbase --include=git,ca-certificates bookworm "$debian" >"$JIESU_TEST_FRESH/debootstrap.log" 2>&1 ||
  { tail -5 "$JIESU_TEST_FRESH/debootstrap.log"; exit 1; }
mount -t proc proc "$debian/proc"
mkdir -p "$debian/dev/shm" && mount -t tmpfs -o mode=1777 shm "$debian/dev/shm"
cp -L /etc/resolv.conf /etc/hosts "$debian/etc/"

# The machine's own Node 20 and npm; a private registry or certificate of this machine goes with them for the run only.
npm_folder=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
cp "$(readlink -f "$(command -v node)")" "$debian/usr/bin/node"
mkdir -p "$debian/usr/lib/node_modules" && cp -a "$npm_folder" "$debian/usr/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$debian/usr/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$debian/usr/bin/npx"
settings=("PATH=/usr/bin:/bin" "LANG=C.UTF-8" "npm_config_registry=$(npm config get registry 2>/dev/null)")
if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
  cp -L "$NODE_EXTRA_CA_CERTS" "$debian/etc/jiesu-fresh-ca.pem"
  settings+=("NODE_EXTRA_CA_CERTS=/etc/jiesu-fresh-ca.pem")
fi
chroot "$debian" useradd --create-home zhao
chmod 700 "$debian/root" "$debian/home/zhao"
echo "Debian $(cat "$debian/etc/debian_version"), $(chroot "$debian" dpkg -l | grep -c ^ii) packages," \
  "Node $(chroot "$debian" node --version), npm $(chroot "$debian" npm --version)"

as() { # as USER COMMAND…: in the Debian, in that user's clone
  local home; home=$(chroot "$debian" sh -c "echo ~$1")
  chroot --userspec="$1:$1" "$debian" env -i "HOME=$home" "USER=$1" "${settings[@]}" sh -c "cd ~/jiesu && echo \$\$ >/tmp/$1.pid && exec ${*:2}"
}

start_and_stop() { # start_and_stop USER LABEL: until the workbench answers, then SIGTERM
  local log=$JIESU_TEST_FRESH/$1.log began=$SECONDS address pid server
  as "$1" npm start -- --port 0 >"$log" 2>&1 &
  pid=$!
  until address=$(grep -o 'http://127.0.0.1:[0-9]*' "$log" | head -1) && [ -n "$address" ]; do
    kill -0 "$pid" 2>/dev/null && [ $((SECONDS - began)) -lt 600 ] || { cat "$log"; return 1; }
    sleep 0.2
  done
  chroot "$debian" node -e 'fetch(process.argv[1]).then(async (r) => { const t = await r.text();
    if (r.status !== 200 || !t.includes("<div id=")) { console.log(r.status, t.slice(0, 500)); process.exit(1); } })' "$address/"
  server=$(sed 's/.*"pid":\([0-9]*\).*/\1/' "$debian$(chroot "$debian" sh -c "echo ~$1")/jiesu/.jiesu/server.json")
  echo "$1: $2 npm start serves the workbench after $((SECONDS - began)) s"
  kill -TERM "$(cat "$debian/tmp/$1.pid")" # npm itself, which hands it on
  wait "$pid" || true
  while kill -0 "$server" 2>/dev/null; do sleep 0.1; done
  [ "$2" != cold ] || sed 's/^/    /' "$log"
}

for user in root zhao; do
  home=$(chroot "$debian" sh -c "echo ~$user")
  git clone --quiet --no-hardlinks "file://$repository" "$debian$home/jiesu"
  chroot "$debian" chown -R "$user:$user" "$home/jiesu"
  if [ "$what" = test ]; then
    began=$SECONDS
    as "$user" npm test
    echo "$user: npm test passes after $((SECONDS - began)) s"
  else
    start_and_stop "$user" cold
    start_and_stop "$user" warm
  fi
  chroot "$debian" git -C "$home/jiesu" -c safe.directory='*' status --short
done
