/** The units that a host gets. */
export const UNITS = [
  "kratos.service",
  "kratos-courier.service",
  "kratos-reload.path",
  "kratos-reload.service",
];

/**
 * Makes the folder, and in it an empty identity.yml that the one who signs in may replace and Kratos may read. The
 * folder hands its group on to new files. Arguments: folder, service user, who signs in.
 */
export const FOLDER = `
getent passwd "$2" >/dev/null || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin "$2"
mkdir -p "$1"
chown "$3:$2" "$1"
chmod 2750 "$1"
if [ ! -e "$1/identity.yml" ]; then
  umask 077
  echo "{}" >"$1/identity.yml.new"
  chown "$3:$2" "$1/identity.yml.new"
  chmod 640 "$1/identity.yml.new"
  mv "$1/identity.yml.new" "$1/identity.yml"
fi
`;

/**
 * Puts standard input in the place of kratos.yml in one step; Kratos reads it, and so does the one who signs in, for plans.
 * Arguments: folder, service user, who signs in.
 */
export const OPERATOR = `
umask 077
cat >"$1/kratos.yml.new"
chown "$3:$2" "$1/kratos.yml.new"
chmod 640 "$1/kratos.yml.new"
sync
mv "$1/kratos.yml.new" "$1/kratos.yml"
sha256sum "$1/kratos.yml" | cut -c 1-64
`;

/** Installs the units on standard input, each behind a line with its name. Arguments: their names. */
export const INSTALL = `
folder=$(mktemp -d)
cd "$folder"
file=
while IFS= read -r line; do
  case $line in
    "#unit "*) file=\${line#"#unit "} ;;
    *) printf "%s\\n" "$line" >>"$file" ;;
  esac
done
for unit in "$@"; do install -m 644 "$unit" "/etc/systemd/system/$unit"; done
cd /
cat "$folder"/* | sha256sum | cut -c 1-64
rm -r "$folder"
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
 * may have no schema and not start: then the units wait for the first one. Arguments: folder, executable.
 */
export const SERVER = `
"$2" version >/dev/null
systemctl enable --quiet kratos.service kratos-courier.service kratos-reload.path
systemctl restart kratos-reload.path
systemctl restart kratos.service kratos-courier.service
sleep 3
if systemctl is-active --quiet kratos.service; then echo active
elif [ "$(cat "$1/identity.yml")" = "{}" ]; then
  systemctl stop kratos.service kratos-courier.service
  echo "waits for its first identity.yml"
else
  echo "kratos.service does not run with $1/kratos.yml and $1/identity.yml: see journalctl -u kratos.service there" >&2
  exit 1
fi
`;

/** Stops and removes units. Arguments: their names. */
export const REMOVE = `
for unit in "$@"; do
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
