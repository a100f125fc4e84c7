import { CodedError, VideoId } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';

export interface MomentRow {
  _id: string;
  courseId: CourseId;
  videoId: VideoId;
  quizId: string;
  atSeconds: number;
  questionIds: string[];
  isRequired: boolean;
  isRepeated: boolean;
}

/** The seconds of videos at which questions are asked. Owns the collection `quizMoments`. */
export class MomentStore {
  readonly #moments: Collection<MomentRow>;

  constructor(database: Database) {
    this.#moments = database.collection<MomentRow>({ name: 'quizMoments', indexes: [{ keys: { videoId: 1, atSeconds: 1 } }, { keys: { quizId: 1 } }, { keys: { courseId: 1 } }] });
  }

  async add(moment: Omit<MomentRow, '_id'>): Promise<MomentRow> {
    const row: MomentRow = { _id: newId('mom'), ...moment };
    await this.#moments.insertOne(row);
    return row;
  }

  /** @throws CodedError `quiz.notFound` */
  async get(videoId: VideoId, momentId: string): Promise<MomentRow> {
    const row = await this.#moments.findOne({ _id: momentId, videoId });
    if (!row) throw momentNotFound();
    return row;
  }

  /** By their time. */
  async ofVideo(videoId: VideoId): Promise<MomentRow[]> {
    return this.#moments.find({ videoId }, { sort: { atSeconds: 1 } });
  }

  /** @throws CodedError `quiz.notFound` */
  async remove(videoId: VideoId, momentId: string): Promise<void> {
    const { deletedCount } = await this.#moments.deleteOne({ _id: momentId, videoId });
    if (deletedCount === 0) throw momentNotFound();
  }

  /** Removes all questions of a video that is removed. */
  async removeVideo(videoId: string): Promise<void> {
    await this.#moments.deleteMany({ videoId: VideoId.parse(videoId) });
  }

  async forgetQuiz(quizId: string): Promise<void> {
    await this.#moments.deleteMany({ quizId });
  }

  async forgetCourse(courseId: CourseId): Promise<void> {
    await this.#moments.deleteMany({ courseId });
  }
}

function momentNotFound(): CodedError {
  return new CodedError('quiz.notFound', 'This question is no longer asked in the video. Reload the page.');
}
