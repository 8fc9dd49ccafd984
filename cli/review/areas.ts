/** What of the config a change is in, as people call it; in the order of a review. */
export const AREAS = [
  "Signing in",
  "Social sign-in",
  "Signing up",
  "Recovery and verification",
  "Account settings",
  "Sessions and cookies",
  "Identity schemas",
  "Messages",
  "Pages and return addresses",
  "Everything else",
] as const;

export type Area = (typeof AREAS)[number];

/** The first that fits. */
const PATHS: readonly (readonly [RegExp, Area])[] = [
  [/^\/selfservice\/methods\/(oidc|saml)\b/, "Social sign-in"],
  [/\/(ui_url|default_browser_return_url|allowed_return_urls)$/, "Pages and return addresses"],
  [/^\/selfservice\/flows\/registration\b/, "Signing up"],
  [
    /^\/selfservice\/flows\/(recovery|verification)\b|^\/selfservice\/methods\/link\b/,
    "Recovery and verification",
  ],
  [/^\/selfservice\/flows\/settings\b|^\/selfservice\/methods\/profile\b/, "Account settings"],
  [/^\/selfservice\/(methods|flows)\b|^\/hashers\b|^\/security\b/, "Signing in"],
  [/^\/(session|cookies)\b/, "Sessions and cookies"],
  [/^\/identity\b/, "Identity schemas"],
  [/^\/courier\b/, "Messages"],
];

/** The area of a path of an identity config. */
export const areaOf = (path: string): Area =>
  PATHS.find(([pattern]) => pattern.test(path))?.[1] ?? "Everything else";
