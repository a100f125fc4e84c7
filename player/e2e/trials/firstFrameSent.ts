import type { Page } from 'playwright-core';

declare global {
  interface Window {
    firstFrameSentAtMs?: number;
  }
}

/** Runs in the page before its scripts: records when the page sends its first video frame over WebRTC. */
export function installFirstFrameWatch(): void {
  const connections: RTCPeerConnection[] = [];
  const Native = RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };
  const look = async () => {
    for (const connection of connections) {
      for (const stat of (await connection.getStats()).values()) {
        if (stat.type !== 'outbound-rtp' || stat.kind !== 'video' || stat.framesSent === 0) continue;
        window.firstFrameSentAtMs = Date.now();
        return;
      }
    }
    setTimeout(() => void look(), 20);
  };
  void look();
}

/** In ms of the machine's clock; undefined until then. */
export function firstFrameSentAtMs(page: Page): Promise<number | undefined> {
  return page.evaluate(() => window.firstFrameSentAtMs);
}
