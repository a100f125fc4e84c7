// Responsible for finding accounts by a part of their name or e-mail address, while an administrator types. Owns these texts
// in memory, some 200 bytes for each account: they are read at the first search, and kept up to date. Accounts that other processes of
// the site create are read at the next search, at most once in `accountSearchRefreshMs`; those that change are put here by the
// AccountStore, which is notified of them.
import type { UserId } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import { foldText } from './foldText.ts';
import { accountSearchRefreshMs, clockDifferenceMs } from '../limits.ts';

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
  /** Reads all accounts, or those created since. */
  readonly #read: (since?: string) => AsyncIterable<SearchedRow>;
  readonly #entries = new Map<UserId, Entry>();
  #loading: Promise<void> | undefined;

  #newest = '';
  readonly #nowMs: () => number;
  #refreshed: Promise<void> | undefined;
  #refreshedAtMs = -Infinity;

  /** `nowMs`: any clock that does not run backwards. */
  constructor(read: (since?: string) => AsyncIterable<SearchedRow>, nowMs: () => number = () => performance.now()) {
    this.#read = read;
    this.#nowMs = nowMs;
  }

  /** An account that was added or changed. */
  put(row: SearchedRow): void {
    if (this.#loading) this.#keep(row);
  }

  remove(userId: UserId): void {
    this.#entries.delete(userId);
  }

  /** Reads everything again at the next search. */
  forget(): void {
    this.#loading = undefined;
    this.#refreshed = undefined;
    this.#newest = '';
    this.#entries.clear();
  }

  /** The accounts that contain the text, the newest first. */
  async find(text: string): Promise<UserId[]> {
    if (this.#loading) await this.#loading.then(() => this.#refresh());
    else await (this.#loading = this.#load());
    const searched = foldText(text);
    const found = [...this.#entries].filter(([, { texts }]) => texts.some((one) => one.includes(searched)));
    return found.sort(([, a], [, b]) => (a.createdAt < b.createdAt ? 1 : -1)).map(([userId]) => userId);
  }

  async #load(): Promise<void> {
    try {
      for await (const row of this.#read()) {
        // One that was put meanwhile is newer.
        if (!this.#entries.has(row._id as UserId)) this.#keep(row);
      }
    } catch (err) {
      this.#loading = undefined;
      this.#entries.clear();
      throw err;
    }
  }

  /** Searches that come at the same time wait for one read. */
  #refresh(): Promise<void> {
    const nowMs = this.#nowMs();
    if (this.#refreshed && nowMs - this.#refreshedAtMs < accountSearchRefreshMs) return this.#refreshed;
    this.#refreshedAtMs = nowMs;
    this.#refreshed = this.#readNew();
    this.#refreshed.catch(() => (this.#refreshed = undefined));
    return this.#refreshed;
  }

  /** What other processes have added. Their clocks may differ from the one that created the newest account. */
  async #readNew(): Promise<void> {
    const since = this.#newest === '' ? '' : toInstant(fromInstant(this.#newest) - clockDifferenceMs);
    for await (const row of this.#read(since)) this.#keep(row);
  }

  #keep(row: SearchedRow): void {
    this.#entries.set(row._id as UserId, entryOf(row));
    if (row.createdAt > this.#newest) this.#newest = row.createdAt;
  }
}

function entryOf({ email, displayName, createdAt }: SearchedRow): Entry {
  return { texts: [foldText(email), foldText(displayName)], createdAt };
}
