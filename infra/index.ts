export * from "./components/account-enumeration";
export { Asset, textFile } from "./components/asset";
export * from "./components/courier";
export * from "./components/flows";
export * from "./components/hooks";
export { IdentityConfig, type IdentityConfigArgs } from "./components/identity-config";
export { IdentitySchema, type IdentitySchemaArgs } from "./components/identity-schema";
export { type HostConnection, KratosHost, type KratosHostArgs } from "./components/kratos-host";
export * from "./components/message-template";
export * from "./components/methods";
export { type HttpAuth, Part } from "./components/part";
export * from "./components/password";
export type { PromotionArgs } from "./components/promotion";
export * from "./components/provider";
export type { RollbackArgs } from "./components/rollback";
export * from "./components/session";
export * from "./components/sign-in-flows";
export { SignInProof, type SignInProofArgs, type SignInProofResult } from "./components/sign-in-proof";
export * from "./components/social-sign-in";
export {
  boolean,
  choice,
  date,
  email,
  type Identifies,
  integer,
  list,
  number,
  object,
  phone,
  type Trait,
  type TraitOptions,
  text,
} from "./components/traits";
export * from "./components/user-interface";
export type { WebHook } from "./components/web-hook";
export type { Acknowledgement } from "./identity-config/acknowledgement";
export { type ParsedSettings, stackSettings } from "./settings";
export type { KratosFiles, KratosOutput, KratosOverSsh, KratosSettings } from "./targets/kratos/settings";
export type { NetworkSettings } from "./targets/network/settings";
export type { TargetSettings } from "./targets/open";
