import type { ChatMessage, LectureEvent, LectureEventType, LectureId } from '../contract/index.ts';
import type { EventLogs } from './EventLog.ts';
import { maxTranscripts } from './limits.ts';

const transcriptFacts = ['chat.posted', 'chat.deleted'] as const satisfies readonly LectureEventType[];

/**
 * The whole chat of a lecture, for who watches its recording: read from the log once, and then only what is new, because
 * hundreds ask every few seconds while a lecture goes on. Owns the transcripts that were asked for last.
 */
export class ChatTranscripts {
  readonly #logs: EventLogs;
  /** The least recently used first. */
  readonly #transcripts = new Map<LectureId, Promise<Transcript>>();

  constructor(logs: EventLogs) {
    this.#logs = logs;
  }

  async of(lectureId: LectureId): Promise<readonly ChatMessage[]> {
    const known = this.#transcripts.get(lectureId) ?? Promise.resolve(new Transcript());
    const next = known.then((transcript) => this.#readOn(lectureId, transcript));
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

  async #readOn(lectureId: LectureId, transcript: Transcript): Promise<Transcript> {
    for (const event of await this.#logs.read(lectureId, transcriptFacts, transcript.lastSeq)) transcript.add(event);
    return transcript;
  }
}

class Transcript {
  lastSeq = 0;
  /** Those that were not deleted, oldest first. */
  messages: ChatMessage[] = [];

  add(event: LectureEvent): void {
    this.lastSeq = event.seq;
    if (event.type === 'chat.posted') this.messages.push(event.data.message);
    if (event.type === 'chat.deleted') this.messages = this.messages.filter(({ id }) => id !== event.data.messageId);
  }
}
