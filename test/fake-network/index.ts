/** A fake of Ory Network for tests: `startFakeNetwork()`. */
export type { ErrorBody } from "./api-error";
export type { Call } from "./calls";
export { type FakeNetwork, type FakeNetworkOptions, startFakeNetwork } from "./fake-network";
export {
  type Fault,
  type FaultSchedule,
  faultsByCall,
  type ScheduledCall,
  type SeededFaultsOptions,
  seededFaults,
} from "./faults";
export { newIdentityConfig } from "./new-identity-config";
export type { KratosUrls, ProjectSeed } from "./new-project";
export { NO_QUIRKS, QUIRKS, type Quirks } from "./quirks";
export { MASK } from "./reading";
export { contentHash } from "./storage";
export type { Revision, StoredProject } from "./store";
