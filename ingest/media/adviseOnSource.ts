import type { SourceMeasurement } from './SourceInspector.ts';
import { maxKeyframeIntervalSeconds } from './SourceInspector.ts';

const streamingSettings = 'In OBS: Settings → Output → Output Mode: Advanced → Streaming';
/** Above it, students on ordinary Wi-Fi or mobile networks stall, and there is no lower rendition of a copied source. */
const generousBitrateBps = 6_000_000;
const lowFrameRate = 20;

/** What to change in the encoder, in plain words, most important first. */
export function adviseOnSource(source: SourceMeasurement): string[] {
  const advice: string[] = [];
  if (source.hasBFrames) {
    advice.push(
      `${streamingSettings} → Tune: zerolatency (or write bf=0 into x264 Options; with a hardware encoder set Max B-frames to 0). Browsers cannot show B-frames live, so the live picture is encoded once more, which costs sharpness and half a second; the recording is not touched.`,
    );
  }
  const interval = source.keyframeIntervalSeconds;
  if (interval !== null && interval > maxKeyframeIntervalSeconds) {
    advice.push(
      `${streamingSettings} → Keyframe Interval: 1 s (now ${interval.toFixed(1)} s). A student who joins waits for the next keyframe, so the live picture is encoded once more with one each second.`,
    );
  }
  if (source.videoBitrateBps !== null && source.videoBitrateBps > generousBitrateBps) {
    const megabits = (source.videoBitrateBps / 1e6).toFixed(1);
    advice.push(`In OBS: Settings → Output → Video Bitrate: 2500 to 4500 Kbps (now ${megabits} Mbps). More does not reach students on slow networks.`);
  }
  if (source.frameRate !== null && source.frameRate < lowFrameRate && source.frameRate > 0) {
    advice.push(
      `Only ${source.frameRate.toFixed(0)} frames a second arrive. In OBS: Settings → Video → Common FPS Values: 30; if it says 30 already, this computer or its network is overloaded: lower the Output (Scaled) Resolution.`,
    );
  }
  return advice;
}
