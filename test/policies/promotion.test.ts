import { type Document, UNKNOWN } from "../../infra/identity-config/model";
import { isAsProven, type Promotion, promotionReview } from "../../infra/identity-config/promotion/gate";
import { type Promotable, promotableOf } from "../../infra/identity-config/promotion/promotable";
import { judge } from "../../policies/rules/verdict";
import { reviewOf, violations } from "./review";

const config = (lifespan: unknown, url = "https://a.example"): Document =>
  ({
    session: { lifespan, cookie: { persistent: true } },
    courier: { channels: [{ id: "sms", type: "http", request_config: { url } }] },
  }) as Document;
const promotable = (document: Document) => promotableOf(document, {})!;
const proven = (document: Document): Promotion => ({
  from: "staging",
  proven: { promotable: promotable(document), at: "2026-11-23T22:26:13.869Z" },
});
const found = (promotion: Promotion, coming: Document, applied?: Document, promoted: Document[] = []) => {
  const review = promotionReview(
    promotion,
    promotableOf(coming, {}),
    applied && promotable(applied).digest,
    promoted.map((one) => promotable(one).digest),
  );
  return violations("unpromoted-change", coming, { promotion: review });
};

describe("unpromoted-change", () => {
  it("is silent where no promotion is asked for, and where the stage before has proven the config", () => {
    expect(violations("unpromoted-change", config("24h"))).toEqual([]);
    expect(found(proven(config("24h")), config("1440m", "https://prod.example"))).toEqual([]);
  });

  it("names each path that differs, with both values", () => {
    const [violation, ...more] = found(proven(config("24h")), config("1h"));
    expect(more).toEqual([]);
    expect(violation).toMatchObject({
      path: "/promotion",
      message:
        'staging has proven another config: it differs at /session/lifespan (here "1h0m0s", in staging "24h0m0s")',
    });
    const [less] = found(proven({ session: { lifespan: "24h" } }), {});
    expect(less!.message).toContain('/session/lifespan (here not declared, in staging "24h0m0s")');
  });

  it("counts what is more than a screen has room for", () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`key${index}`, index]));
    expect(found(proven({}), many)[0]!.message).toMatch(/\/key0 .*, and 10 more$/);
  });

  it("refuses everything where the stage before has proven nothing, or told nothing that can be compared", () => {
    for (const nothing of [
      undefined,
      {},
      { at: "2026-11-23T22:26:13.869Z" },
      { promotable: { digest: "x" } as Promotable },
    ]) {
      const promotion = { from: "staging", ...(nothing && { proven: nothing }) };
      expect(found(promotion, config("24h"))[0]!.message).toContain("staging has proven nothing");
      expect(found(promotion, {})).toHaveLength(1);
    }
  });

  it("lets pass what is applied already, and what was promoted before; not what was applied by consent once", () => {
    const [one, other, third] = [config("1h"), config("24h"), config("72h")];
    expect(found(proven(other), one, one)).toEqual([]);
    expect(found(proven(other), one, third, [one])).toEqual([]);
    expect(found(proven(other), one, third, [third])).toHaveLength(1);
  });

  it("lets differ what the user keeps, and all below it; nothing else", () => {
    const keep = (...paths: string[]) => ({ ...proven(config("24h")), keep: paths });
    expect(found(keep("/session/lifespan"), config("1h"))).toEqual([]);
    expect(found(keep("/session"), config("1h"))).toEqual([]);
    expect(found(keep("/session/life"), config("1h"))).toHaveLength(1);
  });

  it("tells that the stage before has moved on since the last promotion", () => {
    const promotion = { ...proven(config("24h")), digest: promotable(config("1h")).digest };
    expect(found(promotion, config("1h"))[0]!.message).toContain(
      "; staging has moved on since the last promotion",
    );
  });

  it("cannot tell where something promotable is not known yet, and never passes it silently", () => {
    const [note] = found(proven(config("24h")), config(UNKNOWN));
    expect(note).toMatchObject({ undecided: true, path: "/promotion" });
    const review = promotionReview(proven(config("24h")), undefined, undefined, []);
    expect(isAsProven(review)).toBe(false);
  });

  it("is lifted by consent to this very config, and by none to another one", () => {
    const [applied, coming] = [config("24h"), config("1h")];
    const promotion = promotionReview(proven(applied), promotable(coming), promotable(applied).digest, []);
    const entry = {
      rule: "unpromoted-change",
      path: "/promotion",
      from: promotable(applied).digest,
      to: promotable(coming).digest,
      reason: "an emergency",
      until: "2026-12-15",
    };
    const refusals = (more: object, today = "2026-12-15") =>
      judge(reviewOf(coming, { promotion, today, acknowledge: [{ ...entry, ...more }] }), [])
        .refusals.map(({ rule }) => rule)
        .filter((rule) => rule === "unpromoted-change");
    expect(refusals({})).toEqual([]);
    expect(refusals({ to: promotable(config("2h")).digest })).toEqual(["unpromoted-change"]);
    expect(refusals({}, "2026-12-16")).toEqual(["unpromoted-change"]);
  });
});
