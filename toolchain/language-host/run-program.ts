import { type RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";
import type { Children } from "./children";
import { locateRunner, runtimeOptions } from "./runtime-options";

/** The exit code by which Pulumi's runner says that it has already shown the error to the user. */
const ERROR_WAS_SHOWN = 32;

function runnerArgs(request: RunRequest, engineAddress: string): string[] {
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": request.getInfo()?.getRootDirectory(),
    stack: request.getStack(),
    pwd: request.getInfo()?.getProgramDirectory(),
    parallel: String(request.getParallel()),
  };
  const args = Object.entries(flags).flatMap(([name, value]) => (value ? [`--${name}`, value] : []));
  if (request.getDryrun()) {
    args.push("--dry-run");
  }
  return [...args, request.getInfo()?.getEntryPoint() ?? ".", ...request.getArgsList()];
}

/** Runs the user's program to its end. Fails only where it cannot be started; what the program did is in the response. */
export async function runProgram(
  request: RunRequest,
  engineAddress: string,
  children: Children,
): Promise<RunResponse> {
  const info = request.getInfo();
  const { nodeArgs, env } = runtimeOptions(info);
  const runner = locateRunner("@pulumi/pulumi/cmd/run", info?.getProgramDirectory() ?? request.getPwd());
  const { ended } = children.start([...nodeArgs, runner, ...runnerArgs(request, engineAddress)], {
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      ...env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
  });
  const { code, error } = await ended;
  const response = new RunResponse();
  if (code === ERROR_WAS_SHOWN) {
    response.setBail(true);
  } else if (code !== 0) {
    response.setError(error ? `the program did not start: ${error.message}` : ending(code));
  }
  return response;
}

function ending(code: number | null): string {
  return code === null ? "the program was ended by a signal" : `the program exited with code ${code}`;
}
