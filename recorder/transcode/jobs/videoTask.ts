import { encodePart } from '../encode/encodePart.ts';
import { renditionPrefix } from '../../renditions/index.ts';
import type { OfGeneration } from './keys.ts';
import type { OpenedSource } from './OpenedSource.ts';
import { storeBytes, storeMade } from './storeFile.ts';
import type { TaskProgress } from './TaskProgress.ts';
import type { RecordedRendition, TaskRecord, VideoPass } from './transcodePlan.ts';
import type { TranscoderOptions } from './TranscoderOptions.ts';

export interface VideoTask {
  of: OfGeneration;
  pass: VideoPass;
  partIndex: number;
  source: OpenedSource;
  folder: string;
  progress: TaskProgress;
}

/** `main-1080`: the rendition of a rung. */
export function videoRenditionId(group: VideoPass['group'], height: number): string {
  return `${group}-${height}`;
}

/** Encodes one part in all sizes of its pass, and stores each. */
export async function runVideoTask({ of, pass, partIndex, source, folder, progress }: VideoTask, { tools, store, support, logger }: TranscoderOptions): Promise<TaskRecord> {
  const part = pass.parts[partIndex];
  if (!part) throw new Error(`the plan has no part ${partIndex}`);
  const { signal } = progress;
  const pieces = await source.videoPieces(pass.group, { ...part, rate: pass.rate });
  const renditions: RecordedRendition[] = [];
  const onPart: Parameters<typeof encodePart>[1]['onPart'] = async ({ rung }, packaged) => {
    await progress.requireWanted();
    const id = videoRenditionId(pass.group, rung.height);
    const prefix = renditionPrefix(of.videoId, { generation: of.generation, renditionId: id });
    const { init } = packaged;
    renditions.push({
      id,
      codecString: init.codecString,
      widthPx: init.widthPx,
      heightPx: init.heightPx,
      channelCount: null,
      // The same for every part, because its encoder does not depend on the content (`stitchable`).
      init: await storeBytes(store, `${prefix}init.mp4`, init.bytes),
      parts: [await storeMade(store, `${prefix}${partIndex}.mp4`, packaged)],
      segments: packaged.segments,
    });
  };
  const { isBlack } = await encodePart({ ...pass, pieces, threads: tools.threads, support }, { tools, folder, signal, onPart, onProgress: (share) => progress.show(share) });
  if (isBlack) logger.warn({ videoId: of.videoId, part: partIndex }, 'transcode.partUndecodable');
  return { renditions, ...(isBlack && { isBlack }) };
}
