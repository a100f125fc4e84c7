import { createHash } from 'node:crypto';
import { CodedError, ImageId, isCoded } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import { ImageSize } from '../contract/index.ts';
import type { FileContent, ImageKind } from '../contract/index.ts';
import { imageCacheSeconds } from '../limits.ts';
import type { ImageConverter } from './ImageConverter.ts';
import { imageSizes } from './imageSizes.ts';

/** Where image files are kept. The object store of the recorder is one. */
export interface ImageFiles {
  put(key: string, source: { bytes: Uint8Array }, options: { contentType: string; sha256: string }): Promise<void>;
  /** @throws CodedError `object.notFound`, `store.unavailable` */
  get(key: string): Promise<{ head: { bytes: number }; body: AsyncIterable<Uint8Array> }>;
  /** Succeeds when there is no such file. */
  deleteMany(keys: readonly string[]): Promise<void>;
}

export interface ImagesOptions {
  files: ImageFiles;
  converter: ImageConverter;
  logger: Logger;
}

export interface NewImage {
  kind: ImageKind;
  /** The file that a person has sent. */
  source: Uint8Array;
}

/** Sets the image in the owner's record, and returns the image that it replaces there. */
type Commit = (imageId: ImageId | null) => Promise<string | null | undefined>;

const folder = 'images';
const contentType = 'image/webp';

/** The images of people and courses. Owns the files below `images/` in the object store. */
export class Images {
  readonly #options: ImagesOptions;

  constructor(options: ImagesOptions) {
    this.#options = options;
  }

  /**
   * Stores an image, calls `commit` with its id, and deletes the files of the image that it replaces. If `commit` fails, nothing
   * has changed. @throws CodedError `image.unsupported`, `image.tooManyPixels`, `server.busy`, `store.unavailable`
   */
  async replace({ kind, source }: NewImage, commit: Commit): Promise<ImageId> {
    const sizes = ImageSize.options.toReversed();
    const images = await this.#options.converter.convert(source, sizes.map((size) => imageSizes[kind][size]));
    const imageId = ImageId.parse(newId('img'));
    try {
      for (const [index, size] of sizes.entries()) await this.#store(imageKey(imageId, size), images[index]);
      await this.#forget(await commit(imageId));
    } catch (error) {
      await this.#forget(imageId);
      throw error;
    }
    return imageId;
  }

  /** Calls `commit` with null and deletes the files of the image that was there. */
  async remove(commit: Commit): Promise<void> {
    await this.#forget(await commit(null));
  }

  /** Deletes the files of an image whose owner is deleted. */
  async delete(imageId: string): Promise<void> {
    await this.#options.files.deleteMany(ImageSize.options.map((size) => imageKey(imageId, size)));
  }

  /** The file of an image. @throws CodedError `image.notFound`, `store.unavailable` */
  async open(imageId: ImageId, size: ImageSize): Promise<FileContent> {
    try {
      const { head, body } = await this.#options.files.get(imageKey(imageId, size));
      return {
        contentType,
        body,
        headers: {
          // Of one browser, not of a proxy: what a person deletes does not stay in shared caches.
          'Cache-Control': `private, max-age=${imageCacheSeconds}, immutable`,
          'Content-Length': String(head.bytes),
          ETag: `"${imageId}-${size}"`,
        },
      };
    } catch (cause) {
      if (!isCoded(cause, 'object.notFound')) throw cause;
      throw new CodedError('image.notFound', 'This image does not exist. It may have been replaced; reload the page.', { cause });
    }
  }

  async #store(key: string, bytes: Uint8Array = new Uint8Array()): Promise<void> {
    await this.#options.files.put(key, { bytes }, { contentType, sha256: createHash('sha256').update(bytes).digest('hex') });
  }

  /** A file that stays behind is no harm: nobody has its address any more. */
  async #forget(imageId: string | null | undefined): Promise<void> {
    if (imageId === null || imageId === undefined) return;
    await this.delete(imageId).catch((err: unknown) => this.#options.logger.warn({ err, imageId }, 'images.notDeleted'));
  }
}

export function imageKey(imageId: string, size: ImageSize): string {
  return `${folder}/${imageId}/${size}.webp`;
}
