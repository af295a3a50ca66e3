import { limitExceeded, resourceExists } from "./errors.ts";
import type { Secret, SecretVersion } from "./state.ts";

export const current = "AWSCURRENT";
export const previous = "AWSPREVIOUS";

const mostLabels = 20;
const mostVersions = 100;

export interface NewVersion {
  readonly id: string;
  readonly secretString: string | undefined;
  readonly secretBinary: string | undefined;
  readonly stages: readonly string[];
}

type Versions = readonly SecretVersion[];

export const holderOf = (versions: Versions, stage: string): SecretVersion | undefined =>
  versions.find(({ stages }) => stages.includes(stage));

/**
 * The secret with one more version, or the very same secret where the version is there with the same value.
 * A secret's first version is current whatever was asked for.
 */
export function withVersion(
  secret: Secret,
  version: NewVersion,
  now: number,
  keptMs: number,
): Secret {
  const there = secret.versions.find(({ id }) => id === version.id);
  if (there && isSameValue(there, version)) return secret;
  if (there) throw resourceExists("You can't modify an existing version, you can only create new.");

  const { stages, ...value } = version;
  const kept = withoutOutdated(secret.versions, now - keptMs);
  if (kept.length >= mostVersions)
    throw limitExceeded(`You can't have more than ${mostVersions} versions of a secret.`);

  const wanted = kept.length === 0 ? [current, ...stages] : stages;
  const versions = [...kept, { ...value, createdAt: now, stages: [] }];
  return { ...secret, changedAt: now, versions: attachAll(versions, new Set(wanted), version.id) };
}

/** The versions after a label has gone to `to`; with AWSCURRENT, AWSPREVIOUS goes where it came from. */
export function attach(versions: Versions, label: string, to: string): Versions {
  const from = holderOf(versions, label);
  if (from?.id === to) return versions;

  const moved = detach(versions, label).map((version) =>
    version.id === to ? { ...version, stages: [...version.stages, label] } : version,
  );
  if (label === current && from) return attach(moved, previous, from.id);
  return checkedLabels(moved);
}

export const detach = (versions: Versions, label: string): Versions =>
  versions.map((version) => ({
    ...version,
    stages: version.stages.filter((stage) => stage !== label),
  }));

const attachAll = (versions: Versions, labels: ReadonlySet<string>, to: string): Versions =>
  [...labels].reduce((before, label) => attach(before, label, to), versions);

const isSameValue = (one: SecretVersion, other: NewVersion) =>
  one.secretString === other.secretString && one.secretBinary === other.secretBinary;

/** Beyond the limit the oldest versions without a label go, but none that is younger than a day. */
function withoutOutdated(versions: Versions, before: number): Versions {
  const excess = versions.length + 1 - mostVersions;
  const outdated = versions
    .filter(({ stages, createdAt }) => stages.length === 0 && createdAt < before)
    .slice(0, Math.max(0, excess));
  return versions.filter((version) => !outdated.includes(version));
}

function checkedLabels(versions: Versions): Versions {
  if (versions.flatMap(({ stages }) => stages).length <= mostLabels) return versions;
  throw limitExceeded(`You can't attach more than ${mostLabels} staging labels to a secret.`);
}
