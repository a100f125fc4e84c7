import type { Page } from 'playwright-core';
import { barBits, frameRate } from './makeRecording.ts';
import { watchPath } from './serveReplay.ts';

/** Ends a hang; a busy machine takes several times as long as a quiet one. */
const waitOptions = { timeout: 60_000 };

/** Drives the replay page in a real browser. */
export class ReplayPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  static async open(page: Page, url: string, query: string): Promise<ReplayPage> {
    await page.goto(`${url}${watchPath}${query}`);
    await page.waitForSelector('media-controller video', waitOptions);
    return new ReplayPage(page);
  }

  async playsPast(seconds: number): Promise<void> {
    await this.page.waitForFunction((until) => (document.querySelector('video')?.currentTime ?? 0) > until, seconds, waitOptions);
  }

  /** Waits until what comes next is loaded up to this time. */
  async hasBuffered(seconds: number): Promise<void> {
    await this.page.waitForFunction(
      (until) => {
        const { buffered, currentTime } = document.querySelector('video') ?? new Audio();
        return Array.from({ length: buffered.length }, (_, index) => [buffered.start(index), buffered.end(index)]).some(([start = 0, end = 0]) => start <= currentTime && end >= until);
      },
      seconds,
      waitOptions,
    );
  }

  async durationBecomes(seconds: number): Promise<void> {
    await this.page.waitForFunction((wanted) => Math.abs((document.querySelector('video')?.duration ?? 0) - wanted) < 1, seconds, waitOptions);
  }

  async seekTo(seconds: number): Promise<void> {
    await this.page.evaluate((to) => {
      const media = document.querySelector('video');
      if (media) media.currentTime = to;
    }, seconds);
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  position(): Promise<number> {
    return this.page.evaluate(() => document.querySelector('video')?.currentTime ?? NaN);
  }

  mainRate(): Promise<number> {
    return this.page.evaluate(() => document.querySelector('video')?.playbackRate ?? NaN);
  }

  isPaused(): Promise<boolean> {
    return this.page.evaluate(() => document.querySelector('video')?.paused ?? true);
  }

  /** Waits until both elements have finished seeking to a position. */
  async bothSettledAt(seconds: number): Promise<void> {
    await this.page.waitForFunction(
      (at) => [...document.querySelectorAll('video')].every((media) => !media.seeking && media.readyState >= 2 && Math.abs(media.currentTime - at) < 0.05),
      seconds,
      waitOptions,
    );
  }

  /** The difference between the two videos in frames, read from their bar codes. */
  frameOffset(): Promise<number> {
    return this.page.evaluate(readFrameOffset, { bits: barBits });
  }

  /** The median of several samples: a dropped frame on a busy machine is not a loss of sync. */
  async medianFrameOffset(samples: number): Promise<number> {
    const offsets: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      offsets.push(await this.frameOffset());
      await this.page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), 2000 / frameRate);
    }
    return median(offsets);
  }

  /** The median difference between the clocks of the two elements. */
  async medianClockOffsetMs(samples: number): Promise<number> {
    const offsets = await this.page.evaluate(async (count) => {
      const [main, second] = document.querySelectorAll('video');
      const read: number[] = [];
      while (read.length < count && main && second) {
        await new Promise(requestAnimationFrame);
        read.push(Math.abs(main.currentTime - second.currentTime) * 1000);
      }
      return read;
    }, samples);
    return median(offsets);
  }

  places(): Promise<string[]> {
    return this.page.evaluate(() => [...document.querySelectorAll('video')].map((media) => /replay-stage__picture--(\w+)/.exec(media.className)?.[1] ?? ''));
  }

  async placesBecome(places: string[]): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => [...document.querySelectorAll('video')].map((media) => /replay-stage__picture--(\w+)/.exec(media.className)?.[1]).join() === wanted,
      places.join(),
      waitOptions,
    );
  }

  async alertSays(part: string): Promise<void> {
    await this.page.getByRole('alert').filter({ hasText: part }).waitFor(waitOptions);
  }

  alerts(): Promise<string[]> {
    return this.page.getByRole('alert').allTextContents();
  }

  messages(): Promise<string[]> {
    return this.page.locator('.replay-chat__text').allTextContents();
  }

  async messagesBecome(texts: string[]): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => [...document.querySelectorAll('.replay-chat__text')].map((line) => line.textContent).join('|') === wanted,
      texts.join('|'),
      waitOptions,
    );
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** Runs in the page. Draws both videos in the same animation frame, then reads their bar codes. */
function readFrameOffset({ bits }: { bits: number }): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const numbers = [...document.querySelectorAll('video')].map((media) => {
        const canvas = document.createElement('canvas');
        canvas.width = bits * 4;
        canvas.height = 36;
        const context = canvas.getContext('2d');
        context?.drawImage(media, 0, 0, canvas.width, canvas.height);
        const pixels = context?.getImageData(0, 34, canvas.width, 1).data ?? [];
        return Array.from({ length: bits }, (_, bit) => ((pixels[(bit * 4 + 2) * 4] ?? 0) > 127 ? 2 ** bit : 0)).reduce((sum, value) => sum + value, 0);
      });
      resolve(Math.abs((numbers[0] ?? 0) - (numbers[1] ?? 0)));
    });
  });
}
