import type { Page } from 'playwright-core';

interface Watched {
  pictures: number[];
  sounds: number[];
}

declare global {
  interface Window {
    frameWatch: Watched;
  }
}

/**
 * Runs in the page before its scripts: notes when the first picture shows a frame, and when more sound has arrived over
 * any WebRTC connection of the page. Times are of the machine's clock, in ms.
 */
export function installFrameWatch(): void {
  const watched: Watched = { pictures: [], sounds: [] };
  const links = new Set<RTCPeerConnection>();
  const Native = RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      links.add(this);
    }
  };
  window.frameWatch = watched;

  let video: HTMLVideoElement | null = null;
  const follow = (element: HTMLVideoElement) => {
    element.requestVideoFrameCallback(() => {
      if (element !== video) return;
      watched.pictures.push(Date.now());
      follow(element);
    });
  };
  let soundPackets = 0;
  const countSound = async () => {
    let packets = 0;
    for (const link of links) {
      if (link.connectionState === 'closed') links.delete(link);
      else for (const stat of (await link.getStats()).values()) if (stat.type === 'inbound-rtp' && stat.kind === 'audio') packets += stat.packetsReceived as number;
    }
    if (packets > soundPackets) watched.sounds.push(Date.now());
    soundPackets = packets;
    setTimeout(() => void countSound(), 50);
  };
  setInterval(() => {
    const first = document.querySelector('video');
    if (first === video) return;
    video = first;
    if (video) follow(video);
  }, 20);
  void countSound();
}

export function watchedIn(page: Page, sinceMs = 0): Promise<Watched> {
  return page.evaluate((fromMs) => {
    const { pictures, sounds } = window.frameWatch;
    return { pictures: pictures.filter((at) => at > fromMs), sounds: sounds.filter((at) => at > fromMs) };
  }, sinceMs);
}

/** The longest time without any, among those from `fromMs` to `toMs`, and when it was over. */
export function longestPause(times: readonly number[], fromMs: number, toMs: number): { pauseMs: number; overAtMs: number } {
  const within = [...times.filter((time) => time >= fromMs && time <= toMs), toMs];
  let longest = { pauseMs: 0, overAtMs: fromMs };
  within.reduce((before, time) => {
    if (time - before > longest.pauseMs) longest = { pauseMs: time - before, overAtMs: time };
    return time;
  }, fromMs);
  return longest;
}
