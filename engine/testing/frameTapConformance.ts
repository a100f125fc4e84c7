import { describe, expect, it } from 'vitest';
import type { EncodedFrame, FrameSink, FrameTap, FrameTapHandle, VideoFormat } from '../media/index.ts';

/** A tap, and the track behind it. */
export interface FrameTapDriver {
  tap: FrameTap;
  format(format: VideoFormat): void;
  frame(frame: EncodedFrame): void;
  /** The track ends. */
  ended(): void;
}

const format: VideoFormat = { kind: 'video', codec: 'h264', codecString: 'avc1.42c01f', decoderConfig: Uint8Array.of(1), widthPx: 16, heightPx: 16 };
const frame = (number: number, isKeyframe = false): EncodedFrame => ({ decodeTimeUs: number, presentationTimeUs: number, isKeyframe, data: Uint8Array.of(number) });

/** What the recorder relies on in the frames of a track. */
export function frameTapConformance(name: string, open: () => FrameTapDriver): void {
  async function opened(driver: FrameTapDriver): Promise<{ calls: unknown[]; handle: FrameTapHandle }> {
    const calls: unknown[] = [];
    const sink: FrameSink = { format: ({ codecString }) => calls.push(codecString), frame: ({ decodeTimeUs }) => calls.push(decodeTimeUs), ended: () => calls.push('ended') };
    return { calls, handle: await driver.tap.open(sink) };
  }

  describe(`${name} as a frame tap`, () => {
    it('delivers the format and then frames, to each sink, also when the format is older', async () => {
      const driver = open();
      const early = await opened(driver);
      driver.format(format);
      const late = await opened(driver);
      driver.frame(frame(1, true));
      driver.frame(frame(2));
      for (const { calls } of [early, late]) expect(calls).toEqual(['avc1.42c01f', 1, 2]);
    });

    it('begins with a keyframe', async () => {
      const driver = open();
      driver.format(format);
      const { calls } = await opened(driver);
      driver.frame(frame(1));
      driver.frame(frame(2, true));
      driver.frame(frame(3));
      expect(calls).toEqual(['avc1.42c01f', 2, 3]);
    });

    it('ends once when it is asked to, and then delivers nothing', async () => {
      const driver = open();
      const { calls, handle } = await opened(driver);
      driver.frame(frame(1, true));
      handle.end();
      handle.end();
      driver.frame(frame(2, true));
      driver.format(format);
      driver.ended();
      handle.close();
      expect(calls).toEqual([1, 'ended']);
    });

    it('ends once with its track, and then delivers nothing', async () => {
      const driver = open();
      const { calls, handle } = await opened(driver);
      driver.frame(frame(1, true));
      driver.ended();
      driver.ended();
      driver.frame(frame(2, true));
      handle.end();
      expect(calls).toEqual([1, 'ended']);
    });

    it('delivers nothing after it was closed, while other sinks continue', async () => {
      const driver = open();
      const [closed, other] = [await opened(driver), await opened(driver)];
      driver.frame(frame(1, true));
      closed.handle.close();
      driver.frame(frame(2));
      driver.ended();
      closed.handle.end();
      expect([closed.calls, other.calls]).toEqual([[1], [1, 2, 'ended']]);
    });
  });
}
