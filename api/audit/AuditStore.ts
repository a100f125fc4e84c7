import { newId } from '#engine/kernel';
import type { Collection, Database, Filter } from '#engine/kernel';
import type { AuditAction, AuditChanges, AuditTargetKind } from '../contract/index.ts';
import { readPage } from '../paging/index.ts';
import type { Page } from '../paging/index.ts';
import { maxAuditedFields, maxAuditedList, maxAuditedText } from './limits.ts';
import type { AuditRecord } from './AuditLog.ts';

export interface AuditRow {
  _id: string;
  /** ISO 8601, UTC. */
  at: string;
  /** `usr_…`, or `anon_…` after the account was erased. */
  actorId: string;
  action: AuditAction;
  targetKind: AuditTargetKind;
  targetId: string;
  courseId: string | null;
  requestId: string;
  addressGroup: string;
  changes: AuditChanges;
}

export interface AuditSearch {
  actorId?: string | undefined;
  targetId?: string | undefined;
  courseId?: string | undefined;
  action?: AuditAction | undefined;
  /** Instants: from this one on, and before that one. */
  from?: string | undefined;
  to?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** The entries of the audit log. Owns the collection `audit`. */
export class AuditStore {
  readonly #entries: Collection<AuditRow>;

  constructor(database: Database) {
    this.#entries = database.collection<AuditRow>({
      name: 'audit',
      indexes: [
        { keys: { at: -1, _id: -1 } },
        { keys: { actorId: 1, at: -1, _id: -1 } },
        { keys: { targetId: 1, at: -1, _id: -1 } },
        { keys: { courseId: 1, at: -1, _id: -1 } },
        { keys: { action: 1, at: -1, _id: -1 } },
      ],
    });
  }

  /** Repeating it with the same `_id` stores it once. */
  async put({ _id, ...row }: AuditRow): Promise<void> {
    await this.#entries.updateOne({ _id }, { $setOnInsert: row }, { upsert: true });
  }

  /** The latest first. @throws CodedError `page.notFound` for a cursor of another list */
  async search({ cursor, limit, from, to, ...fields }: AuditSearch): Promise<Page<AuditRow>> {
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Filter<AuditRow>;
    return readPage(this.#entries, { list: 'audit', filter: { ...given, ...period(from, to) }, sortBy: 'at', direction: -1, cursor, limit });
  }

  /** Removes the entries before an instant. Returns their number. */
  async removeBefore(instant: string): Promise<number> {
    return (await this.#entries.deleteMany({ at: { $lt: instant } })).deletedCount;
  }

  /**
   * Replaces a person, as actor and as target, by an id that leads nowhere. Forgets from where the person acted, and the details of
   * what was done to the person, which may hold words about them. `withoutName` removes the person from the words of what they did.
   */
  async anonymise(userId: string, withoutName: (text: string) => string = (text) => text): Promise<void> {
    const anonymous = newId('anon');
    for await (const { _id, changes } of this.#entries.iterate({ actorId: userId })) {
      const kept = Object.entries(changes).map(([field, value]) => [field, mapTexts(value, withoutName)]);
      await this.#entries.updateOne({ _id }, { $set: { actorId: anonymous, addressGroup: '', changes: Object.fromEntries(kept) as AuditChanges } });
    }
    await this.#entries.updateMany({ targetId: userId }, { $set: { targetId: anonymous, changes: {} } });
  }

  /** What a person did, for the download of everything that is stored about the person. */
  ofActor(userId: string): AsyncIterable<AuditRow> {
    return this.#entries.iterate({ actorId: userId }, { sort: { at: -1, _id: -1 } });
  }
}

/** The row of a record. Texts and lists are cut, so that no request stores more than a page of text. */
export function auditRow({ target, changes, ...rest }: AuditRecord, at: string): AuditRow {
  const bounded = Object.entries(changes).slice(0, maxAuditedFields).map(([field, value]) => [field, boundedValue(value)]);
  return { _id: newId('aud'), at, ...rest, targetKind: target.kind, targetId: target.id, changes: Object.fromEntries(bounded) as AuditChanges };
}

function boundedValue(value: AuditChanges[string]): AuditChanges[string] {
  if (Array.isArray(value)) return value.slice(0, maxAuditedList).map((each) => boundedValue(each) as string);
  return typeof value === 'string' ? [...value].slice(0, maxAuditedText).join('') : value;
}

function mapTexts(value: AuditChanges[string], change: (text: string) => string): AuditChanges[string] {
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change) as string);
  return typeof value === 'string' ? change(value) : value;
}

function period(from: string | undefined, to: string | undefined): Filter<AuditRow> {
  if (from === undefined && to === undefined) return {};
  return { at: { ...(from !== undefined && { $gte: from }), ...(to !== undefined && { $lt: to }) } };
}
