// Responsible for what lectures and their event logs hold about one person: exports it, and erases it. A lecture and its chat stay;
// the person becomes `erasedUserId`. Erasing may be repeated after a failure.
import * as z from 'zod';
import { erasedUserId, formerInstructorName, formerParticipantName } from '../contract/index.ts';
import type { UserId } from '../contract/index.ts';
import { topic } from '../kernel/bus/index.ts';
import type { Bus, Unsubscribe } from '../kernel/bus/index.ts';
import type { Collection, Database } from '../kernel/database/index.ts';
import { personalEvents, personPaths } from './eventIndexes.ts';
import type { LoggedPeople, PersonalEventRow } from './eventIndexes.ts';
import type { LectureRegistry } from './LectureRegistry.ts';
import { LectureStore } from './LectureStore.ts';
import { withoutName } from './withoutName.ts';
import type { NamedPerson } from './withoutName.ts';

/** An event that names the person. */
export interface ExportedEvent {
  lectureId: string;
  atMs: number;
  type: string;
  /** With nobody's id but the person's own. */
  data: unknown;
}

export interface LoggedPerson {
  userId: UserId;
  email: string;
  displayName: string;
}

/** Rows of logs were changed: what processes remember of chats is out of date. */
export const logsRewritten = topic('lecture.logsRewritten', z.object({}));

/** Forgets the chats that this process remembers, when a person is erased from them. */
export function followErasures({ bus, registry }: { bus: Bus; registry: LectureRegistry }): Promise<Unsubscribe> {
  const forget = () => registry.chats.forget();
  return bus.subscribe(logsRewritten, { onMessage: forget, onMissed: forget });
}

export class PersonalLectures {
  readonly #events: Collection<PersonalEventRow>;
  readonly #lectures: LectureStore;
  readonly #bus: Bus;

  constructor({ database, bus }: { database: Database; bus: Bus }) {
    this.#events = database.collection<PersonalEventRow>(personalEvents);
    this.#lectures = new LectureStore(database);
    this.#bus = bus;
  }

  async *events(userId: UserId): AsyncIterable<ExportedEvent> {
    for await (const { lectureId, atMs, type, data } of this.#rowsOf(userId)) {
      yield { lectureId, atMs, type, data: withOneId(data, userId) };
    }
  }

  /** The lectures that the person has planned or started. */
  async lectures(userId: UserId): Promise<{ lectureId: string; courseId: string; title: string; createdAt: string }[]> {
    const rows = await this.#lectures.createdBy(userId);
    return rows.map(({ _id, courseId, title, createdAt }) => ({ lectureId: _id, courseId, title, createdAt }));
  }

  async eraseCreator(userId: UserId): Promise<void> {
    await this.#lectures.replaceCreator(userId, erasedUserId);
  }

  async eraseEvents(person: LoggedPerson): Promise<void> {
    const names = new Set([person.displayName]);
    const lectureIds = new Set<string>();
    for await (const { lectureId, data } of this.#rowsOf(person.userId)) {
      lectureIds.add(lectureId);
      for (const { userId, displayName } of [data, data.message ?? {}]) if (userId === person.userId && displayName !== undefined) names.add(displayName);
    }
    const named: NamedPerson = { names: [...names], marks: [person.email, person.userId] };
    // The messages of others first: afterwards, nothing shows in which lectures the person was.
    for (const lectureId of lectureIds) await this.#eraseMentions(lectureId, person.userId, named);
    for await (const row of this.#rowsOf(person.userId)) await this.#write(row, erased(row.data, person.userId, named));
    this.#bus.publish(logsRewritten, {});
  }

  async *#rowsOf(userId: UserId): AsyncIterable<PersonalEventRow> {
    for (const path of personPaths) yield* this.#events.iterate({ [path]: userId });
  }

  async #eraseMentions(lectureId: string, userId: UserId, named: NamedPerson): Promise<void> {
    for await (const row of this.#events.iterate({ lectureId, type: 'chat.posted' })) {
      const { message } = row.data;
      if (!message) continue;
      const text = withoutName(message.text, named, message.userId === userId);
      if (text !== message.text) await this.#write(row, { ...row.data, message: { ...message, text } });
    }
  }

  async #write({ _id }: PersonalEventRow, data: LoggedPeople): Promise<void> {
    await this.#events.updateOne({ _id }, { $set: { data } });
  }
}

/** The data of an event as its person may have it: who else it names is not theirs. */
function withOneId(data: LoggedPeople, userId: UserId): LoggedPeople {
  const { message } = data;
  if (message) return message.userId === userId ? data : {};
  const own = { ...data };
  if (own.userId !== undefined && own.userId !== userId) own.userId = '';
  if (own.byUserId !== undefined && own.byUserId !== userId) own.byUserId = '';
  return own;
}

function erased(data: LoggedPeople, userId: UserId, named: NamedPerson): LoggedPeople {
  const { message, ...rest } = data;
  const after: LoggedPeople = { ...rest };
  if (after.userId === userId) {
    after.userId = erasedUserId;
    if (after.displayName !== undefined) after.displayName = formerName(after.role);
  }
  if (after.byUserId === userId) after.byUserId = erasedUserId;
  if (!message) return after;
  if (message.userId !== userId) return { ...after, message };
  return { ...after, message: { ...message, userId: erasedUserId, displayName: formerName(message.role), text: withoutName(message.text, named, true) } };
}

function formerName(role: string | undefined): string {
  return role === undefined || role === 'student' ? formerParticipantName : formerInstructorName;
}
