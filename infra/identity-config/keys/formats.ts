/**
 * Texts as Go reads them, whose libraries decide what Kratos takes: net/url, net/mail, regexp. Approximations on the
 * permissive side where Go is odd.
 */

const CONTROL = /(?![\u0080-\u009f])\p{Cc}/u;
const BAD_ESCAPE = /%(?![0-9a-fA-F]{2})/;
const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):/;

/** Whether Go parses `text` as a URL, absolute or not. */
export function isReference(text: string): boolean {
  if (CONTROL.test(text)) return false;
  const hash = text.indexOf("#");
  const whole = hash < 0 ? text : text.slice(0, hash);
  if (hash >= 0 && BAD_ESCAPE.test(text.slice(hash + 1))) return false;
  if (whole.startsWith(":")) return false;
  const scheme = SCHEME.exec(whole)?.[0] ?? "";
  const query = whole.indexOf("?");
  const rest = whole.slice(scheme.length, query < 0 ? undefined : query);
  if (!rest.startsWith("/")) return scheme !== "" || isRelativePath(rest);
  if (!rest.startsWith("//") || (scheme === "" && rest.startsWith("///"))) return !BAD_ESCAPE.test(rest);
  const slash = rest.indexOf("/", 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  return isAuthority(authority) && (slash < 0 || !BAD_ESCAPE.test(rest.slice(slash)));
}

const isIPv6 = (text: string): boolean =>
  /^(?:[0-9a-fA-F]{0,4}:){2,7}(?:[0-9a-fA-F]{0,4}|[0-9]{1,3}(?:\.[0-9]{1,3}){3})$/.test(text) &&
  (text.includes("::")
    ? !/::.*::|:::/.test(text)
    : !/^:|:$/.test(text) && /^(?:[^:]*:){6,7}[^:]*$/.test(text));

const isRelativePath = (path: string): boolean => !/^[^/]*:/.test(path) && !BAD_ESCAPE.test(path);

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf("@");
  const user = at < 0 ? "" : authority.slice(0, at);
  if (!/^[\w\-.~!$&'()*+,;=:%@]*$/.test(user) || BAD_ESCAPE.test(user)) return false;
  const host = authority.slice(at + 1);
  // Go before 1.25.2 took anything between brackets, and brackets elsewhere; from 1.26 on it refuses two colons.
  const bracketed = /^\[([^\]%]*)(?:%25[\w.-]+)?\](?::[0-9]*)?$/.exec(host);
  if (host.includes("[")) return isIPv6(bracketed?.[1] ?? "");
  const port = host.lastIndexOf(":");
  if (port >= 0 && !/^:[0-9]*$/.test(host.slice(port))) return false;
  // Of ASCII, only a percent sign may be escaped in a host.
  return /^(?:[\w\-.~!$&'()*+,;=:[\]<>"\u0080-\uffff]|%25|%[89a-fA-F][0-9a-fA-F])*$/.test(host);
}

/** Whether Go parses `text` as a URL with a scheme. */
export const isUri = (text: string): boolean => SCHEME.test(text) && isReference(text);

/** Whether `text` is a host's name. */
export function isHostname(text: string): boolean {
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  if (name.length > 253 || name.startsWith("-")) return false;
  return name.split(".").every((label) => /^[A-Za-z0-9-]{0,62}[A-Za-z0-9]$/.test(label));
}

/** Whether `text` is an e-mail address without a name. */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 0 || text.length > 254 || at > 64 || !isHostname(text.slice(at + 1))) return false;
  const local = text.slice(0, at).trimStart();
  return /^(?:[\w!#$%&'*+/=?^`{|}~\u0080-\uffff-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u0080-\uffff-]+)*|"(?:[^"\\]|\\.)*")$/.test(
    local,
  );
}

/** Whether Go compiles `text` as a regular expression: none of look-around, back references, odd escapes. */
export function isRegex(text: string): boolean {
  if (/\\(?:[1-9]|k<|c|u|[eghijloqrmy](?![a-z]))/.test(text) && !/\\[r]/.test(text)) return false;
  if (/\(\?(?:=|!|<=|<!|>|#)/.test(text)) return false;
  try {
    new RegExp(text.replaceAll("(?P<", "(?<").replace(/^\(\?[imsU-]+\)/, ""));
    return true;
  } catch {
    return false;
  }
}

/** Whether `text` is base64 of the standard alphabet, with padding. */
export const isBase64 = (text: string): boolean =>
  text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);

/** How many characters Go counts in `text`. */
export const length = (text: string): number => [...text].length;
