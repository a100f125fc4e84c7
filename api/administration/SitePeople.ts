import { CodedError } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { fromInstant, toInstant } from '#engine/kernel';
import type { Filter } from '#engine/kernel';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import type { PeopleQuery } from '../contract/index.ts';
import { decodeCursor, encodeCursor } from '../paging/index.ts';
import type { Page } from '../paging/index.ts';

const list = 'people';

/** Accounts that a search reads at once, until its page is full. */
const batchSize = 200;

/** Lists the accounts for administrators. */
export class SitePeople {
  readonly #accounts: AccountStore;

  constructor(accounts: AccountStore) {
    this.#accounts = accounts;
  }

  /** The newest first. @throws CodedError `page.notFound` for a cursor of another list */
  async page(query: PeopleQuery): Promise<Page<AccountRow>> {
    const { search, cursor, limit } = query;
    const filter = filterOf(query);
    if (!search) return this.#accounts.page(filter, { list, cursor, limit });
    const found = await this.#accounts.search(search);
    const rest = cursor === undefined ? found : found.slice(placeIn(found, cursor) + 1);
    const rows: AccountRow[] = [];
    for (let from = 0; from < rest.length && rows.length <= limit; from += batchSize) {
      rows.push(...(await this.#accounts.matching(rest.slice(from, from + batchSize), filter)));
    }
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { rows: page, nextCursor: last && rows.length > limit ? encodeCursor(list, { key: last.createdAt, id: last._id }) : null };
  }
}

function placeIn(found: readonly UserId[], cursor: string): number {
  const place = found.indexOf(decodeCursor(list, cursor).id as UserId);
  if (place < 0) throw new CodedError('request.invalid', 'The list has changed. Start again with the first page.', { details: { field: 'cursor' } });
  return place;
}

function filterOf({ role, state, seenSince, notSeenSince }: PeopleQuery): Filter<AccountRow> {
  const states = { active: { deactivatedAt: null }, deactivated: { deactivatedAt: { $ne: null } }, unverified: { deactivatedAt: null, emailVerifiedAt: null } } satisfies Record<string, Filter<AccountRow>>;
  const conditions: Filter<AccountRow>[] = [
    ...(role ? [{ roles: role }] : []),
    ...(state ? [states[state]] : []),
    ...(seenSince ? [{ lastSeenAt: { $gte: precise(seenSince) } }] : []),
    ...(notSeenSince ? [{ $or: [{ lastSeenAt: null }, { lastSeenAt: { $lt: precise(notSeenSince) } }] }] : []),
  ];
  return conditions.length === 0 ? {} : { $and: conditions };
}

/** With milliseconds, as stored instants have them. */
const precise = (instant: string) => toInstant(fromInstant(instant));
