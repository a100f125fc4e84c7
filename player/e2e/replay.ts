import type { Locator } from 'playwright-core';
import { until } from '#engine/testing';

export interface PlayedReplay {
  /** Length of the timeline. */
  durationSeconds: number;
  /** How much of it was played, at any speed. */
  playedSeconds: number;
}

/** Plays a replay from its beginning to its end at a multiple of its speed. */
export async function playToEnd(video: Locator, speed = 4): Promise<PlayedReplay> {
  await until('the replay to be playable', () => video.evaluate((element: HTMLVideoElement) => element.readyState >= 2 && Number.isFinite(element.duration)), 60_000).catch(stopped(video));
  // A busy machine may need as long as the replay lasts.
  const limitMs = Math.max(120_000, 1000 * (await video.evaluate((element: HTMLVideoElement) => element.duration)));
  await video.evaluate(async (element: HTMLVideoElement, playbackRate) => {
    element.muted = true;
    element.currentTime = 0;
    element.playbackRate = playbackRate;
    await element.play();
  }, speed);
  await until('the end of the replay', () => video.evaluate((element: HTMLVideoElement) => element.ended), limitMs).catch(stopped(video));
  return video.evaluate((element: HTMLVideoElement) => {
    let playedSeconds = 0;
    for (let index = 0; index < element.played.length; index += 1) playedSeconds += element.played.end(index) - element.played.start(index);
    return { durationSeconds: element.duration, playedSeconds };
  });
}

function stopped(video: Locator): (cause: unknown) => Promise<never> {
  return async (cause) => {
    throw new Error(`the replay stopped: ${await stateOf(video)}`, { cause });
  };
}

function stateOf(video: Locator): Promise<string> {
  return video.evaluate(({ currentTime, duration, paused, readyState, playbackRate, buffered, error }: HTMLVideoElement) => {
    const ranges = Array.from({ length: buffered.length }, (_, index) => `${buffered.start(index)}–${buffered.end(index)}`);
    return JSON.stringify({ currentTime, duration, paused, readyState, playbackRate, ranges, error: error?.message });
  });
}
