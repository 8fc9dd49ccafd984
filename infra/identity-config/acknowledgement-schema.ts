/** JSON schema of Acknowledgement, as strict in texts and paths as the side that checks it. */
export const acknowledgementSchema = ({ text, path }: { text: object; path: object }) => ({
  type: "object",
  required: ["rule", "path", "reason", "until"],
  additionalProperties: false,
  properties: {
    rule: text,
    path,
    from: {},
    to: {},
    reason: text,
    until: {
      type: "string",
      pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}( 00:00:00 \\+0000 UTC)?$",
      description: "the last day on which it holds, such as 2026-12-15",
    },
  },
});
