/** What was looked at, and how it is. Never holds a secret. */
export interface Finding {
  area: "versions" | "keys" | "project" | "backend" | "targets" | "clock";
  level: "ok" | "warn" | "fail";
  /** What was seen. */
  text: string;
  /** What to do, where it is not ok. */
  fix?: string;
}

/** Findings of one area. */
export const about = (area: Finding["area"]) => ({
  ok: (text: string): Finding => ({ area, level: "ok", text }),
  warn: (text: string, fix: string): Finding => ({ area, level: "warn", text, fix }),
  fail: (text: string, fix: string): Finding => ({ area, level: "fail", text, fix }),
});
