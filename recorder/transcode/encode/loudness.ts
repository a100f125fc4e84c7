import { limiterPeakDb, loudnessLufs, maxGainDb, silentLufs } from '../limits.ts';

export interface Loudness {
  /** Integrated loudness (EBU R128). */
  lufs: number;
  /** dBTP */
  truePeakDb: number;
}

/** Reads the summary of ffmpeg's filter `ebur128=peak=true`. Undefined for silence and for audio that is too short to be measured. */
export function readLoudness(stderr: string): Loudness | undefined {
  const summary = stderr.slice(stderr.lastIndexOf('Summary:'));
  const lufs = Number(/\bI:\s+(-?[\d.]+) LUFS/.exec(summary)?.[1]);
  const truePeakDb = Number(/True peak:\s+Peak:\s+(-?[\d.]+) dBFS/.exec(summary)?.[1]);
  return Number.isFinite(lufs) && Number.isFinite(truePeakDb) && lufs > silentLufs ? { lufs, truePeakDb } : undefined;
}

/**
 * One gain for the whole track, so that its dynamics stay: the loudness becomes the wanted one. A limiter is used only where the gain
 * would exceed the true peak; it works at 192 kHz, where true peaks are samples (ITU-R BS.1770-4, annex 2).
 */
export function loudnessFilters(measured: Loudness | undefined): string[] {
  if (!measured) return ['anull'];
  const gainDb = Math.min(maxGainDb, loudnessLufs - measured.lufs);
  const gain = `volume=${gainDb.toFixed(2)}dB:precision=float`;
  if (measured.truePeakDb + gainDb <= limiterPeakDb) return [gain];
  const limit = (10 ** (limiterPeakDb / 20)).toFixed(4);
  return [gain, 'aresample=192000', `alimiter=limit=${limit}:level=disabled:attack=5:release=50`, 'aresample=48000'];
}
