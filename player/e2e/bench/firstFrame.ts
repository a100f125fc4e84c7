import type { Page } from 'playwright-core';

declare global {
  interface Window {
    firstFrameTimes: { clickedAt?: number; shownAt?: number };
  }
}

/**
 * Runs in the page before its scripts: records when something is clicked, and when any video element shows its first frame
 * after that.
 */
export function installFirstFrameClock(): void {
  const times: Window['firstFrameTimes'] = {};
  window.firstFrameTimes = times;
  addEventListener('click', (event) => {
    times.clickedAt = event.timeStamp;
    delete times.shownAt;
  }, { capture: true });
  const watched = new WeakSet<HTMLVideoElement>();
  const watch = (video: HTMLVideoElement) => {
    if (watched.has(video)) return;
    watched.add(video);
    const note = () => {
      if (times.clickedAt !== undefined) times.shownAt ??= performance.now();
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  };
  new MutationObserver(() => document.querySelectorAll('video').forEach(watch)).observe(document, { childList: true, subtree: true });
}

/** Milliseconds from the last click to the first frame after it. */
export async function firstFrameMs(page: Page, limitMs = 20_000): Promise<number> {
  const elapsed = await page.waitForFunction(
    () => {
      const { clickedAt, shownAt } = window.firstFrameTimes;
      return clickedAt !== undefined && shownAt !== undefined ? shownAt - clickedAt : undefined;
    },
    undefined,
    { timeout: limitMs, polling: 50 },
  );
  return (await elapsed.jsonValue()) ?? NaN;
}
