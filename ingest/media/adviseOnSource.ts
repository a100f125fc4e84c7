import type { BrowserObstacle } from '#engine/media';
import type { SourceMeasurement } from './SourceInspector.ts';
import { maxKeyframeIntervalSeconds } from './SourceInspector.ts';

const streamingSettings = 'In OBS: Settings → Output → Output Mode: Advanced → Streaming';
/** Above this, students on ordinary Wi-Fi or mobile networks stall, because a copied source has no lower rendition. */
const maxAdvisedBitrateBps = 6_000_000;
const minAdvisedFrameRate = 20;

const obstacleAdvice: Record<BrowserObstacle, string> = {
  chroma: 'The color format is not 4:2:0. In OBS: Settings → Advanced → Color Format: NV12. Firefox and Safari cannot play other formats, so the video is re-encoded, which costs sharpness.',
  bitDepth: 'The video has more than 8 bits per sample. In OBS: Settings → Advanced → Color Format: NV12. Most browsers cannot play such video, so it is re-encoded, which costs sharpness.',
  interlaced: 'The video is interlaced. Set the encoder to progressive (1080p or 720p, not 1080i). In OBS: Settings → Advanced → Color Format: NV12, and deinterlace the source. Browsers cannot play interlaced video, so it is re-encoded, which costs sharpness.',
  profile: `${streamingSettings} → Profile: high. Browsers cannot play the profile that the encoder uses, so the video is re-encoded, which costs sharpness.`,
};

/** Sentences on what to change in the encoder, most important first. */
export function adviseOnSource(source: SourceMeasurement): string[] {
  const advice: string[] = [];
  if (source.browserObstacle) advice.push(obstacleAdvice[source.browserObstacle]);
  if (source.hasBFrames) {
    advice.push(
      `${streamingSettings} → Tune: zerolatency (or write bf=0 into x264 Options; with a hardware encoder set Max B-frames to 0). Browsers cannot play B-frames live, so the live video is re-encoded, which costs sharpness and half a second. The recording is not affected.`,
    );
  }
  const interval = source.keyframeIntervalSeconds;
  if (interval !== null && interval > maxKeyframeIntervalSeconds) {
    advice.push(
      `${streamingSettings} → Keyframe Interval: 1 s (now ${interval.toFixed(1)} s). A student who joins waits for the next keyframe, so the live video is re-encoded with more keyframes.`,
    );
  }
  if (source.videoBitrateBps !== null && source.videoBitrateBps > maxAdvisedBitrateBps) {
    const megabits = (source.videoBitrateBps / 1e6).toFixed(1);
    advice.push(`In OBS: Settings → Output → Video Bitrate: 2500 to 4500 Kbps (now ${megabits} Mbps). More does not reach students on slow networks.`);
  }
  if (source.frameRate !== null && source.frameRate < minAdvisedFrameRate && source.frameRate > 0) {
    advice.push(
      `Only ${source.frameRate.toFixed(0)} frames a second arrive. In OBS: Settings → Video → Common FPS Values: 30; if it says 30 already, this computer or its network is overloaded: lower the Output (Scaled) Resolution.`,
    );
  }
  return advice;
}
