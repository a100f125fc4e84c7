import path from 'node:path';
import { CodedError } from '#engine/contract';
import { renditionPrefix } from '../../renditions/index.ts';
import type { ManifestSegment } from '../../renditions/index.ts';
import { encodeAudio } from '../encode/encodeAudio.ts';
import type { InitSegment } from '../encode/fragments.ts';
import type { PackagedPart } from '../encode/packageParts.ts';
import { minWorkSeconds } from '../limits.ts';
import { generationPrefix } from './keys.ts';
import type { OfGeneration } from './keys.ts';
import type { OpenedSource } from './OpenedSource.ts';
import { storeBytes, storeJson, storeMade } from './storeFile.ts';
import type { TaskProgress } from './TaskProgress.ts';
import type { RecordedRendition, TaskRecord, TranscodePlan } from './transcodePlan.ts';
import type { TranscoderOptions } from './TranscoderOptions.ts';

export interface AudioTask {
  of: OfGeneration;
  plan: TranscodePlan;
  trackIndex: number;
  source: OpenedSource;
  folder: string;
  progress: TaskProgress;
}

/** Encodes one audio track. The first one also gets a waveform. */
export async function runAudioTask({ of, plan, trackIndex, source, folder, progress }: AudioTask, { tools, store }: TranscoderOptions): Promise<TaskRecord> {
  const track = plan.audio[trackIndex];
  if (!track) throw new Error(`the plan has no audio ${trackIndex}`);
  const stored = new PartCollector(of, { renditionId: track.id, store, progress });
  const encoded = await encodeAudio({
    tools,
    folder,
    pieces: await source.audioPieces(track),
    limitSeconds: minWorkSeconds + plan.durationSeconds,
    file: path.join(folder, 'audio.part'),
    signal: progress.signal,
    onPart: (part) => stored.add(part),
    onProgress: (share) => progress.show(share),
  });
  const renditions = [await stored.rendition()];
  if (trackIndex > 0) return { renditions };
  return { renditions, waveform: await storeJson(store, `${generationPrefix(of)}waveform.json`, encoded.waveform) };
}

export interface PartCollectorOptions {
  renditionId: string;
  store: TranscoderOptions['store'];
  progress: Pick<TaskProgress, 'requireWanted'>;
}

/** Stores the parts of a rendition that is made in one run. */
export class PartCollector {
  readonly #prefix: string;
  readonly #options: PartCollectorOptions;
  readonly #parts: RecordedRendition['parts'] = [];
  readonly #segments: ManifestSegment[] = [];
  #init: InitSegment | undefined;

  constructor({ videoId, generation }: OfGeneration, options: PartCollectorOptions) {
    this.#options = options;
    this.#prefix = renditionPrefix(videoId, { generation, renditionId: options.renditionId });
  }

  async add(part: PackagedPart): Promise<void> {
    await this.#options.progress.requireWanted();
    this.#parts.push(await storeMade(this.#options.store, `${this.#prefix}${part.index}.mp4`, part));
    this.#segments.push(...part.segments);
    this.#init ??= part.init;
  }

  async rendition(): Promise<RecordedRendition> {
    const { renditionId: id, store } = this.#options;
    if (!this.#init) throw new CodedError('video.damaged', `The file is damaged: nothing of ${id} could be read.`);
    const { codecString, widthPx, heightPx, channelCount, bytes } = this.#init;
    return { id, codecString, widthPx, heightPx, channelCount, init: await storeBytes(store, `${this.#prefix}init.mp4`, bytes), parts: this.#parts, segments: this.#segments };
  }
}
