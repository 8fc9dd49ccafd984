/** Where things are on a host. */
export interface HostLayout {
  dir: string;
  binary: string;
  /** Who Kratos runs as. */
  user: string;
  /** The line that every unit begins with. */
  mark: string;
}

const hardened = (user: string): string =>
  [
    `User=${user}`,
    `Group=${user}`,
    "UMask=0077",
    "Restart=on-failure",
    // The database may come up later than Kratos, and nobody is there to start it again.
    "RestartSec=5",
    "NoNewPrivileges=true",
    "ProtectSystem=full",
    "ProtectHome=true",
    "PrivateTmp=true",
  ].join("\n");

/**
 * The units of a host, one after the other, each behind a line with its name. The path unit is the reload hook: Kratos
 * itself loads a new identity.yml, but the first one must start it, and the courier of a Kratos before v25.4 keeps what it
 * was started with.
 */
export function units({ dir, binary, user, mark }: HostLayout): string {
  const files = `-c ${dir}/kratos.yml -c ${dir}/identity.yml`;
  const all = {
    "kratos.service": `[Unit]
Description=Ory Kratos
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=${binary} serve ${files} --sqa-opt-out
${hardened(user)}

[Install]
WantedBy=multi-user.target
`,
    "kratos-courier.service": `[Unit]
Description=Courier of Ory Kratos
After=kratos.service

[Service]
ExecStart=${binary} courier watch ${files}
${hardened(user)}

[Install]
WantedBy=multi-user.target
`,
    "kratos-reload.path": `[Unit]
Description=Notices a new identity.yml of Ory Kratos

[Path]
PathChanged=${dir}/identity.yml

[Install]
WantedBy=multi-user.target
`,
    "kratos-reload.service": `[Unit]
Description=Starts Ory Kratos with its first identity.yml, and its courier with each

[Service]
Type=oneshot
ExecStart=/bin/systemctl start kratos.service
ExecStart=/bin/systemctl restart kratos-courier.service
`,
  };
  return Object.entries(all)
    .map(([name, text]) => `#unit ${name}\n${mark}\n${text}`)
    .join("");
}
