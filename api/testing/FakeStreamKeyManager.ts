import { CodedError } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import { randomText } from '#engine/kernel';
import type { StreamKeyManager } from '../courses/StreamKeyManager.ts';

/** Stream keys in memory. */
export class FakeStreamKeyManager implements StreamKeyManager {
  readonly #keys = new Map<CourseId, { hint: string; createdAt: string }>();

  serverUrl(hostname: string): string {
    return `rtmp://${hostname}:1935/live`;
  }

  async find(courseId: CourseId) {
    return this.#keys.get(courseId);
  }

  async issue(courseId: CourseId) {
    const streamKey = randomText(24);
    const createdAt = '2030-01-01T00:00:00.000Z';
    this.#keys.set(courseId, { hint: streamKey.slice(-4), createdAt });
    return { streamKey, createdAt };
  }

  async revoke(courseId: CourseId) {
    if (!this.#keys.delete(courseId)) throw new CodedError('streamKey.notFound', 'This course has no stream key. Create one on the course page.');
  }
}
