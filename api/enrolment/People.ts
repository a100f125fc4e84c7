// Responsible for showing who is in a course: to its owner and assistants with addresses, to its members by name.
import { createHash } from 'node:crypto';
import { UserId } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import { foldText } from '../accounts/foldText.ts';
import type { EnrolmentRow, EnrolmentStore, PeopleFilter } from '../courses/EnrolmentStore.ts';
import { namedPageSize, searchedPageSize } from '../limits.ts';
import { pageOfRows } from '../paging/index.ts';

export interface PeopleQuery extends PeopleFilter {
  search?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface Person {
  enrolment: EnrolmentRow;
  account: AccountRow;
}

export class People {
  readonly #accounts: AccountStore;
  readonly #enrolments: EnrolmentStore;

  constructor({ accounts, enrolments }: { accounts: AccountStore; enrolments: EnrolmentStore }) {
    this.#accounts = accounts;
    this.#enrolments = enrolments;
  }

  /** By name. Reads the people of the page; with a search, those that match. @throws CodedError `page.notFound` for a cursor of another list */
  async page(courseId: CourseId, { search, cursor, limit, ...filter }: PeopleQuery): Promise<{ people: Person[]; total: number; nextCursor: string | null }> {
    const list = shortened(`members ${JSON.stringify([courseId, search, filter.role, filter.group])}`);
    if (search) return this.#found(courseId, search, { list, filter, cursor, limit });
    await this.#nameAll(courseId);
    const [{ rows, nextCursor }, total] = await Promise.all([this.#enrolments.pageByName(courseId, filter, { list, cursor, limit }), this.#enrolments.countPeople(courseId, filter)]);
    return { people: await this.#withAccounts(rows), total, nextCursor };
  }

  /** Everybody, by name. */
  async all(courseId: CourseId): Promise<Person[]> {
    const people = await this.#withAccounts(await this.#enrolments.ofCourse(courseId));
    return people.map((person) => ({ person, key: nameKey(person.account.displayName) })).sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ person }) => person);
  }

  /** As members see one another. A cursor has the id of an enrolment, which leads to no account. */
  async classmates(courseId: CourseId, { cursor, limit }: Pick<PeopleQuery, 'cursor' | 'limit'>): Promise<{ people: Person[]; nextCursor: string | null }> {
    await this.#nameAll(courseId);
    const { rows, nextCursor } = await this.#enrolments.pageByName(courseId, {}, { list: shortened(`classmates ${courseId}`), cursor, limit });
    return { people: await this.#withAccounts(rows), nextCursor };
  }

  /** At most `limit` people whose name begins with this, in any case and with or without accents. */
  async beginningWith(courseId: CourseId, prefix: string, limit: number): Promise<Person[]> {
    await this.#nameAll(courseId);
    return this.#withAccounts(await this.#enrolments.withNamePrefix(courseId, nameKey(prefix), limit));
  }

  async #found(courseId: CourseId, search: string, { list, filter, cursor, limit }: { list: string; filter: PeopleFilter; cursor: string | undefined; limit: number }) {
    const found = await this.#accounts.search(search);
    const rows: (EnrolmentRow & { nameKey: string })[] = [];
    for (let from = 0; from < found.length; from += searchedPageSize) {
      const people = await this.#withAccounts(await this.#enrolments.peopleAmong(courseId, found.slice(from, from + searchedPageSize), filter));
      rows.push(...people.map(({ enrolment, account }) => ({ ...enrolment, nameKey: nameKey(account.displayName) })));
    }
    const page = pageOfRows(rows, { list, sortBy: 'nameKey', direction: 1, cursor, limit });
    return { people: await this.#withAccounts(page.rows), total: rows.length, nextCursor: page.nextCursor };
  }

  /** Notes the names of people who came since the last list was read, or have a new name. */
  async #nameAll(courseId: CourseId): Promise<void> {
    for (let rows = await this.#enrolments.unnamed(courseId, namedPageSize); rows.length > 0; rows = await this.#enrolments.unnamed(courseId, namedPageSize)) {
      const accounts = await this.#accounts.findMany(rows.map(({ userId }) => UserId.parse(userId)));
      // A person whose account is being erased is listed nowhere.
      for (const { _id, userId } of rows) await this.#enrolments.setNameKey(_id, nameKey(accounts.get(UserId.parse(userId))?.displayName ?? ''));
      const renamed = await this.#accounts.findMany([...accounts.keys()]);
      for (const [userId, { displayName }] of accounts) if (renamed.get(userId)?.displayName !== displayName) await this.#enrolments.forgetName(userId);
    }
  }

  async #withAccounts(rows: readonly EnrolmentRow[]): Promise<Person[]> {
    const accounts = await this.#accounts.findMany(rows.map(({ userId }) => UserId.parse(userId)));
    return rows.flatMap((enrolment) => {
      const account = accounts.get(UserId.parse(enrolment.userId));
      return account ? [{ enrolment, account }] : [];
    });
  }
}

/** A cursor is at most 1,500 characters long, and a search may be long. */
function shortened(list: string): string {
  return createHash('sha256').update(list).digest('base64url').slice(0, 16);
}

function nameKey(name: string): string {
  return foldText(name).slice(0, 120);
}
