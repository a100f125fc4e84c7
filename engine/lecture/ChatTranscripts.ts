import type { ChatMessage, LectureEvent, LectureEventType, LectureId, MessageId } from '../contract/index.ts';
import type { EventLogs } from './EventLog.ts';
import { maxTranscripts } from './limits.ts';

/** Part of a chat: what changed after an event. */
export interface ChatPage {
  /** In order, without deleted ones. */
  messages: ChatMessage[];
  /** Messages that were posted up to the event, and deleted after it. */
  deletedIds: MessageId[];
  /** The number of the last event of this page: continue after it. */
  lastSeq: number;
  hasMore: boolean;
}

export interface ChatPageRequest {
  /** The number of the last event that is known; 0 for the beginning. */
  afterSeq?: number;
  /** At most this many messages and deletions. */
  limit?: number;
}

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

  /** Rows of logs were changed: the transcripts are read again. */
  forget(): void {
    this.#transcripts.clear();
  }

  async page(lectureId: LectureId, request: ChatPageRequest = {}): Promise<ChatPage> {
    const known = this.#transcripts.get(lectureId) ?? Promise.resolve(new Transcript());
    const next = known.then((transcript) => this.#readNewEvents(lectureId, transcript));
    this.#transcripts.delete(lectureId);
    this.#transcripts.set(lectureId, next);
    const oldest = this.#transcripts.keys().next();
    if (this.#transcripts.size > maxTranscripts && !oldest.done) this.#transcripts.delete(oldest.value);
    try {
      return (await next).page(request);
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

type Entry = { seq: number; message: ChatMessage } | { seq: number; deletedId: MessageId; postedSeq: number };

class Transcript {
  lastSeq = 0;
  /** In order. A deletion replaces the message. */
  #entries: Entry[] = [];

  add(event: LectureEvent): void {
    const { seq } = event;
    this.lastSeq = seq;
    if (event.type === 'chat.posted') this.#entries.push({ seq, message: event.data.message });
    if (event.type === 'chat.deleted') this.#delete(event.data.messageId, seq);
  }

  page({ afterSeq = 0, limit = Infinity }: ChatPageRequest): ChatPage {
    const from = this.#entries.findLastIndex(({ seq }) => seq <= afterSeq) + 1;
    const isNews = (entry: Entry) => 'message' in entry || entry.postedSeq <= afterSeq;
    const entries = this.#entries.slice(from).filter(isNews);
    const shown = entries.slice(0, limit);
    const hasMore = entries.length > shown.length;
    return {
      messages: shown.flatMap((entry) => ('message' in entry ? [entry.message] : [])),
      deletedIds: shown.flatMap((entry) => ('message' in entry ? [] : [entry.deletedId])),
      lastSeq: hasMore ? (shown.at(-1)?.seq ?? afterSeq) : this.lastSeq,
      hasMore,
    };
  }

  #delete(deletedId: MessageId, seq: number): void {
    const index = this.#entries.findIndex((entry) => 'message' in entry && entry.message.id === deletedId);
    const posted = this.#entries[index];
    if (!posted) return;
    this.#entries.splice(index, 1);
    this.#entries.push({ seq, deletedId, postedSeq: posted.seq });
  }
}
