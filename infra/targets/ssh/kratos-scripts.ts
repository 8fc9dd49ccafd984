/** Has an executable tell its version. Parameter: its path, or a name on PATH. */
export const VERSION = `
next; binary=$value
case $binary in
  */*)
    [ -d "$binary" ] && exit 13
    [ -e "$binary" ] || exit 10
    [ -x "$binary" ] || exit 14 ;;
  *) command -v "$binary" >/dev/null || exit 10 ;;
esac
cd /
timeout -s KILL 10 "$binary" version </dev/null
`;

/**
 * Runs an executable on the rest of standard input. Parameters: the longest time in seconds, the executable, and its
 * arguments behind their number.
 */
export const START = `
next; limit=$value
next; binary=$value
next; count=$value
set --
while [ "$count" -gt 0 ]; do next; set -- "$@" "$value"; count=$((count - 1)); done
cd /
timeout -s KILL "$limit" "$binary" "$@" 2>&1
`;

/**
 * Starts a Kratos in a folder of its own, once a line comes in; ends it and removes the folder when standard input
 * ends, so that a connection that is cut leaves nothing behind, or after two minutes, so that one that has gone silent
 * does not, either. Parameters: the executable, the folder to start in, and the names and values of environment
 * variables behind their number.
 */
export const GUARD = `
next; binary=$value
next; cwd=$value
next; count=$value
set --
while [ "$count" -gt 0 ]; do next; name=$value; next; set -- "$@" "$name=$value"; count=$((count - 1)); done
folder=$(mktemp -d /tmp/ory-XXXXXXXXXXXX) || exit 20
echo "$folder"
[ -n "$(timeout -s KILL 60 head -n 1)" ] || { rm -rf "$folder"; exit; }
exec 4<&0
cd "$cwd" || { rm -rf "$folder"; exit 21; }
# No variable of the shell's own is read once Kratos's are set, and none stands in a command line.
(
  set -- "$@" "$(command -v "$binary")" "$folder"
  while [ $# -gt 2 ]; do export "$1"; shift; done
  exec "$1" serve -c "$2/kratos.yml" --sqa-opt-out
) </dev/null 2>&1 4<&- &
kratos=$!
# The shell itself would tell how Kratos ended.
exec >/dev/null 2>&1
{ timeout -s KILL 120 cat <&4; rm -rf "$folder"; kill -9 $kratos; } &
watch=$!
wait $kratos
code=$?
kill -9 $watch
rm -rf "$folder"
exit $code
`;
