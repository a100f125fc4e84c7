import type { Member, Presence } from './Presence.ts';

/** The members of this process. */
export class MemoryPresence implements Presence {
  readonly #groups = new Map<string, Map<string, Member>>();

  get groups(): string[] {
    return [...this.#groups.keys()];
  }

  enter(group: string, member: Member): void {
    const members = this.#groups.get(group) ?? new Map<string, Member>();
    this.#groups.set(group, members.set(member.id, member));
  }

  leave(group: string, memberId: string): void {
    const members = this.#groups.get(group);
    members?.delete(memberId);
    if (members?.size === 0) this.#groups.delete(group);
  }

  here(group: string): Member[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  async membersOf(group: string): Promise<Member[]> {
    return this.here(group);
  }

  async countPeople(group: string): Promise<number> {
    return countUsers(this.here(group));
  }

  async close(): Promise<void> {
    this.#groups.clear();
  }
}

export function countUsers(members: readonly Member[]): number {
  return new Set(members.map(({ userId }) => userId)).size;
}
