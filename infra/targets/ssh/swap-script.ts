/**
 * Replaces a file on the host under a lock, as long as standard input lasts; a line each way for every step. Where
 * standard input ends, or five minutes have passed, before the new file was found good, the host itself puts the old
 * one back. So a connection that is cut leaves the old file or the new one. The lock is the one of proper-lockfile,
 * which whoever writes there by the transport `file` takes. Parameters: the file; twelve hexadecimal digits.
 */
export const SWAP = `
next; file=$value
next; aside=$value
umask 077
lock=$file.lock
is_stale() { touched=$(stat -c %Y "$lock" 2>/dev/null) && [ $(($(date +%s) - touched)) -gt 10 ]; }
waited=0 failed=0
until said=$(mkdir "$lock" 2>&1); do
  [ -f "$lock" ] && exit 23
  if [ ! -e "$lock" ]; then
    [ "$failed" -ge 9 ] && { printf '%s\\n' "$said" >&2; exit 20; }
    failed=$((failed + 1))
    continue
  fi
  # Of several that see it stale, one looks again and removes it, lest another removes the lock that comes after it.
  if is_stale && mkdir "$lock.takeover" 2>/dev/null; then
    is_stale && rmdir "$lock" 2>/dev/null
    rmdir "$lock.takeover"
    is_stale && exit 21
    continue
  fi
  [ "$waited" -ge 30 ] && { is_stale && exit 21; exit 22; }
  waited=$((waited + 1)); sleep 1
done
held=$(stat -c %i "$lock")
( while sleep 2 && kill -0 $$; do touch -c "$lock"; done ) </dev/null >/dev/null 2>&1 &
beat=$!

tell() { printf '%s %s\\n' "$1" "$(printf '%s' "$2" | tr '\\n' ' ')"; }
revision() {
  [ -e "$1" ] || { echo none; return; }
  sum=$(sha256sum <"$1") && echo "\${sum%% *}"
}
place() {
  [ -d "$2" ] && { echo "Is a directory" >&2; return 1; }
  chmod "$mode" "$1" || return
  [ "$(stat -c %u:%g "$1")" = "$owner" ] || chown "$owner" "$1" || return
  { sync "$1" 2>/dev/null || sync; } && mv -f "$1" "$2"
}
keep() {
  if [ "$before" = none ]; then rm -f "$file.last-good"
  else cat "$file" >"$file.last-good.$aside" && place "$file.last-good.$aside" "$file.last-good"; fi
}
swap() {
  [ -h "$file" ] || [ -d "$file" ] && { echo stale; return; }
  before=$(revision "$file")
  [ "$before" = "$expected" ] || { echo stale; return; }
  [ "$(revision "$file.$aside")" = "$new" ] || { echo torn; return; }
  if [ "$before" = none ]; then mode=600 owner=$(stat -c %u:%g "$file.$aside")
  else mode=$(stat -c %a "$file") owner=$(stat -c %u:%g "$file"); fi
  said=$(keep 2>&1) || { tell unkept "$said"; return; }
  swapped=yes
  said=$(place "$file.$aside" "$file" 2>&1) || { swapped=; tell unwritten "$said"; return; }
  echo "swapped $mode"
}
restore() {
  if [ "$before" = none ]; then rm -f "$file"
  # On a disk that is full, the file before is used up.
  else cat "$file.last-good" >"$file.$aside" && place "$file.$aside" "$file" || mv -f "$file.last-good" "$file"; fi
}

for orphan in "$file".*; do
  digits=\${orphan#"$file."}; digits=\${digits#last-good.}
  case $digits in *[!0-9a-f]*) ;; ????????????) rm -f "$orphan" ;; esac
done
echo locked
timeout -s KILL 300 cat | {
  swapped=
  while next; do
    case $value in
      swap) next; expected=$value; next; new=$value; swap ;;
      restore) swapped=; if said=$(restore 2>&1); then echo restored; else tell unrestored "$said"; fi ;;
      good) swapped=; echo good ;;
    esac
  done
  [ -z "$swapped" ] || restore
  rm -f "$file.$aside" "$file.last-good.$aside"
  kill -9 $beat
  [ "$(stat -c %i "$lock")" = "$held" ] && rmdir "$lock"
}
`;

/** Writes standard input into a new file, whole. Parameter: the file. */
export const STAGE = `
next; file=$value
umask 077
set -C
cat >"$file" || { rm -f "$file"; exit 14; }
`;
