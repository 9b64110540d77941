#!/bin/sh
# Settings that hold a password come as files: what YIKA_…_FILE names is read into YIKA_… of the process alone, where no
# inspection of the container shows it. The file of the master key is read by the engine itself.
set -eu
for name in YIKA_STORE YIKA_READ_MODELS YIKA_VAULT; do
  eval "file=\${${name}_FILE:-} given=\${${name}:-}"
  [ -n "$file" ] || continue
  if [ -n "$given" ]; then
    echo "${name} 与 ${name}_FILE 只能设置其一 · give ${name} or ${name}_FILE, not both" >&2
    exit 78
  fi
  if ! value=$(cat "$file"); then
    echo "${name}_FILE：无法读取 ${file} · cannot be read" >&2
    exit 78
  fi
  export "$name=$value"
  unset "${name}_FILE"
done
exec "$@"
