// Responsible for showing who is in a course: to its owner and assistants with addresses, to its members by name.
import { createHash } from 'node:crypto';
import { UserId } from '#engine/contract';
import type { CourseId, CourseRole } from '#engine/contract';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import type { EnrolmentRow, EnrolmentStore } from '../courses/EnrolmentStore.ts';
import { decodeCursor, encodeCursor } from '../paging/index.ts';

export interface PeopleQuery {
  search?: string | undefined;
  role?: CourseRole | undefined;
  /** `none`: people without a group. */
  group?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface Person {
  enrolment: EnrolmentRow;
  account: AccountRow;
}

interface SortedPerson extends Person {
  key: string;
  id: string;
}

export class People {
  readonly #accounts: AccountStore;
  readonly #enrolments: EnrolmentStore;

  constructor({ accounts, enrolments }: { accounts: AccountStore; enrolments: EnrolmentStore }) {
    this.#accounts = accounts;
    this.#enrolments = enrolments;
  }

  /** By name. @throws CodedError `request.invalid` for a cursor of another list */
  async page(courseId: CourseId, query: PeopleQuery): Promise<{ people: Person[]; total: number; nextCursor: string | null }> {
    const { search, role, group, cursor, limit } = query;
    const all = (await this.#sorted(courseId, ({ _id }) => _id)).filter((person) => hasRole(person, role) && isInGroup(person, group) && contains(person, search));
    return { ...pageOf(all, { list: `members ${JSON.stringify([courseId, search, role, group])}`, cursor, limit }), total: all.length };
  }

  /** Everybody, by name. */
  async all(courseId: CourseId): Promise<Person[]> {
    return this.#sorted(courseId, ({ _id }) => _id);
  }

  /** As members see one another. The cursor has no id of an account either. */
  async classmates(courseId: CourseId, { cursor, limit }: Pick<PeopleQuery, 'cursor' | 'limit'>): Promise<{ people: Person[]; nextCursor: string | null }> {
    const all = await this.#sorted(courseId, ({ _id }) => createHash('sha256').update(`${courseId} ${_id}`).digest('base64url'));
    return pageOf(all, { list: `classmates ${courseId}`, cursor, limit });
  }

  async #sorted(courseId: CourseId, idOf: (account: AccountRow) => string): Promise<SortedPerson[]> {
    const enrolments = await this.#enrolments.ofCourse(courseId);
    const accounts = await this.#accounts.findMany(enrolments.map(({ userId }) => UserId.parse(userId)));
    const people = enrolments.flatMap((enrolment) => {
      const account = accounts.get(UserId.parse(enrolment.userId));
      return account ? [{ enrolment, account, key: sortKey(account.displayName), id: idOf(account) }] : [];
    });
    return people.sort(inOrder);
  }
}

function pageOf(all: readonly SortedPerson[], { list, cursor, limit }: { list: string; cursor: string | undefined; limit: number }) {
  const place = cursor === undefined ? undefined : decodeCursor(shortened(list), cursor);
  const after = place ? all.filter((person) => inOrder(person, { key: String(place.key), id: place.id }) > 0) : all;
  const people = after.slice(0, limit);
  const last = people.at(-1);
  return { people, nextCursor: last && after.length > limit ? encodeCursor(shortened(list), { key: last.key, id: last.id }) : null };
}

/** A cursor is at most 1,500 characters long, and a search may be long. */
function shortened(list: string): string {
  return createHash('sha256').update(list).digest('base64url').slice(0, 16);
}

type Place = Pick<SortedPerson, 'key' | 'id'>;

function inOrder(a: Place, b: Place): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

function sortKey(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().slice(0, 120);
}

function hasRole({ enrolment }: Person, role: CourseRole | undefined): boolean {
  return role === undefined || enrolment.role === role;
}

function isInGroup({ enrolment }: Person, group: string | undefined): boolean {
  if (group === undefined) return true;
  return group === 'none' ? !enrolment.groupId : enrolment.groupId === group;
}

function contains({ account }: Person, search: string | undefined): boolean {
  if (!search) return true;
  const wanted = sortKey(search);
  return sortKey(account.displayName).includes(wanted) || account.email.includes(search.toLowerCase());
}
