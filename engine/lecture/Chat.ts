import { chatBurstLimit, chatBurstWindowMs, chatHistoryLimit, CodedError, may, MessageId } from '../contract/index.ts';
import type { ChatMessage, LectureEventBody, Participant, UserId } from '../contract/index.ts';
import { newId } from '../kernel/newId.ts';
import { requireRole } from './AccessPolicy.ts';
import type { RoomMemory } from './projectRoom.ts';

export interface ChatOptions {
  memory: RoomMemory;
  nowMs: () => number;
  /** Stores the event, then applies the change, then notifies the room. Rejects without a change if the event cannot be stored. */
  record: (event: LectureEventBody, change: () => void) => Promise<void>;
  /** A user was muted or unmuted. */
  onMuted: (userId: UserId, isMuted: boolean) => void;
}

/**
 * The chat of one room: history, rate limits, moderation. A change that cannot be stored does not happen; the caller gets
 * `disk.full` or `database.unavailable` and can try again.
 */
export class Chat {
  readonly #options: ChatOptions;
  readonly #postTimes = new Map<UserId, number[]>();
  readonly #authors = new Map<MessageId, UserId>();
  /** The newest ones, for joining clients; the log has all. */
  #messages: ChatMessage[];
  #deleted: MessageId[];
  #slowModeMs: number;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#messages = options.memory.messages.slice(-chatHistoryLimit);
    this.#deleted = options.memory.deletedMessages.slice(-chatHistoryLimit);
    this.#slowModeMs = options.memory.slowModeMs;
    for (const message of options.memory.messages) this.#authors.set(message.id, message.userId);
  }

  get history(): readonly ChatMessage[] {
    return this.#messages;
  }

  /** The newest deletions, for clients that were away. */
  get deleted(): readonly MessageId[] {
    return this.#deleted;
  }

  get slowModeMs(): number {
    return this.#slowModeMs;
  }

  isMuted(userId: UserId): boolean {
    return this.#options.memory.mutedUsers.has(userId);
  }

  async post(author: Participant, text: string): Promise<ChatMessage> {
    requireRole(author, 'chat.post');
    const { userId, displayName, role } = author;
    if (this.isMuted(userId)) throw new CodedError('participant.muted', 'You cannot write in the chat: the instructor muted you. You can still read it.');
    const atMs = this.#options.nowMs();
    this.#countPost(author, atMs);
    const message: ChatMessage = { id: MessageId.parse(newId('msg')), userId, displayName, role, text, atMs };
    const recorded = this.#options.record({ type: 'chat.posted', data: { message } }, () => {
      this.#authors.set(message.id, userId);
      this.#messages = [...this.#messages, message].slice(-chatHistoryLimit);
    });
    await recorded.catch((err: unknown) => this.#removePostTime(userId, atMs, err));
    return message;
  }

  async delete(by: Participant, messageId: MessageId): Promise<void> {
    const authorId = this.#authors.get(messageId);
    if (authorId === undefined) throw new CodedError('message.notFound', 'This message was already deleted.');
    if (authorId !== by.userId) requireRole(by, 'chat.moderate');
    await this.#options.record({ type: 'chat.deleted', data: { messageId, byUserId: by.userId } }, () => {
      this.#authors.delete(messageId);
      this.#messages = this.#messages.filter((message) => message.id !== messageId);
      this.#deleted = [...this.#deleted, messageId].slice(-chatHistoryLimit);
    });
  }

  async setMuted(by: Participant, userId: UserId, isMuted: boolean): Promise<void> {
    requireRole(by, 'chat.moderate');
    const { memory, record, onMuted } = this.#options;
    await record({ type: 'chat.muted', data: { userId, isMuted, byUserId: by.userId } }, () => {
      if (isMuted) memory.mutedUsers.add(userId);
      else memory.mutedUsers.delete(userId);
      onMuted(userId, isMuted);
    });
  }

  async setSlowMode(by: Participant, intervalMs: number): Promise<void> {
    requireRole(by, 'chat.moderate');
    await this.#options.record({ type: 'chat.slowModeChanged', data: { intervalMs, byUserId: by.userId } }, () => {
      this.#slowModeMs = intervalMs;
    });
  }

  /** Counts the post before it is stored, so that the limits hold for concurrent posts. @throws CodedError `chat.slow`, `request.tooFrequent` */
  #countPost({ userId, role }: Participant, nowMs: number): void {
    const recent = (this.#postTimes.get(userId) ?? []).filter((timeMs) => nowMs - timeMs < Math.max(chatBurstWindowMs, this.#slowModeMs));
    const sinceLastMs = nowMs - (recent.at(-1) ?? -Infinity);
    if (!may(role, 'chat.moderate') && sinceLastMs < this.#slowModeMs) {
      const retryAfterMs = Math.ceil(this.#slowModeMs - sinceLastMs);
      throw new CodedError('chat.slow', `Slow mode is on. You can send the next message in ${Math.ceil(retryAfterMs / 1000)} s.`, { details: { retryAfterMs } });
    }
    const burst = recent.filter((timeMs) => nowMs - timeMs < chatBurstWindowMs);
    if (burst.length >= chatBurstLimit) {
      const retryAfterMs = Math.ceil(chatBurstWindowMs - (nowMs - (burst[0] ?? nowMs)));
      throw new CodedError('request.tooFrequent', `You are sending messages too fast. You can send the next one in ${Math.ceil(retryAfterMs / 1000)} s.`, { details: { retryAfterMs } });
    }
    this.#postTimes.set(userId, [...recent, nowMs]);
  }

  /** A post that was not stored does not count. */
  #removePostTime(userId: UserId, postedAtMs: number, err: unknown): never {
    const times = this.#postTimes.get(userId) ?? [];
    const index = times.lastIndexOf(postedAtMs);
    this.#postTimes.set(userId, times.filter((_, other) => other !== index));
    throw err;
  }
}
