/**
 * The only command that a host is ever given, whatever is to be done: its words hold nothing of a config or a path, and
 * every login shell reads them alike. The script and its parameters come by standard input, a line each; the
 * environment is empty, since what stands in a user's would change what Kratos loads.
 */
export const COMMAND =
  'exec env -i PATH="$PATH" /bin/sh -c \'IFS= read -r script; eval "$(printf %b "$script")"\'';

/**
 * What every script begins with: where what it says begins, and how it reads a parameter. What a connection that is cut
 * sends does not end it: it clears up when its standard input ends.
 */
const PRELUDE = `
trap "" PIPE HUP TERM
next() { IFS= read -r line && value=$(printf '%b_' "$line") && value=\${value%_}; }
case $(type printf) in
  *builtin*) ;;
  *) echo "the printf of its /bin/sh is another program, whose command line would show secrets; have dash, bash or busybox for /bin/sh there" >&2; exit 1 ;;
esac
next || exit 1
printf '%s\\n' "$value"
`;

/** `text` as one line, from which `printf %b` makes it again. */
const asLine = (text: string): string => `${text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n`;

/**
 * What standard input begins with for a host to run `script` with `parameters`, which it reads by `next`, into `value`.
 * @param mark A line that comes before all that the script prints: a login shell may have printed something before.
 */
export const inputOf = (script: string, parameters: readonly string[], mark: string): string =>
  [PRELUDE + script, mark, ...parameters].map(asLine).join("");
