import type { Promotion } from "../promote";
import { visible } from "../visible";
import { type SettingDifference, shownSetting, withoutSecrets } from "./compare";

/** `promotion` for people. */
export function promotionText(promotion: Promotion): string {
  const { from, to, proven, equal, intended, unexplained, file, isChange, isWritten } = promotion;
  const when = proven.at === undefined ? "" : ` at ${proven.at}`;
  const sections = [
    `${from} -> ${to}: proven${when}, digest ${proven.digest.slice(0, 12)}\n`,
    section(isWritten ? "promoted" : "to promote", unexplained, (one) => step(one)),
    section("meant to differ", intended, (one) => `${step(one, from)} (${one.why})`),
    `${equal.length} settings are equal${unexplained.length === 0 ? ", and nothing else differs" : ""}\n`,
    isWritten
      ? `${file} is written; next: pulumi preview --stack ${to}\n`
      : isChange
        ? `${file} would be written\n`
        : `${file} is as ${from} has proven it\n`,
  ];
  return visible(sections.filter((one) => one !== "").join("\n"));
}

function section<T extends SettingDifference>(
  title: string,
  differences: readonly T[],
  line: (one: T) => string,
): string {
  if (differences.length === 0) return "";
  return `${title}:\n${differences.map((one) => `  ${line(one)}\n`).join("")}`;
}

/** `sms.url: "https://…" => "https://…"`; beside `stage`, what each has. */
function step({ path, here, there }: SettingDifference, stage?: string): string {
  const [ours, theirs] = [here, there].map((value) => shownSetting(path, value));
  const values = stage === undefined ? `${ours} => ${theirs}` : `${ours}, in ${stage} ${theirs}`;
  return `${path.join(".")}: ${values}`;
}

/** `promotion` for machines: paths of settings as one text, values without secrets. */
export function promotionJson({
  equal,
  intended,
  unexplained,
  missing: _,
  unclear: __,
  ...rest
}: Promotion): string {
  const plain = ({ path, here, there, ...more }: SettingDifference) => ({
    path: path.join("."),
    ...(here !== undefined && { here: withoutSecrets(path, here) }),
    ...(there !== undefined && { there: withoutSecrets(path, there) }),
    ...more,
  });
  const answer = {
    ...rest,
    equal: equal.map((path) => path.join(".")),
    intended: intended.map(plain),
    unexplained: unexplained.map(plain),
  };
  return `${JSON.stringify(answer, undefined, 2)}\n`;
}
