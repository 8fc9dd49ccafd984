/** What a target's settings hold, as strict as the side that checks them: a stack's configuration or the provider. */
export interface LeafSchemas {
  /** A text that is not empty. */
  text: object;
  url: object;
  /** Environment variables, which may hold secrets. */
  env: object;
}

/** JSON schema of an object without other keys. */
export const object = (properties: object, required: string[] = []) => ({
  type: "object",
  required,
  additionalProperties: false,
  properties,
});
