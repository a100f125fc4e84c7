import { buffer } from 'node:stream/consumers';
import { ImageId, isCoded } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock } from '#engine/kernel';
import type { Images } from '../images/Images.ts';
import type { CourseStore } from './CourseStore.ts';

export interface CourseCoversOptions {
  store: CourseStore;
  images: Images;
  clock: Clock;
}

/** The cover images of courses. */
export class CourseCovers {
  readonly #options: CourseCoversOptions;

  constructor(options: CourseCoversOptions) {
    this.#options = options;
  }

  /** @throws CodedError `image.unsupported`, `image.tooManyPixels`, `server.busy`, `store.unavailable`, `course.notFound` */
  async set(courseId: CourseId, source: Uint8Array): Promise<void> {
    await this.#options.images.replace({ kind: 'cover', source }, (coverId) => this.#store(courseId, coverId));
  }

  async remove(courseId: CourseId): Promise<void> {
    await this.#options.images.remove((coverId) => this.#store(courseId, coverId));
  }

  /** Gives a course its own copy of an image: the one that is copied may be replaced. A lost image is left out. */
  async copy(coverId: string, courseId: CourseId): Promise<void> {
    try {
      const { body } = await this.#options.images.open(ImageId.parse(coverId), 'large');
      await this.set(courseId, body instanceof Uint8Array ? body : await buffer(body));
    } catch (err) {
      if (!isCoded(err, 'image.notFound')) throw err;
    }
  }

  /** Returns the cover of before. */
  async #store(courseId: CourseId, coverId: string | null): Promise<string | null> {
    let before: string | null = null;
    await this.#options.store.modify(courseId, (row) => {
      before = row.coverId;
      return { coverId, updatedAt: toInstant(this.#options.clock.nowMs()) };
    });
    return before;
  }
}
