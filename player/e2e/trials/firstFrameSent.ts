import type { Page } from 'playwright-core';

declare global {
  interface Window {
    firstFrameSentAtMs?: number;
  }
}

/** Runs in the page before its scripts: notes when the first video frame leaves it over WebRTC. */
export function installFirstFrameWatch(): void {
  const links: RTCPeerConnection[] = [];
  const Native = RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      links.push(this);
    }
  };
  const look = async () => {
    for (const link of links) {
      for (const stat of (await link.getStats()).values()) {
        if (stat.type !== 'outbound-rtp' || stat.kind !== 'video' || stat.framesSent === 0) continue;
        window.firstFrameSentAtMs = Date.now();
        return;
      }
    }
    setTimeout(() => void look(), 20);
  };
  void look();
}

/** Milliseconds of the machine's clock; undefined until then. */
export function firstFrameSentAtMs(page: Page): Promise<number | undefined> {
  return page.evaluate(() => window.firstFrameSentAtMs);
}
