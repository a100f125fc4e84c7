import { describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import { obsAudio, testAudio } from '../testing/index.ts';
import type { FakeRtpIngress } from '../testing/index.ts';
import { useTestIngest } from '../testing/useTestIngest.ts';

/** Audio does not wait for the next frame of the video. */
const unpaired = ['-max_interleave_delta', '100000'];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '250', '-pix_fmt', 'yuv420p', '-fps_mode', 'passthrough'];

/** The timestamps of keyframes: a STAP-A with parameter sets begins each. */
const keyframeTicks = ({ packets }: FakeRtpIngress) => packets.filter(({ payload }) => ((payload[0] ?? 0) & 31) === 24 && ((payload[3] ?? 0) & 31) === 7).map(({ timestamp }) => timestamp);

describe('An encoder that sends a frame only when something changes', () => {
  const bench = useTestIngest();

  it.each([
    ['sends three frames and then none', ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=1:duration=3']],
    ['sends a frame every two seconds', ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=1/2:duration=40']],
  ])('shows its last frame to a student who joins later, when it %s', async (_, video) => {
    const { lecture, url } = await bench.station.openCourse();
    bench.push(url, [...video, ...testAudio, '-t', '40', ...x264, ...obsAudio, ...unpaired]);
    const ingress = await until('the room', () => lecture.ingress('video'));
    await until('rare keyframes to be noticed', () => lecture.health?.isReencoded);
    await until('a re-encoded frame', () => keyframeTicks(ingress).length > 1);
    for (let students = 1; students <= 2; students += 1) {
      const before = keyframeTicks(ingress);
      // The SFU repeats its request as long as no keyframe arrives.
      await until('a keyframe for the student', () => {
        if (keyframeTicks(ingress).length > before.length) return true;
        ingress.requestKeyframe();
        return false;
      });
      const [last = 0, next = 0] = keyframeTicks(ingress).slice(before.length - 1);
      expect((next - last) | 0).toBeGreaterThan(0);
    }
    expect(ingress.packets.every(({ sequence }, i) => i === 0 || sequence === (((ingress.packets[i - 1]?.sequence ?? 0) + 1) & 0xffff))).toBe(true);
    expect(lecture.attachments[0]?.video.gaps).toBe(0);
  });
});
