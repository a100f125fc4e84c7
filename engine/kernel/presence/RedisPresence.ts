// Responsible for who is in which group in all processes: each process keeps its own members in Redis, in one hash for each
// group that expires unless it is renewed. Owns the timers of renewals and writes.
import { isCoded } from '../../contract/index.ts';
import { background } from '../background.ts';
import type { RedisConnection } from '../bus/index.ts';
import type { Clock } from '../Clock.ts';
import type { Logger } from '../Logger.ts';
import { newId } from '../newId.ts';
import { presenceFlushMs, presenceLifetimeMs, presenceRenewalMs } from './limits.ts';
import { countUsers, MemoryPresence } from './MemoryPresence.ts';
import type { Member, Presence } from './Presence.ts';

export interface RedisPresenceOptions {
  connection: RedisConnection;
  clock: Clock;
  logger: Logger;
}

const processesKey = (group: string) => `lectern:presence:${group}`;

export class RedisPresence implements Presence {
  readonly #options: RedisPresenceOptions;
  readonly #processId = newId('prc');
  readonly #own = new MemoryPresence();
  /** What has changed in each group and is not written: the user of a member, or null when the member has left. */
  #changes = new Map<string, Map<string, string | null>>();
  /** Groups with changes that were not written. Their renewal writes all members: the number alone may hide a change. */
  #unwritten = new Set<string>();
  readonly #stopListening: () => void;
  #isClosed = false;
  #cancelFlush: (() => void) | undefined;
  #cancelRenewal = (): void => undefined;

  constructor(options: RedisPresenceOptions) {
    this.#options = options;
    this.#stopListening = options.connection.onUp(() => background('presence.renew', this.#renewAll(), options.logger));
    this.#scheduleRenewal();
  }

  enter(group: string, member: Member): void {
    this.#own.enter(group, member);
    this.#changed(group, member.id, member.userId);
  }

  leave(group: string, memberId: string): void {
    this.#own.leave(group, memberId);
    this.#changed(group, memberId, null);
  }

  async membersOf(group: string): Promise<Member[]> {
    return [...this.#own.here(group), ...(await this.#others(group))];
  }

  async countPeople(group: string): Promise<number> {
    return countUsers(await this.membersOf(group));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopListening();
    this.#cancelFlush?.();
    this.#cancelRenewal();
    const groups = this.#own.groups;
    await this.#own.close();
    if (groups.length === 0) return;
    await this.#tolerant(() =>
      this.#options.connection.command(async (client) => {
        const removal = client.multi();
        for (const group of groups) removal.del(this.#membersKey(group)).sRem(processesKey(group), this.#processId);
        await removal.exec();
      }),
    );
  }

  #membersKey(group: string, processId = this.#processId): string {
    return `${processesKey(group)}:${processId}`;
  }

  #changed(group: string, memberId: string, userId: string | null): void {
    if (this.#isClosed) return;
    const changes = this.#changes.get(group) ?? new Map<string, string | null>();
    this.#changes.set(group, changes.set(memberId, userId));
    this.#cancelFlush ??= this.#options.clock.after(presenceFlushMs, () => {
      this.#cancelFlush = undefined;
      background('presence.flush', this.#flush(), this.#options.logger);
    });
  }

  async #flush(): Promise<void> {
    const changes = this.#changes;
    this.#changes = new Map();
    const isWritten = await this.#tolerant(() =>
      this.#options.connection.command(async (client) => {
        const writing = client.multi();
        for (const [group, members] of changes) {
          const key = this.#membersKey(group);
          const entered = [...members].flatMap(([id, userId]) => (userId === null ? [] : [id, userId]));
          const left = [...members].filter(([, userId]) => userId === null).map(([id]) => id);
          if (entered.length > 0) writing.hSet(key, entered);
          if (left.length > 0) writing.hDel(key, left);
          writing.pExpire(key, presenceLifetimeMs).sAdd(processesKey(group), this.#processId).pExpire(processesKey(group), presenceLifetimeMs);
        }
        await writing.exec();
        return true;
      }),
    );
    if (!isWritten) for (const group of changes.keys()) this.#unwritten.add(group);
  }

  #scheduleRenewal(): void {
    this.#cancelRenewal = this.#options.clock.after(presenceRenewalMs, () => {
      this.#scheduleRenewal();
      background('presence.renew', this.#renewAll(), this.#options.logger);
    });
  }

  async #renewAll(): Promise<void> {
    const unwritten = this.#unwritten;
    this.#unwritten = new Set();
    for (const group of this.#own.groups) {
      const isRenewed = await this.#tolerant(() => this.#renew(group, unwritten.has(group)));
      if (!isRenewed && unwritten.has(group)) this.#unwritten.add(group);
    }
  }

  /** Redis may have lost the group, or may have missed a change. Resolves with true when it is written. */
  async #renew(group: string, mustRewrite: boolean): Promise<boolean> {
    const key = this.#membersKey(group);
    return this.#options.connection.command(async (client) => {
      const renewal = client.multi().pExpire(key, presenceLifetimeMs).hLen(key).sAdd(processesKey(group), this.#processId).pExpire(processesKey(group), presenceLifetimeMs);
      const [, length] = await renewal.exec();
      // As they are now: what was flushed meanwhile must not be undone.
      const members = this.#own.here(group);
      if (Number(length) === members.length && !mustRewrite) return true;
      const rewriting = client.multi().del(key);
      if (members.length > 0) rewriting.hSet(key, members.flatMap(({ id, userId }) => [id, userId])).pExpire(key, presenceLifetimeMs);
      await rewriting.exec();
      return true;
    });
  }

  async #others(group: string): Promise<Member[]> {
    const read = () =>
      this.#options.connection.command(async (client) => {
        const others = (await client.sMembers(processesKey(group))).filter((processId) => processId !== this.#processId);
        const hashes = await Promise.all(others.map((processId) => client.hGetAll(this.#membersKey(group, processId))));
        return hashes.flatMap((hash) => Object.entries(hash).map(([id, userId]) => ({ id, userId })));
      });
    return (await this.#tolerant(read)) ?? [];
  }

  /** Undefined while Redis is unavailable. */
  async #tolerant<T>(task: () => Promise<T>): Promise<T | undefined> {
    try {
      return await task();
    } catch (err) {
      if (!isCoded(err, 'bus.unavailable')) this.#options.logger.debug({ err }, 'presence.commandFailed');
      return undefined;
    }
  }
}
