import { Readable } from 'node:stream';
import type { ByteRange } from '../storage/ObjectStore.ts';
import { downloadParallelReads, downloadPieceBytes } from '../limits.ts';
import type { MoviePiece, ReadFilePart, VirtualMovie } from './layOutMovie.ts';
import { orderedParallel } from './orderedParallel.ts';
import type { ChunkSource } from './TrackLayout.ts';

/** The bytes of a range of the file. It holds some pieces of `downloadPieceBytes` in memory, however long the file is. */
export function readMovie(movie: VirtualMovie, range: ByteRange, read: ReadFilePart): Readable {
  return Readable.from(bytesOf(movie, range, read), { objectMode: false });
}

async function* bytesOf(movie: VirtualMovie, { first, last }: ByteRange, read: ReadFilePart): AsyncGenerator<Uint8Array> {
  if (first < movie.head.length) yield movie.head.subarray(first, last + 1);
  yield* orderedParallel(slicesIn(movie.pieces, { first, last }), downloadParallelReads, (slice) => bytesOfSlice(slice, read));
}

interface Slice extends ByteRange {
  source: ChunkSource;
}

/** The parts of the chunks within the range, in small pieces; their ends count from the start of their chunk. */
function* slicesIn(pieces: readonly MoviePiece[], { first, last }: ByteRange): Generator<Slice> {
  for (let index = pieceAt(pieces, first); index < pieces.length; index += 1) {
    const piece = pieces[index];
    if (!piece || piece.at > last) return;
    const until = Math.min(last - piece.at, piece.source.bytes - 1);
    for (let at = Math.max(0, first - piece.at); at <= until; at += downloadPieceBytes) {
      yield { source: piece.source, first: at, last: Math.min(until, at + downloadPieceBytes - 1) };
    }
  }
}

/** The index of the piece that contains a position, or of the first one after it. */
function pieceAt(pieces: readonly MoviePiece[], at: number): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const piece = pieces[middle];
    if (piece && piece.at + piece.source.bytes <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function bytesOfSlice({ source, first, last }: Slice, read: ReadFilePart): Promise<Uint8Array> {
  const bytes = last - first + 1;
  if ('file' in source) return read({ file: source.file, offset: source.offset + first, bytes });
  const { frame } = source;
  return Uint8Array.from({ length: bytes }, (_, index) => frame[(first + index) % frame.length] ?? 0);
}
