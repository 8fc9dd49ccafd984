/** The units that a host gets. */
export const UNITS = [
  "kratos.service",
  "kratos-courier.service",
  "kratos-reload.path",
  "kratos-reload.service",
];

/** The last line of what a script reads: without it, the connection was cut on the way. */
export const END = "#end-of-input";

/**
 * Makes the folder, and in it an empty identity.yml that the one who signs in may replace and Kratos may read. The
 * folder hands its group on to new files. One that holds other things is left as it is, unless it was made so before.
 * Arguments: folder, service user, who signs in.
 */
export const FOLDER = `
if [ -d "$1" ] && [ "$(stat -L -c %a "$1")" != 2750 ]; then
  other=$(ls -A "$1" | grep -v -e "^kratos[.]yml" -e "^identity[.]yml" | head -n 1)
  [ -z "$other" ] || {
    echo "$1 holds $other, which others may use, and would get another owner and mode: name a folder of Kratos's own as dir" >&2
    exit 1
  }
fi
getent passwd "$2" >/dev/null || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin "$2"
mkdir -p "$1"
chown "$3:$2" "$1"
chmod 2750 "$1"
if [ ! -e "$1/identity.yml" ]; then
  umask 077
  echo "{}" >"$1/identity.yml.new"
  mv "$1/identity.yml.new" "$1/identity.yml"
fi
for file in "$1/identity.yml" "$1/identity.yml.last-good"; do
  [ ! -e "$file" ] || { chown "$3:$2" "$file"; chmod 640 "$file"; }
done
`;

/**
 * Puts standard input, without END, in the place of kratos.yml in one step; Kratos reads it, and so does the one who
 * signs in, for plans. Arguments: folder, service user, who signs in.
 */
export const OPERATOR = `
umask 077
cat >"$1/kratos.yml.new"
[ "$(tail -n 1 "$1/kratos.yml.new")" = "${END}" ] || {
  rm "$1/kratos.yml.new"
  echo "$1/kratos.yml did not arrive as a whole; the old one is in force" >&2
  exit 1
}
sed -i '$d' "$1/kratos.yml.new"
chown "$3:$2" "$1/kratos.yml.new"
chmod 640 "$1/kratos.yml.new"
sync
mv "$1/kratos.yml.new" "$1/kratos.yml"
sha256sum "$1/kratos.yml" | cut -c 1-64
`;

/**
 * Installs the units on standard input, each behind a line with its name, and END. A kratos.service of another
 * KratosHost is left, unless it runs with the same folder: then this one has been renamed. Arguments: this one's mark,
 * its folder, the names of the units.
 */
export const INSTALL = `
owner=$1; dir=$2; shift 2
installed=/etc/systemd/system/kratos.service
if [ -e "$installed" ] && ! grep -qxF -e "$owner" "$installed" && ! grep -qF -e " -c $dir/kratos.yml " "$installed"; then
  echo "$installed runs with another folder than $dir: $(head -n 1 "$installed"); a host runs one Kratos, so destroy what has installed that unit, or remove it" >&2
  exit 1
fi
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
file= line=
while IFS= read -r line && [ "$line" != "${END}" ]; do
  case $line in
    "#unit "*) file=\${line#"#unit "} ;;
    *) printf "%s\\n" "$line" >>"$file" ;;
  esac
done
[ "$line" = "${END}" ] || { echo "the units did not arrive as a whole; the old ones are in force" >&2; exit 1; }
for unit in "$@"; do install -m 644 "$unit" "/etc/systemd/system/$unit"; done
cat "$folder"/* | sha256sum | cut -c 1-64
cd /
systemctl daemon-reload
`;

/**
 * Brings the database to what the executable needs. What Kratos prints may hold values of its configuration. Arguments:
 * folder, executable, service user.
 */
export const MIGRATE = `
runuser -u "$3" -- "$2" migrate sql -e --yes -c "$1/kratos.yml" -c "$1/identity.yml" >/dev/null 2>&1 || {
  echo "kratos migrate sql failed: run it there as $3 to see why, with -e -c $1/kratos.yml -c $1/identity.yml" >&2
  exit 1
}
`;

/**
 * Has the server and the courier run with what the files say, and says how it is. Without an identity config, Kratos
 * may have no schema and not start: then the units wait for the first one. Arguments: folder, executable, service user,
 * URL of the Admin API, which is empty where the executable cannot ask it.
 */
export const SERVER = `
files="-c $1/kratos.yml -c $1/identity.yml"
is_ready() {
  [ -z "$4" ] || env -i timeout 2 "$2" remote status --format json -e "$4" 2>/dev/null | grep -q '"ready":true'
}
lacks_identity_config() {
  [ "$(cat "$1/identity.yml")" = "{}" ] || return
  faults=$(timeout 10 runuser -u "$3" -- "$2" serve $files --sqa-opt-out 2>&1 | grep "^ *I[[]#" | grep -v " failed$")
  added='missing properties: "(identity|schemas|selfservice|default_browser_return_url)"'
  [ -n "$faults" ] && ! printf "%s\\n" "$faults" | grep -qvE "$added"
}
see="with $1/kratos.yml and $1/identity.yml: see journalctl -u kratos.service there"
"$2" version >/dev/null
systemctl enable --quiet kratos.service kratos-courier.service kratos-reload.path
systemctl restart kratos-reload.path
systemctl restart kratos.service kratos-courier.service
sleep 3
tries=0
while systemctl is-active --quiet kratos.service; do
  if is_ready "$@"; then echo active; exit; fi
  tries=$((tries + 1))
  [ "$tries" -lt 20 ] || {
    echo "kratos.service runs, but is not ready after a minute, $see; its database may be out of reach, or lack a migration" >&2
    exit 1
  }
  sleep 1
done
if lacks_identity_config "$@"; then
  systemctl stop kratos.service kratos-courier.service
  echo "waits for its first identity.yml"
else
  echo "kratos.service does not run $see" >&2
  exit 1
fi
`;

/** Stops and removes the units that are still those of this KratosHost. Arguments: its mark, the names of the units. */
export const REMOVE = `
owner=$1; shift
for unit in "$@"; do
  grep -qsxF -e "$owner" "/etc/systemd/system/$unit" || continue
  systemctl disable --quiet --now "$unit" || :
  rm -f "/etc/systemd/system/$unit"
done
systemctl daemon-reload
`;

/** `script` with arguments, as a command that root runs: whoever signs in is root, or may use sudo without a password. */
export function shellCommand(script: string, ...args: string[]): string {
  const words = [script, "kratos-host", ...args].map(quoted).join(" ");
  return `if [ "$(id -u)" = 0 ]; then sh -euc ${words}; else sudo -n sh -euc ${words}; fi`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
