import { describe, expect, it } from 'vitest';
import { figuresOf, noFigures } from './programFigures.ts';

describe('the figures of a WebRTC video', () => {
  it('are those of the largest layer, with the bytes of all layers', () => {
    const layer = (frameWidth: number, bytesSent: number) => ({ type: 'outbound-rtp', kind: 'video', timestamp: 3000, frameWidth, frameHeight: (frameWidth * 9) / 16, framesPerSecond: 30, bytesSent });
    const audio = { type: 'outbound-rtp', kind: 'audio', timestamp: 3000, bytesSent: 90_000 };
    const { figures, count } = figuresOf([audio, layer(320, 10_000), layer(1280, 130_000)], { bytes: 15_000, atMs: 2000 });
    expect(figures).toEqual({ widthPx: 1280, heightPx: 720, frameRate: 30, bitrateBps: 1_000_000 });
    expect(count).toEqual({ bytes: 140_000, atMs: 3000 });
  });

  it('have no bitrate at first, and after another track has replaced the one before', () => {
    const received = { type: 'inbound-rtp', kind: 'video', timestamp: 3000, frameWidth: 640, frameHeight: 360, bytesReceived: 5000 };
    expect(figuresOf([received]).figures).toEqual({ widthPx: 640, heightPx: 360, frameRate: null, bitrateBps: null });
    expect(figuresOf([received], { bytes: 9000, atMs: 2000 }).figures.bitrateBps).toBeNull();
  });

  it('are unknown without a video', () => {
    expect(figuresOf([]).figures).toEqual(noFigures);
  });
});
