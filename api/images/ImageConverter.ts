import { fileURLToPath } from 'node:url';
import { buffer } from 'node:stream/consumers';
import { CodedError } from '#engine/contract';
import { ChildProcess } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import { maxImagePixels } from '../contract/index.ts';
import { busyRetryAfterSeconds, imageConversionMs, maxWaitingConversions } from '../limits.ts';
import { Conversion } from './conversion.ts';
import type { PixelSize } from './imageSizes.ts';

const program = fileURLToPath(new URL('convertProgram.ts', import.meta.url));

/** Makes WebP images from what people send, one after the other. Owns the process that converts. */
export class ImageConverter {
  readonly #logger: Logger;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /**
   * One WebP for each size, which is filled: what is beyond it is cropped on both sides alike. The largest size is the first.
   * @throws CodedError `image.unsupported`, `image.tooManyPixels`, `server.busy`
   */
  async convert(source: Uint8Array, sizes: readonly PixelSize[]): Promise<Uint8Array<ArrayBuffer>[]> {
    if (this.#waiting >= maxWaitingConversions) {
      throw new CodedError('server.busy', 'Many images are being processed right now. Try again in a moment.', { details: { retryAfterSeconds: busyRetryAfterSeconds } });
    }
    this.#waiting += 1;
    const conversion = this.#last.then(() => this.#run(source, sizes)).finally(() => (this.#waiting -= 1));
    this.#last = conversion.catch(() => undefined);
    return conversion;
  }

  async #run(source: Uint8Array, sizes: readonly PixelSize[]): Promise<Uint8Array<ArrayBuffer>[]> {
    const args = [program, ...sizes.map(({ widthPx, heightPx }) => `${widthPx}x${heightPx}`)];
    const child = new ChildProcess({ command: process.execPath, args, name: 'images.convert', logger: this.#logger });
    child.stdin.write(source);
    // A process that dies closes its pipe early.
    const [output, exit] = await Promise.all([buffer(child.stdout).catch(() => Buffer.alloc(0)), child.finish(imageConversionMs)]);
    if (exit.code === 0) return imagesIn(output);
    // A source that kills its decoder is no image that can be used.
    this.#logger.warn({ exitCode: exit.code, signal: exit.signal, stderr: exit.stderrTail, bytes: source.byteLength }, 'images.converterDied');
    throw damaged();
  }
}

function imagesIn(output: Buffer): Uint8Array<ArrayBuffer>[] {
  const end = output.indexOf('\n');
  const result = Conversion.parse(JSON.parse(output.subarray(0, end).toString()));
  if ('refusal' in result) throw refusals[result.refusal]();
  let at = end + 1;
  return result.bytes.map((length) => new Uint8Array(output.subarray(at, (at += length))));
}

const refusals = {
  unsupported: () => new CodedError('image.unsupported', 'This file is no image that can be used. Choose a JPEG, PNG, WebP, AVIF or GIF file.'),
  tooManyPixels: () => new CodedError('image.tooManyPixels', `The image has too many pixels: at most ${maxImagePixels / 1_000_000} megapixels are accepted. Choose a smaller one.`, { details: { maxMegapixels: maxImagePixels / 1_000_000 } }),
  damaged,
};

function damaged(): CodedError {
  return new CodedError('image.unsupported', 'The image is damaged: it cannot be read to its end. Choose another file.');
}
