import { CodedError } from '#engine/contract';
import { text } from '../../text/index.ts';
import type { ReplayPlayerOptions } from './ReplayPlayer.ts';
import { ReplayPlayer } from './ReplayPlayer.ts';
import type { HlsModule } from './HlsTrackPlayer.ts';

/**
 * Loads hls.js and opens the recording.
 * @throws CodedError `media.unsupported`
 */
export async function openReplay(options: Omit<ReplayPlayerOptions, 'module'>, signal: AbortSignal): Promise<ReplayPlayer | undefined> {
  const module = await import('hls.js');
  if (signal.aborted) return undefined;
  return new ReplayPlayer({ ...options, module: pickModule(module, options.main) });
}

function pickModule(module: HlsModule, media: HTMLVideoElement): HlsModule | undefined {
  if (module.default.isSupported()) return module;
  if (media.canPlayType('application/vnd.apple.mpegurl') !== '') return undefined;
  throw new CodedError('media.unsupported', text.localErrors.noHls);
}
