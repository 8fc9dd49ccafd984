import { dirname, resolve } from "node:path";
import type { Rendered } from "../target";
import { pathsOf, realPlace } from "./files";
import { type Machine, THIS_MACHINE } from "./machine";
import type { KratosSettings } from "./settings";
import { FileTransport, OutputTransport, type Transport } from "./transport";

/** Where a Kratos's files are, and how identity.yml comes there. */
export interface Placement {
  id: string;
  /** What only one resource may write. */
  place: string;
  /** Where the operator's file lies and trials run. */
  machine: Machine;
  transport: Transport;
  /** Path of the operator's file; none where identity.yml is all that the server reads. */
  operator: string | undefined;
  /** Folder that relative `file://` URIs are read from. */
  dir: string;
}

/**
 * @param root The folder of Pulumi.yaml, which relative paths of this machine start from.
 * @param rendered What was handed to the program last.
 */
export function placementOf(settings: KratosSettings, root: string, rendered?: Rendered): Placement {
  if (settings.transport === "ssh") return overSsh().placementOnHost(settings, root);
  if (settings.transport === "output") {
    const id = `kratos-output/${settings.name}`;
    const operator = settings.config && resolve(root, settings.config);
    const dir = operator === undefined ? root : dirname(operator);
    return {
      ...{ id, place: id, operator, dir },
      machine: THIS_MACHINE,
      transport: new OutputTransport(rendered),
    };
  }
  const paths = pathsOf(settings, root);
  return {
    id: `kratos/${settings.name}`,
    place: realPlace(paths),
    operator: paths.operator,
    dir: paths.dir,
    machine: THIS_MACHINE,
    transport: new FileTransport(paths),
  };
}

/** Loaded when a target is on another host: the provider's start need not wait for it. */
const overSsh = () => require("../ssh/placement") as typeof import("../ssh/placement");
