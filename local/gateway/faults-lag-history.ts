import type { JsonObject } from "../json.ts";

/** An item that was written, and its keys before that if it was there. */
export interface Written {
  readonly table: string;
  readonly key: JsonObject;
  readonly before: JsonObject | undefined;
}

/** More are not remembered; of the oldest an index then knows too early. */
const mostNotes = 50_000;

interface Note extends Written {
  /** Until when the index does not know of it; of a write under way that is open. */
  until: number;
}

/** What was written in the last `lagMs`, oldest first. */
export function writtenHistory(lagMs: number, now: () => number) {
  const notes = new Set<Note>();
  const forget = () => {
    for (const note of notes) if (note.until <= now() || notes.size > mostNotes) notes.delete(note);
  };
  return {
    /** Notes what is about to be written. */
    begin: (written: readonly Written[]) => {
      forget();
      const own = written.map((one): Note => ({ ...one, until: Number.POSITIVE_INFINITY }));
      for (const note of own) notes.add(note);
      return {
        done: () => {
          for (const note of own) note.until = now() + lagMs;
        },
        withdraw: () => {
          for (const note of own) notes.delete(note);
        },
      };
    },
    /** Of each item its first write that the index does not know yet, and so how the index shows it. */
    recent: (): readonly Written[] => {
      forget();
      const first = new Map<string, Note>();
      for (const note of notes) {
        const id = `${note.table} ${JSON.stringify(note.key)}`;
        if (!first.has(id)) first.set(id, note);
      }
      return [...first.values()];
    },
  };
}
