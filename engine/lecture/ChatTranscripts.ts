import type { ChatMessage, LectureEvent, LectureEventType, LectureId } from '../contract/index.ts';
import type { EventLogs } from './EventLog.ts';
import { maxTranscripts } from './limits.ts';

const transcriptEvents = ['chat.posted', 'chat.deleted'] as const satisfies readonly LectureEventType[];

/**
 * The complete chats of lectures, for viewers of recordings. Each is read from the log once; later requests read only the
 * new events, because hundreds of viewers poll it while a lecture is live. Owns the transcripts that were used last.
 */
export class ChatTranscripts {
  readonly #logs: EventLogs;
  /** Least recently used first. */
  readonly #transcripts = new Map<LectureId, Promise<Transcript>>();

  constructor(logs: EventLogs) {
    this.#logs = logs;
  }

  async of(lectureId: LectureId): Promise<readonly ChatMessage[]> {
    const known = this.#transcripts.get(lectureId) ?? Promise.resolve(new Transcript());
    const next = known.then((transcript) => this.#readNewEvents(lectureId, transcript));
    this.#transcripts.delete(lectureId);
    this.#transcripts.set(lectureId, next);
    const oldest = this.#transcripts.keys().next();
    if (this.#transcripts.size > maxTranscripts && !oldest.done) this.#transcripts.delete(oldest.value);
    try {
      return (await next).messages;
    } catch (err) {
      if (this.#transcripts.get(lectureId) === next) this.#transcripts.delete(lectureId);
      throw err;
    }
  }

  async #readNewEvents(lectureId: LectureId, transcript: Transcript): Promise<Transcript> {
    for (const event of await this.#logs.read(lectureId, transcriptEvents, transcript.lastSeq)) transcript.add(event);
    return transcript;
  }
}

class Transcript {
  lastSeq = 0;
  /** Without the deleted ones, oldest first. */
  messages: ChatMessage[] = [];

  add(event: LectureEvent): void {
    this.lastSeq = event.seq;
    if (event.type === 'chat.posted') this.messages.push(event.data.message);
    if (event.type === 'chat.deleted') this.messages = this.messages.filter(({ id }) => id !== event.data.messageId);
  }
}
