import type { Json } from "../model";
import { isEmail, isReference, isUri, length } from "./formats";
import type { Anything, Choice, Keys, List, MapOf, Option, Scalar } from "./kind";

/** What the makers below take beside what they are about. */
type More = Partial<Omit<Scalar, "is" | "accepts" | "expected" | "samples">>;

const NOT_TEXT: Json[] = [7, true, null, ["a"], { a: 1 }];

const scalar = (
  accepts: (value: unknown) => boolean,
  expected: string,
  samples: Scalar["samples"],
  more: More = {},
): Scalar => ({ is: "scalar", accepts, expected, samples, ...more });

/** `true` or `false`. @param byDefault None where Kratos has none. */
export const flag = (byDefault?: boolean, more: More = {}): Scalar =>
  scalar(
    (value) => typeof value === "boolean",
    "true or false",
    { right: [true, false], wrong: ["true", 1, null, {}] },
    { ...(byDefault !== undefined && { default: byDefault }), ...more },
  );

/** A whole number. Go writes larger ones than the limit with an exponent, which is no whole number to Kratos. */
export function whole(range: { min?: number; max?: number } & More = {}): Scalar {
  const { min = -1e21, max = 1e21, ...more } = range;
  const from = range.min === undefined ? "" : ` from ${min}`;
  const to = range.max === undefined ? "" : ` to ${max}`;
  const near = range.min === undefined ? [0, 3, -2] : [min, min + 1];
  return scalar(
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
    `a whole number${from}${to || (from && " on")}`,
    {
      right: [...near, ...(range.max === undefined ? [100000] : [max])],
      wrong: ["5", 1.5, null, true, ...(from ? [min - 1] : []), ...(to ? [max + 1] : [])],
    },
    more,
  );
}

/** Any number. @param above What it must be greater than. */
export const number = ({ above = Number.NEGATIVE_INFINITY }: { above?: number } = {}): Scalar =>
  scalar(
    (value) => typeof value === "number" && value > above,
    above === Number.NEGATIVE_INFINITY ? "a number" : `a number above ${above}`,
    { right: [0.5, 1], wrong: ["1", null, []] },
  );

interface TextOptions extends More {
  /** What a text must be like. Default: any. */
  test?: (text: string) => boolean;
  expected?: string;
  right?: string[];
  wrong?: string[];
}

export function text(options: TextOptions = {}): Scalar {
  const { test, expected = "a text", right = ["a text", ""], wrong = [], ...more } = options;
  const accepts = (value: unknown) => typeof value === "string" && (test === undefined || test(value));
  return scalar(accepts, expected, { right, wrong: [...wrong, ...NOT_TEXT] }, more);
}

/** A text that is a secret, of `min` characters or more, or exactly so many. */
export const secret = (min: number, exactly = false): Scalar =>
  text({
    test: (value) => (exactly ? length(value) === min : length(value) >= min),
    expected: exactly ? `a text of exactly ${min} characters` : `a text of ${min} characters or more`,
    right: ["x".repeat(min), ...(exactly ? [] : ["y".repeat(min * 3)])],
    wrong: ["x".repeat(min - 1), "", ...(exactly ? ["x".repeat(min + 1)] : [])],
    topic: "secret",
  });

/** `15m`, `1h30m`. @param units One unit only, where `single`. */
export const duration = (byDefault?: string, more: More & { single?: boolean } = {}): Scalar => {
  const { single = false, ...rest } = more;
  const pattern = single ? /^[0-9]+(ns|us|ms|s|m|h)$/ : /^([0-9]+(ns|us|ms|s|m|h))+$/;
  return text({
    test: (value) => pattern.test(value),
    expected: `a duration of whole numbers, such as 15m${single ? ", of one unit" : " or 1h30m"}`,
    right: ["15m", "0s", "100ms", "720h", ...(single ? [] : ["1h30m", "15m0s"])],
    wrong: ["15", "1d", "1.5h", "-1h", "15 m", "", "1H", ...(single ? ["1h30m"] : [])],
    topic: "duration",
    ...(byDefault !== undefined && { default: byDefault }),
    ...rest,
  });
};

