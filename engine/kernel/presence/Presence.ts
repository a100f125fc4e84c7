/** Someone who is in a group: a participant in a lecture. A person with several pages is several members. */
export interface Member {
  id: string;
  userId: string;
}

/**
 * Who is in which group, in all processes. Changes are shared within a moment. While the processes cannot reach one another,
 * each knows its own members. The members of a process that dies disappear within `presenceLifetimeMs`.
 */
export interface Presence {
  /** `member` is in the group, in this process. Never waits. */
  enter(group: string, member: Member): void;
  leave(group: string, memberId: string): void;
  /** In no particular order. */
  membersOf(group: string): Promise<Member[]>;
  /** People; someone with several pages counts once. */
  countPeople(group: string): Promise<number>;
  /** The members of this process leave. */
  close(): Promise<void>;
}
