import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { maxPlaylistBodies } from '../limits.ts';

const compress = promisify(gzip);

/** The body of a playlist response. It is compressed once, on the first request for that. */
export interface PlaylistBody {
  text: string;
  etag: string;
  plain: Buffer;
  compressed(): Promise<Buffer>;
}

/**
 * Responsible for hashing and compressing each playlist once, although hundreds of viewers request it before it changes.
 * Owns the latest bodies, by recording and name.
 */
export class PlaylistBodies {
  readonly #bodies = new Map<string, PlaylistBody>();

  of(key: string, text: string): PlaylistBody {
    const known = this.#bodies.get(key);
    this.#bodies.delete(key);
    const body = known?.text === text ? known : createBody(text);
    this.#bodies.set(key, body);
    const oldest = this.#bodies.keys().next();
    if (this.#bodies.size > maxPlaylistBodies && !oldest.done) this.#bodies.delete(oldest.value);
    return body;
  }
}

function createBody(text: string): PlaylistBody {
  const plain = Buffer.from(text);
  let compressed: Promise<Buffer> | undefined;
  // Weak, because it identifies the compressed body, too (RFC 9110 §8.8.1).
  const etag = `W/"${createHash('sha256').update(plain).digest('hex').slice(0, 32)}"`;
  return { text, etag, plain, compressed: () => (compressed ??= compress(plain)) };
}
