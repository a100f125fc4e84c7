import type { Locator, Page } from 'playwright-core';
import { until } from '#engine/testing';

/** A fingerprint of the frame that a video element shows: 16 × 9 grey values. Empty before the first frame. */
export function frameFingerprint(video: Locator): Promise<number[]> {
  return video.evaluate((element: HTMLVideoElement) => {
    if (element.videoWidth === 0) return [];
    const canvas = new OffscreenCanvas(16, 9);
    const context = canvas.getContext('2d');
    if (!context) return [];
    context.drawImage(element, 0, 0, 16, 9);
    const { data } = context.getImageData(0, 0, 16, 9);
    return Array.from({ length: 16 * 9 }, (_, index) => ((data[index * 4] ?? 0) + (data[index * 4 + 1] ?? 0) + (data[index * 4 + 2] ?? 0)) / 3);
  });
}

/** The mean difference of two fingerprints, in grey levels of 256. */
export function difference(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || a.length !== b.length) return 0;
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / a.length;
}

/** Resolves when the video shows another frame. */
export async function untilFrameChanges(video: Locator): Promise<void> {
  const before = await frameFingerprint(video);
  await until('another frame', async () => difference(before, await frameFingerprint(video)) > 1);
}

/** Whether the first video of the page changes within a moment. */
export async function isMoving(page: Page): Promise<boolean> {
  const video = page.locator('video').first();
  if ((await video.count()) === 0) return false;
  const before = await frameFingerprint(video);
  await page.waitForTimeout(700);
  return difference(before, await frameFingerprint(video)) > 0.5;
}

/** The loudest frequency that a media element plays within a second, and its level. */
export function loudestTone(media: Locator): Promise<{ hz: number; decibels: number }> {
  return media.evaluate(async (element: HTMLMediaElement & { captureStream?: () => MediaStream }) => {
    const context = new AudioContext();
    const stream = element.srcObject instanceof MediaStream ? element.srcObject : element.captureStream?.();
    if (!stream || stream.getAudioTracks().length === 0) return { hz: 0, decibels: -200 };
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(analyser);
    await context.resume();
    const bins = new Float32Array(analyser.frequencyBinCount);
    let best = { hz: 0, decibels: -200 };
    for (let round = 0; round < 10; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 120));
      analyser.getFloatFrequencyData(bins);
      bins.forEach((decibels, bin) => {
        if (Number.isFinite(decibels) && decibels > best.decibels) best = { hz: (bin * context.sampleRate) / analyser.fftSize, decibels };
      });
    }
    await context.close();
    return best;
  });
}
