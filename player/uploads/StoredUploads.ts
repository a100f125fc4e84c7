import * as z from 'zod';

/** What this device remembers of an unfinished upload, by its URL. */
const StoredUpload = z.object({ modifiedMs: z.number().optional(), title: z.string().optional() });
const Stored = z.record(z.string(), StoredUpload);
type Stored = z.infer<typeof Stored>;

/** Where it is kept: local storage, or something like it. */
export interface KeyValues {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** Unfinished uploads at once, on this device. Older ones are forgotten. */
const maxStored = 100;

/** In charge of what is needed to continue uploads after a reload: which file it was, and its title if that was changed. */
export class StoredUploads {
  private readonly values: KeyValues;
  private readonly key: string;

  /** `userId`: people who share a device do not see each other's uploads. */
  constructor(values: KeyValues, userId: string) {
    this.values = values;
    this.key = `lectern.uploads.${userId}`;
  }

  modifiedMsOf(url: string): number | undefined {
    return this.read()[url]?.modifiedMs;
  }

  titleOf(url: string): string | undefined {
    return this.read()[url]?.title;
  }

  keepFile(url: string, modifiedMs: number): void {
    this.change(url, { modifiedMs });
  }

  keepTitle(url: string, title: string): void {
    this.change(url, { title });
  }

  forget(url: string): void {
    const { [url]: _forgotten, ...others } = this.read();
    this.write(others);
  }

  private change(url: string, change: Stored[string]): void {
    const { [url]: known, ...others } = this.read();
    const entries = Object.entries(others).slice(1 - maxStored);
    this.write({ ...Object.fromEntries(entries), [url]: { ...known, ...change } });
  }

  private read(): Stored {
    try {
      return Stored.catch({}).parse(JSON.parse(this.values.getItem(this.key) ?? '{}'));
    } catch {
      return {};
    }
  }

  /** A full or closed storage costs the resumption by file name only. */
  private write(stored: Stored): void {
    try {
      this.values.setItem(this.key, JSON.stringify(stored));
    } catch {
      // Uploads go on; after a reload their files are recognised by name and size.
    }
  }
}
