const NANOSECONDS: Record<string, number> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** A duration as Go prints it: `15m` is `15m0s`. Undefined where `text` is no duration as Kratos takes them. */
export function goDuration(text: string): string | undefined {
  if (!/^(\d+(ns|us|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)(ns|us|ms|s|m|h)/g)];
  const total = parts.reduce((sum, [, count, unit]) => sum + Number(count) * NANOSECONDS[unit!]!, 0);
  if (total === 0) return "0s";
  if (total < 1e3) return `${total}ns`;
  if (total < 1e6) return `${total / 1e3}µs`;
  if (total < 1e9) return `${total / 1e6}ms`;
  const hours = Math.floor(total / 3600e9);
  const minutes = Math.floor((total % 3600e9) / 60e9);
  const seconds = `${(total % 60e9) / 1e9}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