/** A URL that may be relative. */
export const reference = (byDefault?: string): Scalar =>
  text({
    test: isReference,
    expected: "a URL, or a path",
    right: ["https://shop.example/welcome", "/welcome", "welcome?a=b#c", ""],
    wrong: ["https://shop.example:port/", "%zz", "https://sh op/", "::"],
    ...(byDefault !== undefined && { default: byDefault }),
  });

/** A URL with a scheme. */
export const uri = (more: TextOptions = {}): Scalar =>
  text({
    test: isUri,
    expected: "a URL with a scheme, such as https://",
    right: ["https://shop.example/a?b=c", "base64://e30=", "file:///etc/a.jsonnet"],
    wrong: ["shop.example", "/path", "", "https://[::1", "http://a b/"],
    ...more,
  });

const FETCHABLE = /^(http|https|file|base64):\/\//;

/** The URI of a text that Kratos fetches. */
export const source = (more: TextOptions = {}): Scalar =>
  uri({
    test: (value) => FETCHABLE.test(value) && isUri(value),
    expected: "a URI that starts with base64://, https://, http:// or file://",
    right: ["base64://e30=", "https://shop.example/a.jsonnet", "file:///etc/a.jsonnet"],
    wrong: ["ftp://shop.example/a", "/etc/a.jsonnet", "", "function(ctx) {}"],
    topic: "uri-scheme",
    ...more,
  });

/** The URI of a text of any scheme: at load, Kratos does not ask which. */
export const template = (): Scalar => uri({ topic: "uri-scheme" });

export const email = (byDefault: string): Scalar =>
  text({
    test: isEmail,
    expected: "an e-mail address",
    right: ["no-reply@shop.example"],
    wrong: ["no-reply", "Shop <no-reply@shop.example>", "", "a b@shop.example", "no-reply@"],
    default: byDefault,
  });

/** A text that matches `pattern`. */
export const matching = (pattern: RegExp, options: TextOptions & { expected: string }): Scalar =>
  text({ test: (value) => pattern.test(value), ...options });

/** One of `values`. @param newer More, by the first version that takes them. */
export function choice(
  values: readonly string[],
  more: Partial<Choice> & { newer?: Record<string, string[]> } = {},
): Choice {
  const { newer = {}, ...rest } = more;
  const later = Object.entries(newer).flatMap(([since, list]) => list.map((value) => ({ value, since })));
  const options: Option[] = [...values.map((value) => ({ value })), ...later];
  return { is: "choice", options, ...rest };
}

export const list = (of: List["of"], more: Partial<List> = {}): List => ({ is: "list", of, ...more });
export const map = (of: MapOf["of"], more: Partial<MapOf> = {}): MapOf => ({ is: "map", of, ...more });
export const keys = (known: Keys["keys"], more: Partial<Omit<Keys, "is" | "keys">> = {}): Keys => ({
  is: "keys",
  keys: known,
  ...more,
});
/** Keys beside which Kratos takes any other without a word. */
export const open = (known: Keys["keys"], more: Partial<Omit<Keys, "is" | "keys">> = {}): Keys =>
  keys(known, { others: "any", ...more });
export const anything = (more: Partial<Anything> = {}): Anything => ({ is: "anything", ...more });

/** `kind` that only versions from `version` on know. */
export const since = <K extends { since?: string }>(version: string, kind: K, more: Partial<K> = {}): K => ({
  ...kind,
  since: version,
  ...more,
});
/** `kind` that versions from `version` on no longer know. */
export const until = <K extends { until?: string }>(version: string, kind: K): K => ({
  ...kind,
  until: version,
});

/** The first version after the newest that was tried here; what only Ory Network has so far. */
export const UNRELEASED = "26.3.0";
