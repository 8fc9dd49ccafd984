import { describe } from "../../infra/identity-config/describe";
import { othersLine } from "../../infra/provider/unmanaged";
import type { DriftReport } from "./report";

const count = (number: number, one: string, more: string): string => `${number} ${number === 1 ? one : more}`;

/** A report in a sentence, in our words only. */
export function summary({ owned, unmanaged = [], owner, missing }: DriftReport): string {
  const weak = owned.filter(({ effect }) => effect === "weakening").length;
  const which = owned.length === 1 ? "" : ` ${weak} of them`;
  const weakening = weak === 0 ? "" : `,${which} weakening the protection of accounts`;
  const declared = count(owned.length, "declared setting differs", "declared settings differ");
  const others = count(unmanaged.length, "setting", "settings");
  const told = [
    ...(owner === undefined ? [] : ["another resource manages it now"]),
    ...(owned.length === 0 ? [] : [declared + weakening]),
    ...(missing.length === 0 ? [] : ["what was handed over is not in force"]),
    ...(unmanaged.length === 0 ? [] : [`${others} changed by others beside what is declared`]),
  ];
  return told.length === 0 ? "no drift" : told.join("; ");
}

/** What there is to tell, by what it is about. Lines are without secrets, and otherwise as a config has them. */
export function details(report: DriftReport): { title: string; lines: string[] }[] {
  const { owned, unmanaged = [], owner, missing, notCompared, notices, revision } = report;
  const takenBack = revision === undefined ? "" : ", which the next `pulumi up` takes back";
  return [
    { title: "Managed now by", lines: owner === undefined ? [] : [owner] },
    { title: `Declared => live${takenBack}`, lines: owned.map(describe) },
    {
      title: "Changed by others where nothing is declared, and left alone",
      lines: unmanaged.map(othersLine),
    },
    { title: "Not shown by running servers", lines: missing },
    { title: "Not compared, as they hold secrets that are not known", lines: notCompared },
    { title: "Not looked at", lines: notices },
  ].filter(({ lines }) => lines.length > 0);
}
