#!/bin/sh
# Makes the folder of secrets that docker/compose.yaml takes (YIKA_SECRETS). What is there already is left as it is.
# The folder is for its owner alone; the files in it can be read by whichever user a container runs as.
set -eu
[ $# -eq 1 ] || { echo "用法 · usage: sh docker/make-secrets.sh <目录 folder>" >&2; exit 64; }
umask 077
mkdir -p "$1"
chmod 700 "$1"
cd "$1"

# keep <file> <content>
keep() {
  [ -e "$1" ] && { echo "$1: 已有，未改动 · is there, left as it is"; return; }
  printf '%s\n' "$2" > "$1.new"
  chmod 444 "$1.new"
  mv "$1.new" "$1"
  echo "$1: 已生成 · made"
}

for name in master-key kurrentdb-admin-password kurrentdb-ops-password postgres-password read-models-password vault-password; do
  keep "$name" "$(openssl rand -hex 32)"
done
# The engine, user 1000 in its container, warns of a master key that others could read.
case $(id -u) in
  0) chown 1000 master-key && chmod 400 master-key ;;
  1000) chmod 400 master-key ;;
  *) echo "master-key: 请以 root 执行 chown 1000、chmod 400 · as root: chown 1000 and chmod 400 it, else the engine warns" >&2 ;;
esac
keep store-address "esdb://admin:$(cat kurrentdb-admin-password)@kurrentdb-1:2113,kurrentdb-2:2113,kurrentdb-3:2113?tls=true&tlsCAFile=/certificates/trust/ca.crt"
keep read-models-address "postgres://yika_views:$(cat read-models-password)@postgres:5432/yika_views"
keep vault-address "postgres://yika_vault:$(cat vault-password)@postgres:5432/yika_vault"
