import { useEffect, useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import { background } from '../app/background.ts';

const readEveryMs = 150;
/** Of full scale. Speech is above it, the noise of a room below. */
const speechLevel = 0.02;
/** Between two words. */
const pauseMs = 700;

export interface LevelSource {
  track: MediaStreamTrack;
  stats: () => Promise<RTCStatsReport>;
}

/** Whether somebody speaks on a received track. `meter` gets the level from 0 to 1 as its custom property `--level`. */
export function useAudioLevel(received: LevelSource | undefined, meter?: RefObject<HTMLElement>): boolean {
  const [isSpeaking, setSpeaking] = useState(false);
  useEffect(() => {
    if (!received) return;
    let spokeAt = -Infinity;
    let timer: ReturnType<typeof setTimeout>;
    let isStopped = false;
    const read = async () => {
      const level = document.hidden ? 0 : audioLevelIn(await received.stats());
      if (isStopped) return;
      if (level > speechLevel) spokeAt = performance.now();
      meter?.current?.style.setProperty('--level', loudness(level).toFixed(2));
      setSpeaking(performance.now() - spokeAt < pauseMs);
    };
    const loop = () => {
      background(read());
      timer = setTimeout(loop, readEveryMs);
    };
    loop();
    return () => {
      isStopped = true;
      clearTimeout(timer);
      setSpeaking(false);
    };
  }, [received?.track]);
  return isSpeaking;
}

/** The level of the latest audio, from 0 to 1 of full scale. */
export function audioLevelIn(report: RTCStatsReport): number {
  for (const stat of report.values() as Iterable<{ type: string; kind?: string; audioLevel?: number }>) {
    if ((stat.type === 'inbound-rtp' || stat.type === 'media-source') && stat.kind === 'audio') return stat.audioLevel ?? 0;
  }
  return 0;
}

/** Ears hear ratios: a tenth of full scale is two thirds of the way. */
export function loudness(level: number): number {
  return level <= 0 ? 0 : Math.min(1, Math.max(0, 1 + Math.log10(level) / 3));
}
