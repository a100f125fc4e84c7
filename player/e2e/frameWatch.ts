import type { Page } from 'playwright-core';

/** Times of the machine's clock, in ms. */
export interface SeenMedia {
  /** When the first video of the page showed a frame. */
  frames: number[];
  /** When further audio packets had arrived, to the interval of `watchFrames`. */
  audio: number[];
}

declare global {
  interface Window {
    frameWatch: SeenMedia;
  }
}

/** Video moves when it has shown so many frames in so long. */
const moving = { frames: 5, withinMs: 2000 };

interface WatchOptions {
  /** How often audio packets are counted; never when left out, as that takes time of the page. */
  audioEveryMs?: number;
}

/** From its next load on, the page records when its first video shows a frame, and when audio arrives over WebRTC. */
export async function watchFrames(page: Page, options: WatchOptions = {}): Promise<void> {
  await page.addInitScript(installFrameWatch, options);
}

/** Runs in the page before its scripts. */
function installFrameWatch({ audioEveryMs }: WatchOptions): void {
  const seen: SeenMedia = { frames: [], audio: [] };
  window.frameWatch = seen;

  let video: HTMLVideoElement | null = null;
  const follow = (element: HTMLVideoElement) => {
    element.requestVideoFrameCallback(() => {
      if (element !== video) return;
      seen.frames.push(Date.now());
      follow(element);
    });
  };
  new MutationObserver(() => {
    const first = document.querySelector('video');
    if (first === video) return;
    video = first;
    if (video) follow(video);
  }).observe(document, { childList: true, subtree: true });

  if (audioEveryMs === undefined) return;
  const connections = new Set<RTCPeerConnection>();
  const Native = RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.add(this);
    }
  };
  let audioPackets = 0;
  const countAudio = async () => {
    let packets = 0;
    for (const connection of connections) {
      if (connection.connectionState === 'closed') connections.delete(connection);
      else for (const stat of (await connection.getStats()).values()) if (stat.type === 'inbound-rtp' && stat.kind === 'audio') packets += stat.packetsReceived as number;
    }
    if (packets > audioPackets) seen.audio.push(Date.now());
    audioPackets = packets;
    setTimeout(() => void countAudio(), audioEveryMs);
  };
  void countAudio();
}

export function seenIn(page: Page, sinceMs = 0): Promise<SeenMedia> {
  return page.evaluate((fromMs) => {
    const { frames, audio } = window.frameWatch;
    return { frames: frames.filter((at) => at > fromMs), audio: audio.filter((at) => at > fromMs) };
  }, sinceMs);
}

/** Whether video with frames at these times moves now. */
export function isMoving(frames: readonly number[]): boolean {
  const sinceMs = Date.now() - moving.withinMs;
  return frames.filter((at) => at > sinceMs).length >= moving.frames;
}

/** Whether the video of a page moves now. */
export async function isShowingVideo(page: Page): Promise<boolean> {
  return isMoving((await seenIn(page)).frames);
}

/** The longest time without any between `fromMs` and `toMs`, and when it was over. */
export function longestPause(times: readonly number[], fromMs: number, toMs: number): { pauseMs: number; overAtMs: number } {
  const within = [...times.filter((time) => time >= fromMs && time <= toMs), toMs];
  let longest = { pauseMs: 0, overAtMs: fromMs };
  within.reduce((before, time) => {
    if (time - before > longest.pauseMs) longest = { pauseMs: time - before, overAtMs: time };
    return time;
  }, fromMs);
  return longest;
}
