// Responsible for finding accounts by a part of their name or e-mail address, while an administrator types. Owns these texts
// in memory, some 200 bytes for each account: they are read at the first search, and kept up to date.
import type { UserId } from '#engine/contract';

interface SearchedRow {
  _id: string;
  email: string;
  displayName: string;
  createdAt: string;
}

interface Entry {
  texts: readonly string[];
  createdAt: string;
}

export class AccountSearch {
  readonly #readAll: () => AsyncIterable<SearchedRow>;
  readonly #entries = new Map<UserId, Entry>();
  #loading: Promise<void> | undefined;

  constructor(readAll: () => AsyncIterable<SearchedRow>) {
    this.#readAll = readAll;
  }

  /** An account that was added or changed. */
  put(row: SearchedRow): void {
    if (this.#loading) this.#entries.set(row._id as UserId, entryOf(row));
  }

  /** The accounts that contain the text, the newest first. */
  async find(text: string): Promise<UserId[]> {
    await (this.#loading ??= this.#load());
    const searched = text.toLowerCase();
    const found = [...this.#entries].filter(([, { texts }]) => texts.some((one) => one.includes(searched)));
    return found.sort(([, a], [, b]) => (a.createdAt < b.createdAt ? 1 : -1)).map(([userId]) => userId);
  }

  async #load(): Promise<void> {
    try {
      for await (const row of this.#readAll()) {
        // One that was put meanwhile is newer.
        if (!this.#entries.has(row._id as UserId)) this.#entries.set(row._id as UserId, entryOf(row));
      }
    } catch (err) {
      this.#loading = undefined;
      this.#entries.clear();
      throw err;
    }
  }
}

function entryOf({ email, displayName, createdAt }: SearchedRow): Entry {
  return { texts: [email.toLowerCase(), displayName.toLowerCase()], createdAt };
}
