import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isBranch, isUnknown, UNKNOWN } from "../identity-config/model";

/** Plain values as the lifecycles see them: unknown leaves are `UNKNOWN`, secrets that come in have no envelope. */
export type Properties = Record<string, unknown>;

/** An output that the engine must keep as a secret. */
export class SecretOutput {
  constructor(readonly value: unknown) {}
}

/** How the engine tells secrets from objects (pulumi/pulumi, sdk/go/common/resource/properties.go). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/**
 * What the engine sends for values that it does not know yet, by their kind: string, bool, number, array, asset,
 * archive, object (pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go).
 */
const UNKNOWN_STRINGS = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const [UNKNOWN_STRING] = UNKNOWN_STRINGS;

/** The plain form of what the engine sent. */
export function fromWire(struct: Struct | undefined): Properties {
  const decode = (value: unknown): unknown => {
    if (typeof value === "string") return UNKNOWN_STRINGS.has(value) ? UNKNOWN : value;
    if (Array.isArray(value)) return value.map(decode);
    if (!isBranch(value)) return value;
    return value[SIGNATURE] === SECRET_SIGNATURE ? decode(value.value) : mapValues(value, decode);
  };
  return decode(struct?.toJavaScript() ?? {}) as Properties;
}

/** The engine's form of `properties`; undefined values are left out. */
export function toWire(properties: Properties): Struct {
  const encode = (value: unknown): unknown => {
    if (isUnknown(value)) return UNKNOWN_STRING;
    if (value instanceof SecretOutput) return { [SIGNATURE]: SECRET_SIGNATURE, value: encode(value.value) };
    if (Array.isArray(value)) return value.map((item) => encode(item ?? null));
    return isBranch(value) ? mapValues(value, encode) : value;
  };
  return Struct.fromJavaScript(encode(properties) as Parameters<typeof Struct.fromJavaScript>[0]);
}

function mapValues(
  value: Record<string, unknown>,
  map: (value: unknown) => unknown,
): Record<string, unknown> {
  const present = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(present.map(([name, item]) => [name, map(item)]));
}
