// Replaces a file over ssh, and is killed while the new one is being proven. Arguments: ssh's configuration, the file.
const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { SshConnection } = require("../../bin/infra/targets/ssh/connection");
const { SshTransport } = require("../../bin/infra/targets/ssh/transport");

const [configFile, identity] = process.argv.slice(2);
const connection = SshConnection.to({ host: "kratos-host", configFile });
const dir = dirname(identity);
const transport = new SshTransport(connection, { dir, operator: join(dir, "kratos.yml"), identity });
const signal = new AbortController().signal;

async function run() {
  const previous = await transport.read(signal);
  const prove = async () => {
    if (readFileSync(identity, "utf8") !== "killed: true\n") process.exit(0);
    process.kill(process.pid, "SIGKILL");
  };
  const refuseStale = async () => undefined;
  await transport.deliver({ text: "killed: true\n", isSecret: false, previous, refuseStale, prove }, signal);
}

run();
