#!/bin/sh
# Run once by the image of PostgreSQL, on an empty volume: a database and a user for the read models, and others for the vault.
set -eu
for name in views vault; do
  case $name in views) file=read-models-password ;; vault) file=vault-password ;; esac
  # psql reads the password itself: it stands on no command line.
  PASSWORD_FILE=${SECRETS:-/run/secrets}/$file psql --no-psqlrc --set=ON_ERROR_STOP=1 --quiet --username="${POSTGRES_USER:-postgres}" \
    --dbname=postgres --set=name="yika_$name" <<'SQL'
\set password `cat "$PASSWORD_FILE"`
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
