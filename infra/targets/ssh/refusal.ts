import type { SshHost } from "./options";

/** What OpenSSH's client says, and what that means. */
const MEANINGS: [RegExp, (at: SshHost) => string][] = [
  [
    /Host key verification failed|host key is known|IDENTIFICATION HAS CHANGED|Host key for .* has changed/,
    ({ hostKey }) =>
      hostKey === undefined
        ? UNKNOWN
        : "its host key is not that of target.kratos.hostKey: the host was made anew, or something else answers in its place; find out which, on the host itself, before you change the setting",
  ],
  [
    /Permission denied \(|Too many authentication failures/,
    () =>
      "it accepts none of the keys that ssh offers; add a key to the agent, name one by IdentityFile in ssh's configuration, and add its public half to the user's authorized_keys there; nobody is asked for passwords",
  ],
  [/Could not resolve hostname/, () => "there is no host of that name; correct target.kratos.host"],
  [/Connection refused/, () => "nothing listens at its SSH port; correct target.kratos.host, or start sshd"],
  [
    /timed out|No route to host|unreachable/,
    () => "it does not answer; see that it can be reached from here",
  ],
  [
    /(Can't open user config file|Bad configuration option|Bad owner or permissions|terminating, \d+ bad).*/,
    () => "ssh cannot use its configuration file",
  ],
  [/ssh: (command )?not found/, () => "there is no ssh on this machine; install OpenSSH's client"],
  [/invalid format|invalid key|key_load|not a public key/, () => "target.kratos.hostKey is no host key"],
];

const CHANGED =
  "its host key is not the one that known_hosts has: the host was made anew, or something else answers in its place; find out which, on the host itself, before you remove the old key with `ssh-keygen -R`";
const UNKNOWN =
  "its host key is not known; see on the host itself what it is (`cat /etc/ssh/ssh_host_ed25519_key.pub`), and name it in target.kratos.hostKey or in known_hosts";

/** Why `at` could not be reached, or no longer, made of what OpenSSH's client has printed. */
export function refusal(at: SshHost, stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  const failed = `cannot reach ${at.host} over ssh: `;
  if (at.hostKey === undefined && /IDENTIFICATION HAS CHANGED/.test(stderr)) return failed + CHANGED;
  const [, meaning] = MEANINGS.find(([pattern]) => pattern.test(stderr)) ?? [];
  if (meaning !== undefined) return failed + meaning(at);
  const last = lines.filter((line) => line !== "").at(-1);
  return `${failed}${last?.slice(0, 300) ?? "the connection was cut"}`;
}
