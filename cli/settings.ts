import { settingShapes } from "../lambdas/auth/tenant-settings.ts";
import { usageError } from "./command-error.ts";
import { nearest } from "./nearest.ts";
import { type Kind, kindOf } from "./setting-kinds.ts";

type Value = boolean | number | string | readonly string[];

/** One setting as it is to be; `null` brings the default back. */
export interface SettingChange {
  readonly name: string;
  /** Of a setting that has parts, such as `patchAnswers`, the one that is meant. */
  readonly part: string | undefined;
  readonly value: Value | null;
}

/** Every setting with what it can be, parts by themselves: `patchAnswers.groups`. */
const kinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries(settingShapes).flatMap(([name, shape]) => kindsUnder(name, kindOf(shape))),
);

function kindsUnder(name: string, kind: Kind): readonly (readonly [string, Kind])[] {
  if (kind.kind !== "parts") return [[name, kind]];
  return Object.entries(kind.parts).flatMap(([part, inner]) =>
    kindsUnder(`${name}.${part}`, inner),
  );
}

/** What can stand on the left of `name=value`. */
export const settingNames: readonly string[] = [...kinds.keys()];

/** What can stand on the right of it, where that can be listed. */
export function settingValues(name: string): readonly string[] {
  const kind = kinds.get(name);
  if (kind?.kind === "choice") return kind.choices;
  return kind?.kind === "boolean" ? ["true", "false"] : [];
}

/** Reads `name=value` for each setting, once. @throws CommandError that names what is wrong. */
export function readSettings(texts: readonly string[]): readonly SettingChange[] {
  const changes = texts.map(readSetting);
  const names = changes.map(nameOf);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw usageError(`${twice} is given twice; which is meant?`);
  return changes;
}

function readSetting(text: string): SettingChange {
  const at = text.indexOf("=");
  const name = at < 0 ? text : text.slice(0, at);
  const kind = kinds.get(name);
  if (!kind) throw unknownSetting(name);
  if (at < 0)
    throw usageError(`${name} has no value: write ${name}=value, or ${name}= for the default.`);
  const [setting = "", part] = name.split(".");
  const value = text.slice(at + 1).trim();
  return { name: setting, part, value: value === "" ? null : readValue(name, kind, value) };
}

function readValue(name: string, kind: Kind, text: string): Value {
  switch (kind.kind) {
    case "boolean":
      if (text === "true" || text === "false") return text === "true";
      throw usageError(`${name} must be true or false, not "${text}".`);
    case "number":
      if (/^-?\d{1,15}$/.test(text)) return Number(text);
      throw usageError(`${name} must be a whole number, not "${text}".`);
    case "choice":
      if (kind.choices.includes(text)) return text;
      throw usageError(`${name} must be one of ${kind.choices.join(", ")}, not "${text}".`);
    case "list":
      return readList(name, text);
    case "text":
      return text;
    case "parts":
      throw usageError(`Give the parts of ${name} by themselves.`);
  }
}

function readList(name: string, text: string): readonly string[] {
  const entries = text.split(",").map((entry) => entry.trim());
  if (entries.every((entry) => entry !== "")) return entries;
  throw usageError(`${name} has a comma too many in "${text}": write it as one,two,three.`);
}

function unknownSetting(name: string) {
  const parts = settingNames.filter((known) => known.startsWith(`${name}.`));
  if (parts.length > 0)
    return usageError(
      `${name} is set part by part: ${parts.map((part) => `${part}=`).join(", ")}.`,
    );
  const meant = nearest(name, settingNames);
  const guess = meant === undefined ? "" : ` Is ${meant} meant?`;
  return usageError(
    `There is no setting "${name}".${guess} The settings are ${settingNames.join(", ")}.`,
  );
}

export const nameOf = ({ name, part }: SettingChange): string =>
  part === undefined ? name : `${name}.${part}`;

/** The settings as the admin function takes them, parts within the setting that has them. */
export function settingsOf(changes: readonly SettingChange[]): Readonly<Record<string, unknown>> {
  const settings: Record<string, unknown> = {};
  for (const { name, part, value } of changes)
    settings[name] = part === undefined ? value : { ...partsOf(settings[name]), [part]: value };
  return settings;
}

const partsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};
