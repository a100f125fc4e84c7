import { afterEach, beforeEach } from 'vitest';
import { openTestIngest } from './openTestIngest.ts';
import type { TestIngest } from './openTestIngest.ts';
import { pushWithFfmpeg } from './pushWithFfmpeg.ts';
import type { Push } from './pushWithFfmpeg.ts';

export interface IngestBench {
  /** The station of the current test. */
  readonly station: TestIngest;
  /** Pushes with ffmpeg until the test ends. */
  push(url: string, args: readonly string[]): Push;
}

/** A new station for each test, with encoders that are stopped after it. */
export function useTestIngest(): IngestBench {
  let station: TestIngest | undefined;
  const pushes: Push[] = [];
  beforeEach(async () => {
    station = await openTestIngest();
  });
  afterEach(async () => {
    await Promise.all(pushes.splice(0).map((push) => push.stop()));
    await station?.[Symbol.asyncDispose]();
  });
  return {
    get station() {
      if (!station) throw new Error('the station opens before each test');
      return station;
    },
    push(url, args) {
      const push = pushWithFfmpeg(url, args);
      pushes.push(push);
      return push;
    },
  };
}
