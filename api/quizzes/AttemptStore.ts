import { CodedError } from '#engine/contract';
import type { CourseId, UserId, VideoId } from '#engine/contract';
import { DuplicateKeyError, newId } from '#engine/kernel';
import type { Collection, Database, Update } from '#engine/kernel';
import type { Answer } from '../contract/index.ts';
import type { QuestionPlace } from './QuizStore.ts';

export interface GradeRow {
  /** Null until a person has graded it. */
  points: number | null;
  maxPoints: number;
  comment: string;
  /** A person gave these points. */
  isByHand: boolean;
}

export interface AskedRow extends QuestionPlace {
  /** In the order in which they are asked. */
  optionIds: string[];
}

export interface AttemptRow {
  _id: string;
  courseId: CourseId;
  quizId: string;
  userId: UserId;
  /** Of questions in a video; null for the whole quiz. */
  momentId: string | null;
  videoId: VideoId | null;
  /** From 1, for each person and quiz or moment. */
  number: number;
  /** `<quizId or momentId>/<userId>/<number>`. Unique: two devices that begin at once begin the same attempt. */
  slot: string;
  /** `<quizId or momentId>/<userId>` while it is open. Unique: a person has one open attempt. */
  openKey?: string;
  state: 'open' | 'handedIn';
  startedAt: string;
  endsAt: string | null;
  handedInAt: string | null;
  isHandedInByServer: boolean;
  asked: AskedRow[];
  /** By the question. */
  answers: Record<string, { answer: Answer; savedAt: string }>;
  /** By the question; empty while it is open. */
  grades: Record<string, GradeRow>;
  points: number;
  maxPoints: number;
  isGraded: boolean;
  /** Raised by every change. */
  revision: number;
}

export type NewAttempt = Pick<AttemptRow, 'courseId' | 'quizId' | 'userId' | 'momentId' | 'videoId' | 'number' | 'startedAt' | 'endsAt' | 'asked' | 'maxPoints'>;

/** What people answer in quizzes. Owns the collection `quizAttempts`. */
export class AttemptStore {
  readonly #attempts: Collection<AttemptRow>;

  constructor(database: Database) {
    this.#attempts = database.collection<AttemptRow>({
      name: 'quizAttempts',
      indexes: [
        { keys: { slot: 1 }, unique: true },
        { keys: { openKey: 1 }, unique: true, sparse: true },
        { keys: { quizId: 1, userId: 1 } },
        { keys: { courseId: 1, userId: 1 } },
        { keys: { userId: 1 } },
        { keys: { state: 1, endsAt: 1 } },
      ],
    });
  }

  /** Undefined when another request has begun an attempt in between. */
  async add(attempt: NewAttempt): Promise<AttemptRow | undefined> {
    const scope = scopeOf(attempt);
    const row: AttemptRow = {
      _id: newId('att'),
      ...attempt,
      slot: `${scope}/${attempt.number}`,
      openKey: scope,
      state: 'open',
      handedInAt: null,
      isHandedInByServer: false,
      answers: {},
      grades: {},
      points: 0,
      isGraded: false,
      revision: 1,
    };
    try {
      await this.#attempts.insertOne(row);
      return row;
    } catch (err) {
      if (err instanceof DuplicateKeyError) return undefined;
      throw err;
    }
  }

  /** @throws CodedError `attempt.notFound` */
  async get(quizId: string, attemptId: string): Promise<AttemptRow> {
    const row = await this.#attempts.findOne({ _id: attemptId, quizId });
    if (!row) throw attemptNotFound();
    return row;
  }

  async findOpen(scope: Pick<AttemptRow, 'quizId' | 'momentId' | 'userId'>): Promise<AttemptRow | undefined> {
    return (await this.#attempts.findOne({ openKey: scopeOf(scope) })) ?? undefined;
  }

  /** Those of the whole quiz and of its questions in videos. */
  async ofPerson(quizId: string, userId: UserId): Promise<AttemptRow[]> {
    return this.#attempts.find({ quizId, userId });
  }

  async ofPersonInCourse(courseId: CourseId, userId: UserId): Promise<AttemptRow[]> {
    return this.#attempts.find({ courseId, userId });
  }

  async ofQuiz(quizId: string): Promise<AttemptRow[]> {
    return this.#attempts.find({ quizId });
  }

  /** Stores an answer while the attempt is open. False when it is not. */
  async saveAnswer(attemptId: string, questionId: string, given: { answer: Answer; savedAt: string } | null): Promise<boolean> {
    const field = `answers.${questionId}`;
    const update = (given ? { $set: { [field]: given }, $inc: { revision: 1 } } : { $unset: { [field]: 1 }, $inc: { revision: 1 } }) as Update<AttemptRow>;
    return (await this.#attempts.updateOne({ _id: attemptId, state: 'open' }, update)).matchedCount > 0;
  }

  /** Hands an open attempt in with its grades. Undefined when it has changed since it was read. */
  async handIn({ _id, revision }: AttemptRow, handedIn: Pick<AttemptRow, 'handedInAt' | 'isHandedInByServer' | 'grades' | 'points' | 'isGraded'>): Promise<AttemptRow | undefined> {
    const update = { $set: { ...handedIn, state: 'handedIn' as const }, $unset: { openKey: 1 as const }, $inc: { revision: 1 } };
    return (await this.#attempts.findOneAndUpdate({ _id, revision, state: 'open' }, update, { returnDocument: 'after' })) ?? undefined;
  }

  /** Stores other grades. Undefined when the attempt has changed since it was read. */
  async grade({ _id, revision }: AttemptRow, graded: Pick<AttemptRow, 'grades' | 'points' | 'maxPoints' | 'isGraded'>): Promise<AttemptRow | undefined> {
    return (await this.#attempts.findOneAndUpdate({ _id, revision, state: 'handedIn' }, { $set: graded, $inc: { revision: 1 } }, { returnDocument: 'after' })) ?? undefined;
  }

  async setEnd(attemptId: string, endsAt: string | null): Promise<void> {
    await this.#attempts.updateOne({ _id: attemptId, state: 'open' }, { $set: { endsAt }, $inc: { revision: 1 } });
  }

  /** Open ones whose end has passed. */
  async due(now: string, limit: number): Promise<AttemptRow[]> {
    return this.#attempts.find({ state: 'open', endsAt: { $lte: now } }, { sort: { endsAt: 1 }, limit });
  }

  async ofUser(userId: UserId): Promise<AttemptRow[]> {
    return this.#attempts.find({ userId });
  }

  async removeAllOf(userId: UserId): Promise<void> {
    await this.#attempts.deleteMany({ userId });
  }

  async forgetQuiz(quizId: string): Promise<void> {
    await this.#attempts.deleteMany({ quizId });
  }

  /** The course is deleted. */
  async forgetCourse(courseId: CourseId): Promise<void> {
    await this.#attempts.deleteMany({ courseId });
  }
}

function scopeOf({ quizId, momentId, userId }: Pick<AttemptRow, 'quizId' | 'momentId' | 'userId'>): string {
  return `${momentId ?? quizId}/${userId}`;
}

export function attemptNotFound(): CodedError {
  return new CodedError('attempt.notFound', 'There is no such attempt of yours. Reload the page.');
}
