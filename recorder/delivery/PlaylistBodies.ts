import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { maxPlaylistBodies } from '../limits.ts';

const compress = promisify(gzip);

/** A playlist as it goes out. The compressed body is made once, however many ask for it. */
export interface PlaylistBody {
  text: string;
  etag: string;
  plain: Buffer;
  compressed(): Promise<Buffer>;
}

/**
 * Hundreds of viewers ask for the same playlist within the seconds that it stays the same: hashed and compressed once.
 * Owns the last bodies, by recording and name.
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
  // Weak, as it stands for the compressed body too (RFC 9110 §8.8.1).
  const etag = `W/"${createHash('sha256').update(plain).digest('hex').slice(0, 32)}"`;
  return { text, etag, plain, compressed: () => (compressed ??= compress(plain)) };
}
