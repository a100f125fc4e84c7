import path from 'node:path';
import { audioSampleRateHz } from '../limits.ts';
import type { VideoPiece } from '../encode/partArgs.ts';
import type { Look } from '../encode/videoFilters.ts';
import { openingOptions, sourceFileName } from '../probe/toolOptions.ts';
import type { AudioPiece } from '../encode/pcm.ts';
import type { FrameRange, OpenedSource } from './OpenedSource.ts';
import type { SourceFiles, SourceObject } from './SourceFiles.ts';

export interface FileSourceOptions {
  demuxer: string;
  originSeconds: number;
  durationSeconds: number;
  videoIndex: number | null;
  look: Look | null;
}

/** An uploaded file. Owns its use of the file. */
export class FileSource implements OpenedSource {
  readonly #options: FileSourceOptions;
  readonly #release: () => void;

  constructor(options: FileSourceOptions, release: () => void) {
    this.#options = options;
    this.#release = release;
  }

  static async open(options: FileSourceOptions & { object: SourceObject; folder: string; sources: SourceFiles; signal: AbortSignal }): Promise<FileSource> {
    return new FileSource(options, await options.sources.provide(options.object, path.join(options.folder, sourceFileName), options.signal));
  }

  async videoPieces(_group: 'main' | 'screen', { firstFrame, frameCount, decodeFromSeconds }: FrameRange): Promise<VideoPiece[]> {
    const { demuxer, originSeconds, videoIndex, look } = this.#options;
    if (videoIndex === null || look === null) return [{ firstFrame, frameCount, input: undefined }];
    const seekSeconds = decodeFromSeconds === null ? undefined : originSeconds + decodeFromSeconds;
    return [{ firstFrame, frameCount, input: { file: sourceFileName, opening: openingOptions({ demuxer }), seekSeconds, originSeconds, trackIndex: videoIndex, look, isLetterboxed: false } }];
  }

  async audioPieces({ index }: { index: number }): Promise<AudioPiece[]> {
    const { demuxer, originSeconds, durationSeconds } = this.#options;
    const sampleCount = Math.round(durationSeconds * audioSampleRateHz);
    return [{ firstSample: 0, sampleCount, input: { file: sourceFileName, opening: openingOptions({ demuxer }), originSeconds, trackIndex: index } }];
  }

  close(): void {
    this.#release();
  }
}
