#!/bin/bash
# Run once before the nodes of KurrentDB: an authority of our own (five years) and a certificate for each node (one year), made by
# the vendor's tool. What is there is left as it is; RENEW=nodes makes the nodes' certificates anew under the same authority.
set -euo pipefail
umask 077
KURRENT=1001:1001 # The user of the image of KurrentDB.

if [ ! -e /authority/ca.key ]; then
  rm -rf /authority/new
  es-gencert-cli create-ca -out /authority/new
  mv /authority/new/ca.crt /authority/ca.crt
  mv /authority/new/ca.key /authority/ca.key # Last: without it all is made anew.
fi
if [ ! -e /trust/ca.crt ]; then
  cp /authority/ca.crt /trust/ca.crt.new
  chmod 444 /trust/ca.crt.new
  mv /trust/ca.crt.new /trust/ca.crt
fi
chmod 755 /trust /node-1 /node-2 /node-3

for n in 1 2 3; do
  [ -e "/node-$n/node.crt" ] && [ "${RENEW:-}" != nodes ] && continue
  rm -rf /authority/node
  es-gencert-cli create-node -ca-certificate /authority/ca.crt -ca-key /authority/ca.key -out /authority/node \
    -ip-addresses 127.0.0.1 -dns-names "localhost,kurrentdb-$n"
  cp /authority/node/node.key "/node-$n/node.key.new"
  cp /authority/node/node.crt "/node-$n/node.crt.new"
  chmod 400 "/node-$n/node.key.new"
  chmod 444 "/node-$n/node.crt.new"
  chown "$KURRENT" "/node-$n/node.key.new" "/node-$n/node.crt.new"
  mv -f "/node-$n/node.key.new" "/node-$n/node.key"
  mv -f "/node-$n/node.crt.new" "/node-$n/node.crt"
  rm -rf /authority/node
done
